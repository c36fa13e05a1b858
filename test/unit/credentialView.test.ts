import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { credentialPage, moreCards, moreRows, moreValues } from '../../server/src/app/credentialPage.ts';
import { type Reading, readCredentialBytes } from '../../server/src/app/inspect/reading.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { visibleText } from '../../server/src/core/text/visibleText.ts';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';

const CONFIGURATION = `[req]
prompt=no
distinguished_name=dn
[dn]
CN=Test Root
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
[narrow]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign
nameConstraints=permitted;DNS:example,excluded;DNS:bad.example,excluded;IP:10.0.0.0/255.0.0.0
[weak]
basicConstraints=critical,CA:TRUE
keyUsage=critical,digitalSignature
[leaf]
basicConstraints=CA:FALSE
subjectAltName=DNS:api.example
`;

describe('a file of credentials, laid out', function () {
  this.timeout(120_000);
  let folder: CredentialFolder;
  const openssl = (line: string, ...more: string[]): string =>
    folder.run('openssl', [...line.split(' '), ...more]);
  const bytes = (...names: string[]): Uint8Array =>
    Buffer.concat(names.map((name) => readFileSync(folder.at(name))));
  const read = (content: Uint8Array, name = 'x.pem', options = {}): Reading =>
    readCredentialBytes(name, content, { now: new Date(), ...options });
  const page = (reading: Reading, now = new Date()) =>
    credentialPage({ kind: 'read', ...reading }, [], { now, tried: false }, new AbortController().signal);

  const certify = (name: string, by: string, section: string, days = 30): void => {
    openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
    openssl(`req -new -key ${name}.key -config x.cnf -subj /O=Acme/CN=${name} -out ${name}.csr`);
    openssl(
      `x509 -req -in ${name}.csr -CA ${by}.pem -CAkey ${by}.key -extfile x.cnf -extensions ${section} -days ${days} -out ${name}.pem`,
    );
  };

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    folder = credentialFolder();
    folder.write('x.cnf', CONFIGURATION);
    openssl('genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out root.key');
    openssl('req -new -x509 -key root.key -config x.cnf -extensions ca -days 3650 -out root.pem');
    certify('narrow', 'root', 'narrow');
    certify('weak', 'root', 'weak');
    certify('deep', 'narrow', 'ca');
    certify('good', 'narrow', 'leaf');
    certify('unsigned', 'weak', 'leaf');
    certify('deeper', 'deep', 'leaf');
  });
  after(() => folder?.remove());

  /** OpenSSL's word on the same chain. */
  const verdict = (leaf: string, ...between: string[]): boolean => {
    folder.write('between.pem', bytes(...between));
    try {
      openssl('verify -no-CAfile -no-CApath -trusted root.pem -untrusted between.pem', `${leaf}.pem`);
      return true;
    } catch {
      return false;
    }
  };

  it('says of chains what OpenSSL says, and where one does not hold', async () => {
    const cases: readonly (readonly [string, readonly string[], string | null])[] = [
      ['good', ['narrow.pem'], null],
      ['unsigned', ['weak.pem'], 'weak'],
      ['deeper', ['deep.pem', 'narrow.pem'], 'deep'],
    ];
    for (const [leaf, between, wrong] of cases) {
      const { paths } = await page(read(bytes(`${leaf}.pem`, ...between, 'root.pem')));
      const faults = paths[0]?.links.filter(({ problem }) => problem !== null).map(({ name }) => name);
      assert.equal(verdict(leaf, ...between), wrong === null, `${leaf}: OpenSSL`);
      assert.deepEqual(faults, wrong === null ? [] : [wrong], leaf);
      assert.equal(paths[0]?.tone === 'bad', wrong !== null, leaf);
    }
  });

  it('says that a certificate in a chain has expired by the clock that is given', async () => {
    const now = new Date(Date.now() + 40 * 86_400_000);
    const { paths, cards } = await page(
      read(bytes('good.pem', 'narrow.pem', 'root.pem'), 'x.pem', { now }),
      now,
    );
    assert.deepEqual(
      paths[0]?.links.map(({ problem }) => problem?.slice(0, 13) ?? null),
      [null, 'It held until', 'It held until'],
    );
    assert.deepEqual(cards[0]?.status, { text: 'Expired 10 days ago', tone: 'bad' });
    assert.equal(cards[0]?.validity?.elapsed, 1);
  });

  it('takes bounded time for many authorities of one name', async () => {
    const names = Array.from({ length: 70 }, (_, at) => `same${at}`);
    for (const name of names) {
      openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
      openssl(
        `req -new -x509 -key ${name}.key -config x.cnf -extensions ca -days 30 -subj /O=Acme/CN=narrow -out ${name}.pem`,
      );
    }
    const reading = read(bytes('good.pem', ...names.map((name) => `${name}.pem`)));
    const started = performance.now();
    const { paths } = await page(reading);
    assert.ok(performance.now() - started < 2000);
    assert.equal(paths[0]?.tone, 'bad');
  });

  it('shows to which names an authority is held', async () => {
    const { cards } = await page(read(bytes('narrow.pem')));
    const section = cards[0]?.sections?.find(({ heading }) => heading === 'Names that it may vouch for');
    assert.deepEqual(
      section?.rows.map(({ label, values }) => [label, values.map(({ text }) => text)]),
      [
        ['Only: DNS names', ['example']],
        ['Never: DNS names', ['bad.example']],
        ['Never: IP addresses', ['10.0.0.0/255.0.0.0']],
      ],
    );
  });

  it('reads the timestamps of certificate transparency as OpenSSL does', async () => {
    const log = randomBytes(32);
    const at = Date.UTC(2026, 0, 31, 8, 15, 7, 123);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(at));
    const signature = Buffer.concat([Buffer.from('040300080102030405060708', 'hex')]);
    const sct = Buffer.concat([Buffer.of(0), log, time, Buffer.of(0, 0), signature]);
    const sized = (octets: Buffer): Buffer =>
      Buffer.concat([Buffer.of(octets.length >> 8, octets.length & 255), octets]);
    const list = sized(sized(sct));
    folder.write(
      'sct.cnf',
      `${CONFIGURATION}\n[sct]\n1.3.6.1.4.1.11129.2.4.2=DER:${Buffer.concat([Buffer.of(4, list.length), list]).toString('hex')}\n`,
    );
    openssl('req -new -x509 -key root.key -config sct.cnf -extensions sct -days 30 -out sct.pem');
    const [item] = read(bytes('sct.pem')).items;
    assert.deepEqual(item?.timestamps, [{ logId: log.toString('hex'), at: new Date(at).toISOString() }]);
    const text = openssl('x509 -in sct.pem -noout -text');
    assert.match(text.replace(/[\s:]/g, '').toLowerCase(), new RegExp(log.toString('hex')));
    assert.match(text, /Jan 31 08:15:07\.123 2026 GMT/);
  });

  it('opens Java key stores with a passphrase, and tells which certificate has their key', async function () {
    needs(this, 'keytool', hasProgram('keytool', '-help'));
    const word = randomBytes(9).toString('hex');
    folder.run('keytool', [
      ...'-genkeypair -alias gate -keyalg EC -storetype JKS -dname CN=gate -keystore gate.jks'.split(' '),
      ...['-storepass', word, '-keypass', word],
    ]);
    const locked = await page(read(bytes('gate.jks'), 'gate.jks'));
    assert.equal(locked.summary, '1 private key, 1 certificate');
    assert.notEqual(locked.locked, null);
    const opened = await page(read(bytes('gate.jks'), 'gate.jks', { password: new Secret(word) }));
    assert.equal(opened.locked, null);
    assert.equal(
      opened.cards[0]?.sections?.[0]?.rows.find(({ label }) => label === 'The same key here')?.values[0]
        ?.card,
      1,
    );
  });

  it('opens PKCS#8 with a passphrase, and has no private part of it', async () => {
    const word = randomBytes(9).toString('hex');
    openssl(`pkcs8 -topk8 -in good.key -out good.p8 -passout pass:${word}`);
    const locked = read(bytes('good.p8'));
    assert.match((await page(locked)).locked?.what ?? '', /^A private key in this file is locked/);
    const reading = read(bytes('good.p8'), 'x.pem', { password: new Secret(word) });
    const opened = await page(reading);
    assert.equal(opened.locked, null);
    assert.equal(opened.cards[0]?.name, 'ECDSA-P256');
    const { d = '' } = createPrivateKey(readFileSync(folder.at('good.key'))).export({ format: 'jwk' });
    const told = JSON.stringify([opened, reading]);
    for (const encoding of ['base64url', 'base64', 'hex'] as const)
      assert.ok(!told.includes(Buffer.from(d, 'base64url').toString(encoding)), encoding);
  });

  it('shows a public key of JWK and its certificate', async () => {
    openssl('x509 -in good.pem -outform der -out good.der');
    const jwk = createPublicKey(readFileSync(folder.at('good.pem'))).export({ format: 'jwk' });
    const text = JSON.stringify({
      ...jwk,
      kid: 'first',
      x5c: [readFileSync(folder.at('good.der')).toString('base64')],
    });
    const { summary, cards } = await page(read(Buffer.from(text), 'x.jwk'));
    assert.equal(summary, '1 public key, 1 certificate');
    assert.equal(cards[0]?.name, 'first');
  });

  it('shows a bundle of all public roots in pages, closed, and fast', async () => {
    const reading = read(Buffer.from(rootCertificates.join('\n')));
    const started = performance.now();
    const first = await page(reading);
    assert.ok(performance.now() - started < 500);
    assert.deepEqual(first.paths, []);
    assert.equal(first.cardCount, rootCertificates.length);
    assert.equal(first.cards.length, 50);
    assert.equal(first.cards.filter(({ sections }) => sections !== null).length, 5);
    assert.equal(moreCards(reading, [], 50, new Date())[0]?.card, 50);
    assert.ok(JSON.stringify(first).length < 200_000);
  });

  it('cuts what is huge, pages what is many, and writes out what cannot be seen', async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `DNS:h${at}.example`).join(',');
    folder.write(
      'many.cnf',
      `[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nCN=many\n[many]\nsubjectAltName=${names}\nnsComment=${'x'.repeat(20)}\n`,
    );
    openssl('req -new -x509 -key root.key -config many.cnf -extensions many -days 30 -out many.pem');
    const reading = read(bytes('many.pem'));
    const { cards } = await page(reading);
    const section = cards[0]?.sections?.findIndex(({ heading }) => heading === 'Alternative names') ?? -1;
    const row = cards[0]?.sections?.[section]?.rows[0];
    assert.deepEqual([row?.values.length, row?.total], [50, 2000]);
    const last = moreValues(reading, { card: 0, section, row: 0, from: 1990 }, new Date());
    assert.deepEqual(
      last.map(({ text }) => text),
      Array.from({ length: 10 }, (_, at) => `h${1990 + at}.example`),
    );
    assert.deepEqual(moreValues(reading, { card: 9, section, row: 0, from: 0 }, new Date()), []);
    assert.deepEqual(moreRows(reading, { card: 0, section, from: 0, filter: '' }, new Date()), {
      rows: [],
      total: 0,
    });

    const comment = `start ${'x'.repeat(20_000)}`;
    const key = `ssh-ed25519 ${sshBlob(randomBytes(32)).toString('base64')} ${comment}\n`;
    const shown = (await page(read(Buffer.from(key), 'id.pub'))).cards[0];
    const value = shown?.sections?.[0]?.rows.find(({ label }) => label === 'Comment')?.values[0];
    assert.deepEqual([value?.text.length, value?.left], [8192, comment.length - 8192]);
    assert.equal(visibleText('a\u202eb\u0007\u200bc'), 'a\\u{202e}b\\u{7}\\u{200b}c');
  });
});

function sshBlob(point: Buffer): Buffer {
  const text = (octets: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(octets.length);
    return Buffer.concat([length, octets]);
  };
  return Buffer.concat([text(Buffer.from('ssh-ed25519')), text(point)]);
}
