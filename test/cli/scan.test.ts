import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly file: string;
  readonly range: { readonly start: { line: number; column: number }; readonly end: { line: number } };
}

interface Report {
  readonly files: number;
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly findings: readonly Finding[];
}

const KEY = 'secret/private-key';
const LOCKED = 'secret/encrypted-private-key';

/** Random letters and digits, as tokens are made. */
function random(
  length: number,
  signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
): string {
  return Array.from({ length }, () => signs[randomInt(signs.length)]).join('');
}

/** GitHub's and npm's: 30 at random and their CRC-32. */
function checked(prefix: string): string {
  const body = random(30);
  const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let sum = 0xffffffff;
  for (const octet of Buffer.from(body)) {
    sum ^= octet;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  let rest = (sum ^ 0xffffffff) >>> 0;
  let end = '';
  for (let place = 0; place < 6; place += 1) {
    end = (SIGNS[rest % 62] ?? '') + end;
    rest = Math.floor(rest / 62);
  }
  return prefix + body + end;
}

describe('idac scan', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), content);
  };
  const scan = async (...args: readonly string[]): Promise<Report & { code: number }> => {
    const { code, data } = await box.json(['scan', ...args, '--format', 'json']);
    return { code, ...(data as unknown as Report) };
  };
  /** File, first line and rule of each; that some of them are one and the same is said besides. */
  const places = ({ findings }: Report): readonly string[] =>
    findings
      .filter(({ rule }) => rule.startsWith('secret/'))
      .map(({ file, range, rule }) => `${file}:${range.start.line} ${rule}`)
      .sort();

  const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = (): string => rsa().export({ type: 'pkcs1', format: 'pem' }).toString();

  it('finds a private key in whatever it is wrapped, at its line', async () => {
    const key = pem();
    const lines = key.trimEnd().split('\n');
    write('plain.pem', `# of the web server\n${key}`);
    write('crlf.pem', key.replaceAll('\n', '\r\n'));
    write('indented.yaml', `tls:\n  key: |\n${lines.map((line) => `    ${line}`).join('\n')}\n`);
    write('comment.py', `import os\n${lines.map((line) => `# ${line}`).join('\n')}\n`);
    write('change.diff', `@@ -0,0 +1 @@\n${lines.map((line) => `+${line}`).join('\n')}\n`);
    write('source.go', `package x\n\nvar key = ${lines.map((line) => `"${line}\\n"`).join(' +\n\t')}\n`);
    write('list.json', JSON.stringify({ key: lines }, null, 2));
    write('account.json', JSON.stringify({ type: 'service_account', private_key: key }, null, 2));
    write('state.tfstate', JSON.stringify({ a: JSON.stringify({ private_key_pem: key }) }));
    write('.env', `A=1\nKEY="${key.replaceAll('\n', '\\n')}"\n`);
    write('secret.yaml', `kind: Secret\ndata:\n  tls.key: ${Buffer.from(key).toString('base64')}\n`);
    const folded =
      Buffer.from(key)
        .toString('base64')
        .match(/.{1,76}/g) ?? [];
    write('folded.yaml', `write_files:\n  - content: |\n      ${folded.join('\n      ')}\n`);
    const report = await scan();
    assert.equal(report.code, 1);
    assert.deepEqual(
      places(report),
      [
        ['.env', 2],
        ['account.json', 3],
        ['change.diff', 2],
        ['comment.py', 2],
        ['crlf.pem', 1],
        ['folded.yaml', 3],
        ['indented.yaml', 3],
        ['list.json', 3],
        ['plain.pem', 2],
        ['secret.yaml', 3],
        ['source.go', 3],
        ['state.tfstate', 1],
      ].map(([file, line]) => `${file}:${line} ${KEY}`),
    );
    for (const { message, rule } of report.findings)
      if (rule === KEY) assert.match(message, /^an RSA-2048 private key \(PKCS#1\)/);
    const plain = report.findings.find(({ file }) => file === 'plain.pem');
    assert.equal(plain?.range.end.line, lines.length + 1);
  });

  it('finds keys of every format, and says which are encrypted', async () => {
    write('sec1.pem', ec().export({ type: 'sec1', format: 'pem' }).toString());
    write('pkcs8.pem', ec().export({ type: 'pkcs8', format: 'pem' }).toString());
    write('pkcs8.der', ec().export({ type: 'pkcs8', format: 'der' }));
    write(
      'sealed.pem',
      ec().export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x1y2' }).toString(),
    );
    write(
      'old.pem',
      rsa().export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x1y2' }).toString(),
    );
    write(
      'ed.pem',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    write('set.json', JSON.stringify({ keys: [ec().export({ format: 'jwk' })] }, null, 2));
    write(
      'wg0.conf',
      `[Interface]\nAddress = 10.0.0.1/32\nPrivateKey = ${randomBytes(32).toString('base64')}\n`,
    );
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(box.folder, 'id_open')]);
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      'x1y2z3',
      '-f',
      path.join(box.folder, 'id_sealed'),
    ]);
    write('key.pem', ec().export({ type: 'pkcs8', format: 'pem' }).toString());
    const openssl = (...args: readonly string[]) =>
      execFileSync('openssl', args, { cwd: box.folder, stdio: 'pipe' });
    openssl('req', '-x509', '-key', 'key.pem', '-subj', '/CN=x', '-out', 'cert.pem');
    openssl(
      'pkcs12',
      '-export',
      '-inkey',
      'key.pem',
      '-in',
      'cert.pem',
      '-passout',
      'pass:x1y2',
      '-out',
      'store.p12',
    );
    assert.deepEqual(places(await scan()), [
      `ed.pem:1 ${KEY}`,
      `id_open:1 ${KEY}`,
      `id_sealed:1 ${LOCKED}`,
      `key.pem:1 ${KEY}`,
      `old.pem:1 ${LOCKED}`,
      `pkcs8.der:1 ${KEY}`,
      `pkcs8.pem:1 ${KEY}`,
      `sealed.pem:1 ${LOCKED}`,
      `sec1.pem:1 ${KEY}`,
      `set.json:3 ${KEY}`,
      `store.p12:1 ${LOCKED}`,
      `wg0.conf:3 ${KEY}`,
    ]);
  });

  it('knows an OpenPGP key with and without a passphrase', async () => {
    // RFC 9580, 5.5.3: version 4, time, algorithm 22 with its curve, point and, after the octet that says how it is kept, the rest.
    const curve = Buffer.from('092b06010401da470f01', 'hex');
    const integer = (bytes: Buffer) => Buffer.concat([Buffer.from([1, 7]), bytes]);
    const packet = (usage: number): string => {
      const body = Buffer.concat([
        Buffer.from([4, 0x60, 0, 0, 0, 22]),
        curve,
        integer(Buffer.concat([Buffer.from([0x40]), randomBytes(32)])),
        Buffer.from([usage]),
        randomBytes(40),
      ]);
      const armored = Buffer.concat([Buffer.from([0xc5, body.length]), body]).toString('base64');
      const [begin, end] = ['BEGIN', 'END'].map((word) => `-----${word} PGP PRIVATE KEY BLOCK-----`);
      return `${begin}\nComment: made by a test\n\n${(armored.match(/.{1,64}/g) ?? []).join('\n')}\n=aBc1\n${end}\n`;
    };
    write('open.asc', packet(0));
    write('sealed.asc', packet(254));
    assert.deepEqual(places(await scan()), [`open.asc:1 ${KEY}`, `sealed.asc:1 ${LOCKED}`]);
  });

  it('knows tokens by their form, and by their checksum where they have one', async () => {
    const github = checked(['ghp', ''].join('_'));
    const damaged = `${github.slice(0, -1)}${github.endsWith('a') ? 'b' : 'a'}`;
    write('a.sh', `export GITHUB_TOKEN=${github}\n`);
    write('b.sh', `export GITHUB_TOKEN=${damaged}\n`);
    write('.npmrc', `//registry.npmjs.org/:_authToken=${checked(['npm', ''].join('_'))}\n`);
    write('vault.env', `VAULT_TOKEN=${['hvs', random(95)].join('.')}\n`);
    write('bao.env', `BAO_TOKEN=${['s', `A1b${random(21)}`].join('.')}\n`);
    write('code.js', 'const x = this.aVeryLongNameOfSomething24; s.anotherVeryLongNameOf1();\n');
    write(
      'aws.ini',
      `aws_access_key_id = ${['AK', 'IA'].join('')}${random(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}\n`,
    );
    assert.deepEqual(places(await scan()), [
      '.npmrc:1 secret/forge-token',
      'a.sh:1 secret/github-token',
      'aws.ini:1 secret/aws-access-key',
      'bao.env:1 secret/vault-token',
      'vault.env:1 secret/vault-token',
    ]);
  });

  it('leaves alone what is public, a reference, a placeholder or no key', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const label = ['RSA', 'PRIVATE', 'KEY'].join(' ');
    write('public.pem', publicKey.export({ type: 'spki', format: 'pem' }).toString());
    write('public.json', JSON.stringify(publicKey.export({ format: 'jwk' })));
    write('ellipsis.md', `-----BEGIN ${label}-----\nMIIEowIBAAKCAQEA...\n-----END ${label}-----\n`);
    write(
      'noise.txt',
      `-----BEGIN ${label}-----\n${randomBytes(600).toString('base64')}\n-----END ${label}-----\n`,
    );
    write('open.txt', `-----BEGIN ${label}-----\n`.repeat(500));
    write('wg.tmpl', `PrivateKey = ${'A'.repeat(43)}=\nPrivateKey = {{ key }}\n`);
    write('docs.ini', `aws_access_key_id = ${['AKIA', 'IOSFODNN7', 'EXAMPLE'].join('')}\n`);
    write('hash.txt', createHash('sha512').update('x').digest('hex').repeat(20));
    assert.deepEqual(await scan(), { ...(await scan()), code: 0, findings: [], files: 8 });
  });

  it('names what it does not look at, follows no link, and reads no pipe', async () => {
    write('below/key.pem', pem());
    if (process.platform !== 'win32') {
      symlinkSync('..', path.join(box.folder, 'below', 'up'));
      execFileSync('mkfifo', [path.join(box.folder, 'pipe')]);
    }
    const { skipped, findings } = await scan();
    assert.equal(findings.length, 1);
    if (process.platform !== 'win32')
      assert.deepEqual(skipped, [
        { path: 'below/up', why: 'it is a link' },
        { path: 'pipe', why: 'it is no regular file' },
      ]);
  });

  it('shows no part of a value, in no format', async () => {
    const key = pem();
    const token = ['hvs', random(95)].join('.');
    write('a/key.pem', key);
    write('a/vault.env', `VAULT_TOKEN=${token}\n`);
    const secrets = [
      token.slice(4, 20),
      ...key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-')),
    ];
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const { code, out, err } = await box.idac(['scan', 'a', '--format', format]);
      assert.equal(code, 1);
      assert.match(out, /secret\/vault-token/);
      for (const secret of secrets) assert.ok(!`${out}${err}`.includes(secret), format);
    }
  });

  it('shows ten of one rule in one file to a person, and counts the others', async () => {
    write('vectors.json', JSON.stringify(Array.from({ length: 12 }, pem)));
    write('one.pem', pem());
    const { out } = await box.idac(['scan']);
    assert.equal(out.match(/an RSA-2048 private key/g)?.length, 11);
    assert.match(out, /and 2 more of secret\/private-key/);
    assert.match(out, /13 errors in 2 files/);
    assert.equal((await scan()).findings.length, 13);
  });

  it('takes files and folders below where it is, and says of any other that it is not there', async () => {
    write('a/key.pem', pem());
    write('b/key.pem', pem());
    assert.deepEqual(places(await scan('b')), [`b/key.pem:1 ${KEY}`]);
    assert.deepEqual(places(await scan('a/key.pem', 'a')), [`a/key.pem:1 ${KEY}`]);
    assert.deepEqual(places(await scan('-C', 'a')), [`key.pem:1 ${KEY}`]);
    for (const wrong of ['c', '..']) assert.equal((await box.idac(['scan', wrong])).code, 2);
    assert.ok(readFileSync(path.join(box.folder, 'a/key.pem'), 'utf8').includes('BEGIN'));
  });

  it('is not kept busy by files made for it, and says what it did not look at for that', async () => {
    const begin = `-----BEGIN ${['RSA', 'PRIVATE', 'KEY'].join(' ')}-----\n`;
    write('begins.txt', begin.repeat(200_000));
    write('words.js', `${['AK', 'IA'].join('')}abcdefghijkl `.repeat(400_000));
    write('braces.json', `${'{"kty":'.repeat(100_000)}`);
    write('key.pem', pem());
    const { findings, skipped } = await scan();
    assert.deepEqual(
      findings.map(({ file }) => file),
      ['key.pem'],
    );
    assert.deepEqual(
      skipped.map(({ path: file }) => file),
      ['begins.txt', 'braces.json', 'words.js'],
    );
    for (const { why } of skipped) assert.match(why, /more than \d+ times without what belongs to it/);
  });

  it('finds nothing in what this repository has, tests and samples too', async () => {
    const listed = execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' });
    const files = listed.split('\0').filter((file) => file !== '');
    const { data } = await box.json(['scan', '-C', REPOSITORY, '--no-cache', ...files]);
    assert.equal((data as unknown as Report).files, files.length);
    assert.deepEqual((data as unknown as Report).findings, []);
  });

  it('says what was looked at where nothing was found', async () => {
    write('a.txt', 'nothing\n');
    const { code, out } = await box.idac(['scan']);
    assert.equal(code, 0);
    assert.match(out, /no findings in 1 file, 1 kB/);
  });
});
