/** Weak keys as a shell finds them: certificates that OpenSSL made of keys with common primes, and many keys at once. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { PATIENCE, runIdac, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { nextPrime, pemOf, prime, rsaKey, rsaPrivateKey } from '../support/weakKeys.ts';

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string;
  readonly related: readonly { readonly file: string; readonly message: string }[];
}

describe('idac inspect, on keys that give each other away', function () {
  this.timeout(PATIENCE);
  let project: Sandbox;
  let files: CredentialFolder;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
  });
  beforeEach(() => {
    project = sandbox({ git: false });
    files = credentialFolder();
  });
  afterEach(() => {
    project?.remove();
    files?.remove();
  });

  const certificate = (name: string, p: bigint, q: bigint): void => {
    writeFileSync(files.at(`${name}.key`), rsaPrivateKey(p, q));
    files.run('openssl', ['rsa', '-in', `${name}.key`, '-check', '-noout']);
    files.run('openssl', [
      'req',
      '-x509',
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.pem`,
    ]);
  };
  const inspect = async (...operands: readonly string[]) => {
    const { code, data, out } = await project.json(['inspect', ...operands]);
    const items = data['items'] as readonly { readonly findings: readonly Found[] }[];
    return { code, out, findings: items.flatMap(({ findings }) => findings) };
  };

  it('two certificates of different files, each named at the other, and no factor told', async () => {
    const shared = prime(1024);
    const factors = [shared, prime(1024), prime(1024)] as const;
    certificate('printer', shared, factors[1]);
    certificate('camera', factors[2], shared);
    certificate('router', prime(1024), prime(1024));
    const names = ['printer', 'camera', 'router'].map((name) => files.at(`${name}.pem`));
    const { code, out, findings } = await inspect(...names);
    assert.equal(code, 1);
    assert.deepEqual(
      findings.map(({ rule, severity, file, related }) => ({
        rule,
        severity,
        file: path.basename(file),
        related: related.map((each) => `${path.basename(each.file)}: ${each.message}`),
      })),
      [
        {
          rule: 'key/shared-factor',
          severity: 'error',
          file: 'printer.pem',
          related: ['camera.pem: the key it shares a prime with for CN=camera'],
        },
        {
          rule: 'key/shared-factor',
          severity: 'error',
          file: 'camera.pem',
          related: ['printer.pem: the key it shares a prime with for CN=printer'],
        },
      ],
    );
    for (const factor of factors)
      for (const said of [
        factor.toString(10),
        factor.toString(16),
        Buffer.from(factor.toString(16), 'hex').toString('base64'),
      ])
        assert.ok(!out.includes(said.slice(0, 40)));
    const alone = await inspect(files.at('printer.pem'));
    assert.deepEqual(alone.findings, [], 'alone it cannot be told from a good one');
  });

  it('close primes in a certificate, its request and its key', async () => {
    const p = prime(1024);
    certificate('close', p, nextPrime(p + 2n ** 300n));
    files.run('openssl', ['req', '-new', '-key', 'close.key', '-subj', '/CN=close', '-out', 'close.csr']);
    for (const name of ['close.pem', 'close.csr', 'close.key']) {
      const { code, findings } = await inspect(files.at(name));
      assert.equal(code, 1);
      assert.ok(
        findings.some(({ rule }) => rule === 'key/factorable'),
        name,
      );
    }
    const text = await project.idac(['inspect', files.at('close.pem')]);
    assert.match(
      text.out.replaceAll(/\s+/g, ' '),
      /so close to each other .* anybody can compute the private key/,
    );
  });

  it('of several hundred keys in one file the two that share, in a thread of its own', async () => {
    const shared = prime(512);
    const keys = Array.from({ length: 300 }, (_, at) =>
      at === 7 || at === 250
        ? pemOf(rsaKey(shared * prime(1536)))
        : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
            type: 'spki',
            format: 'pem',
          }),
    );
    writeFileSync(files.at('keys.pem'), keys.join(''));
    const { findings } = await inspect(files.at('keys.pem'));
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['key/shared-factor', 'key/shared-factor'],
    );
  });

  it('reads what anybody sends', async () => {
    const { code, out } = await runIdac(['inspect', '-', '--format', 'json'], {
      input: pemOf(rsaKey((1n << 1_000_000n) + 1n)),
    });
    assert.equal(code, 0);
    assert.match(out, /key\/unchecked/);
  });
});
