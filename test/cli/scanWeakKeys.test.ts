/** Weak keys in a tree, in whatever they are written. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { pemOf, prime, rsaKey } from '../support/weakKeys.ts';

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
  readonly related: readonly { readonly file: string }[];
}

describe('idac scan, on weak keys', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const write = (file: string, content: string): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), content);
  };
  const jwk = (spki: Uint8Array) =>
    JSON.stringify(
      createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' }),
    );
  const scan = async () => {
    const { code, data, out } = await box.json(['scan']);
    return { code, out, findings: data['findings'] as readonly Found[] };
  };

  it('a prime that a key in PEM and a JSON Web Key have in common, each with the other beside it', async () => {
    const shared = prime(1024);
    write('printer/public.pem', pemOf(rsaKey(shared * prime(1024))));
    write(
      'keys/set.json',
      `{"keys":[${jwk(rsaKey(shared * prime(1024)))},${jwk(rsaKey(prime(1024) * prime(1024)))}]}`,
    );
    const { code, findings } = await scan();
    assert.equal(code, 1);
    assert.deepEqual(
      findings.map(({ rule, file, related }) => [rule, file, related.map((each) => each.file)]),
      [
        ['key/shared-factor', 'keys/set.json', ['printer/public.pem']],
        ['key/shared-factor', 'printer/public.pem', ['keys/set.json']],
      ],
    );
  });

  it('that is the key of an identity, with what to do there and then', async () => {
    assert.equal((await box.idac(['init'])).code, 0);
    const issued = await box.idac(['issue', 'Certificate/web', '--yes']);
    assert.equal(issued.code, 0, issued.err);
    const { publicKey } = new X509Certificate(readFileSync(path.join(box.folder, 'tls/web.pem')));
    const x = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    const hash = createHash('sha256')
      .update(x.subarray(x.findIndex((octet) => octet !== 0)))
      .digest();
    const list = path.join(box.stateHome, 'keys.dat');
    writeFileSync(list, Buffer.concat([hash.subarray(0, 15), Buffer.of(1)]));
    const { data } = await box.json(['scan', 'tls/web.pem', '--blocklist', list]);
    const [found] = (
      data['findings'] as readonly (Found & { readonly identity?: { readonly name: string } })[]
    ).filter(({ rule }) => rule === 'key/blocklisted');
    assert.equal(found?.file, 'tls/web.pem');
    assert.equal(found?.identity?.name, 'web');
    assert.match(
      found?.message ?? '',
      /in its list 1; it is the key of Certificate\/default\/web \(owner .*, in use\)$/,
    );
  });

  it('published ones with their private half are told once, and as what everybody has', async () => {
    // RFC 8037, A.1; in pieces, so that a scan of this file says nothing.
    const [x, d] = [
      '11qYAYKxCrfVS_7TyWQH Og7hcvPapiMlrwIaaPcHURo',
      'nWGxne_9WmC6hEr0kuws xERJxWl7MmkZcDusAxyuf2A',
    ].map((halves) => halves.replace(' ', ''));
    write('test/key.json', JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d, x }));
    const { data } = await box.json(['scan']);
    const found = data['findings'] as readonly (Found & { readonly severity: string })[];
    assert.deepEqual(
      found.map(({ rule, severity }) => [rule, severity]),
      [['key/published', 'warning']],
    );
    // Another key in the same line is nobody's but whoever made it.
    const own = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    write('test/key.json', JSON.stringify([{ kty: 'OKP', crv: 'Ed25519', d, x }, own]));
    const both = (await box.json(['scan'])).data['findings'] as readonly Found[];
    assert.deepEqual(both.map(({ rule }) => rule).sort(), ['key/published', 'secret/private-key']);
  });

  it('are said by idac check, too, unless it looks at manifests alone', async () => {
    const shared = prime(1024);
    for (const name of ['a', 'b']) write(`${name}.pem`, pemOf(rsaKey(shared * prime(1024))));
    const rules = async (...args: readonly string[]) => {
      const { data } = await box.json(['check', ...args]);
      return (data['findings'] as readonly Found[]).map(({ rule, file }) => `${rule} ${file}`);
    };
    assert.deepEqual(await rules(), ['key/shared-factor a.pem', 'key/shared-factor b.pem']);
    assert.deepEqual(await rules('--no-scan'), []);
  });

  it('short keys, and those of standards; nothing of sound ones, and no notes', async () => {
    write('short.pem', pemOf(rsaKey(prime(512) * prime(512))));
    write('three.pem', pemOf(rsaKey(prime(1024) * prime(1024), 3n)));
    write(
      'sound.pem',
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    );
    write(
      'jwks.json',
      // In two pieces, so that a scan of this file says nothing.
      `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"${'11qYAYKxCrfVS_7TyWQH'}${'Og7hcvPapiMlrwIaaPcHURo'}"}]}`,
    );
    const { findings } = await scan();
    assert.deepEqual(
      findings.map(({ rule, file }) => [rule, file]),
      [
        ['key/published', 'jwks.json'],
        ['key/weak', 'short.pem'],
      ],
    );
    const { out } = await box.idac(['scan', '--format', 'sarif']);
    assert.match(out, /"id": ?"key\/published"/);
  });
});
