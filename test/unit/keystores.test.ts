/** Key stores that we write, judged by OpenSSL and Java; those that others write, read by us; and hostile ones. */
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { keystoreHoldsKey, layOutKeystore, readKeystore } from '../../server/src/backends/keystore.ts';
import { buildJks } from '../../server/src/core/credential/build/jks.ts';
import { type KeystoreContent, keystoreContent } from '../../server/src/core/credential/build/keystore.ts';
import { buildPkcs12 } from '../../server/src/core/credential/build/pkcs12.ts';
import { decodeJks } from '../../server/src/core/credential/jks.ts';
import { sameOctets } from '../../server/src/core/credential/octets.ts';
import { decodePkcs12 } from '../../server/src/core/credential/pkcs12.ts';
import { roundBudget } from '../../server/src/core/credential/roundBudget.ts';
import type { DeliveryContent } from '../../server/src/core/lifecycle/deliveryContent.ts';
import { KEYSTORE_FORMATS, type KeystoreFormat } from '../../server/src/core/lifecycle/keystorePlace.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeDecryptor } from '../../server/src/platform/crypto/decryptor.ts';
import { nodeEncryptor } from '../../server/src/platform/crypto/encryptor.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { type CredentialFolder, credentialFolder, itemsOf, rulesOf } from '../support/credentialFiles.ts';
import { javaEntries, keytool, opensslPkcs12 } from '../support/keystores.ts';
import { hasProgram, needs } from '../support/needs.ts';

const TOOLS = {
  hasher: nodeHasher,
  random: nodeRandom,
  encryptor: nodeEncryptor,
  decryptor: nodeDecryptor,
  clock: { now: () => new Date('2026-11-22T00:00:00Z') },
};
const ALGORITHMS = {
  'RSA-3072': 'RSA -pkeyopt rsa_keygen_bits:3072',
  'ECDSA-P256': 'EC -pkeyopt ec_paramgen_curve:P-256',
  'ECDSA-P384': 'EC -pkeyopt ec_paramgen_curve:P-384',
  Ed25519: 'ED25519',
} as const;
type Algorithm = keyof typeof ALGORITHMS;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const encode = (text: string) => new TextEncoder().encode(text);

describe('key stores', function () {
  this.timeout(180_000);
  let folder: CredentialFolder;
  /** Made by every run. */
  const password = Buffer.from(nodeRandom.bytes(32)).toString('base64url');
  const passwordFile = () => folder.at('password');

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'keytool', hasProgram('keytool', '-help'));
    folder = credentialFolder();
    folder.write('password', `${password}\n`);
    folder.write('other', `${password.slice(1)}\n`);
    const openssl = (line: string) => folder.run('openssl', line.split(' '));
    openssl('req -x509 -newkey ed25519 -nodes -keyout root.key -out root.pem -subj /CN=Root -days 9');
    folder.write('ca.cnf', 'basicConstraints=critical,CA:TRUE\n');
    openssl('req -newkey ed25519 -nodes -keyout mid.key -out mid.csr -subj /CN=Middle');
    openssl('x509 -req -in mid.csr -CA root.pem -CAkey root.key -days 8 -extfile ca.cnf -out mid.pem');
    for (const [name, how] of Object.entries(ALGORITHMS)) {
      openssl(`genpkey -algorithm ${how} -out ${name}.key`);
      openssl(`req -new -key ${name}.key -subj /CN=${name} -out ${name}.csr`);
      openssl(`x509 -req -in ${name}.csr -CA mid.pem -CAkey mid.key -days 7 -out ${name}.pem`);
    }
  });
  after(() => folder?.remove());

  const pem = (name: string) => readFileSync(folder.at(`${name}.pem`), 'utf8');
  const der = (name: string) => new Uint8Array(new X509Certificate(pem(name)).raw);
  const keyPem = (name: string) => readFileSync(folder.at(`${name}.key`), 'utf8');
  const pkcs8 = (name: string) =>
    new Uint8Array(createPrivateKey(keyPem(name)).export({ format: 'der', type: 'pkcs8' }));
  const spkiSha256 = (name: string) =>
    sha256(new X509Certificate(pem(name)).publicKey.export({ format: 'der', type: 'spki' }));

  /** As a delivery makes it. */
  function packed(
    format: KeystoreFormat,
    name: Algorithm,
    contents: readonly DeliveryContent[],
  ): Secret<Uint8Array> {
    const parts: Partial<Record<DeliveryContent, string>> = {
      chain: `${pem(name)}${pem('mid')}`,
      certificate: pem(name),
      root: pem('root'),
      privateKey: keyPem(name),
    };
    return layOutKeystore(
      contents.map((what) => ({ what, pem: new Secret(parts[what] ?? '') })),
      { format, alias: 'Api-1', password: new Secret(password) },
      TOOLS,
    );
  }
  const stored = (content: Secret<Uint8Array>, name: string) => ({
    file: folder.write(name, content.reveal()),
    passwordFile: passwordFile(),
  });
  const read = (content: Secret<Uint8Array>, given = password) =>
    readKeystore(content, new Secret(given), nodeHasher);

  for (const name of Object.keys(ALGORITHMS) as readonly Algorithm[]) {
    it(`PKCS#12 with ${name}: OpenSSL takes key, chain and root out again`, () => {
      const content = packed('pkcs12', name, ['privateKey', 'root', 'chain']);
      const store = stored(content, `${name}.p12`);
      const { out, info } = opensslPkcs12(store);
      assert.match(info, /MAC: sha256, Iteration 10000/);
      assert.match(
        info,
        /PKCS7 Encrypted data: PBES2, PBKDF2, AES-256-CBC, Iteration 10000, PRF hmacWithSHA256/,
      );
      assert.match(info, /Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC/);
      const certificates = out.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
      const expected = [name, 'mid', 'root'].map((each) => sha256(der(each)));
      assert.deepEqual(
        certificates.map((each) => sha256(new X509Certificate(each).raw)),
        expected,
      );
      assert.ok(new X509Certificate(pem(name)).checkPrivateKey(createPrivateKey(out)));
      const ids = [...out.matchAll(/localKeyID: ([0-9A-F ]+)/g)].map(([, id]) => id?.replaceAll(' ', ''));
      const sha1 = createHash('sha1').update(der(name)).digest('hex').toUpperCase();
      assert.deepEqual(ids, [sha1, sha1], 'key and leaf are marked as belonging together');
      assert.match(out, /friendlyName: Api-1\n/);
      folder.write('leaf.crt', certificates[0] ?? '');
      folder.write('mid.crt', certificates[1] ?? '');
      const verified = folder.run('openssl', [
        'verify',
        '-CAfile',
        'root.pem',
        '-untrusted',
        'mid.crt',
        'leaf.crt',
      ]);
      assert.match(verified, /leaf\.crt: OK/);
      assert.throws(() => opensslPkcs12({ ...store, passwordFile: folder.at('other') }), /mac verify/i);
      assert.deepEqual(read(content), {
        credentialSha256: expected[0],
        privateKeySpkiSha256: spkiSha256(name),
      });
    });
  }

  for (const format of KEYSTORE_FORMATS) {
    it(`${format}: Java finds one key entry with its chain, and the root as a trusted one`, () => {
      for (const name of ['RSA-3072', 'ECDSA-P384'] as const) {
        const store = stored(packed(format, name, ['chain', 'privateKey', 'root']), `${name}.${format}`);
        const { storeType, entries } = javaEntries(store);
        assert.equal(storeType.toLowerCase(), format);
        const [key, root] = [...entries].sort((a, b) => (a.alias < b.alias ? -1 : 1));
        assert.equal(key?.alias.toLowerCase(), 'api-1');
        assert.equal(key?.type, 'PrivateKeyEntry');
        assert.deepEqual(key?.fingerprints.slice(0, 2), [sha256(der(name)), sha256(der('mid'))]);
        assert.equal(root?.alias.toLowerCase(), 'api-1-root');
        assert.equal(root?.type, 'trustedCertEntry');
        assert.deepEqual(root?.fingerprints, [sha256(der('root'))]);
      }
    });

    it(`${format}: Java moves the key into a store of its own, and it is the same key`, () => {
      const store = stored(packed(format, 'ECDSA-P256', ['chain', 'privateKey']), `from.${format}`);
      const moved = folder.at(`moved-${format}.p12`);
      const target = [
        '-destkeystore',
        moved,
        '-deststoretype',
        'PKCS12',
        '-deststorepass:file',
        passwordFile(),
      ];
      keytool('-importkeystore', '-srckeystore', store.file, '-srcstorepass:file', passwordFile(), ...target);
      const { out } = opensslPkcs12({ file: moved, passwordFile: passwordFile() }, '-nocerts');
      assert.ok(new X509Certificate(pem('ECDSA-P256')).checkPrivateKey(createPrivateKey(out)));
      // And what Java wrote is read here.
      assert.deepEqual(read(new Secret<Uint8Array>(readFileSync(moved))), {
        credentialSha256: sha256(der('ECDSA-P256')),
        privateKeySpkiSha256: spkiSha256('ECDSA-P256'),
      });
    });

    it(`${format}: a store of roots or of a chain holds trusted entries alone`, () => {
      const roots = packed(format, 'Ed25519', ['root']);
      const { entries } = javaEntries(stored(roots, `trust.${format}`));
      assert.deepEqual(
        entries.map(({ alias, type, fingerprints }) => [alias.toLowerCase(), type, ...fingerprints]),
        [['api-1', 'trustedCertEntry', sha256(der('root'))]],
      );
      assert.deepEqual(read(roots), { credentialSha256: sha256(der('root')) });
      assert.equal(keystoreHoldsKey(roots, nodeHasher), false);
      const chain = packed(format, 'RSA-3072', ['chain']);
      assert.deepEqual(
        new Set(
          javaEntries(stored(chain, `chain.${format}`)).entries.map(({ alias }) => alias.toLowerCase()),
        ),
        new Set(['api-1', 'api-1-2']),
      );
      assert.deepEqual(read(chain), { credentialSha256: sha256(der('RSA-3072')) });
    });

    it(`${format}: says that it does not open, and that a key is in it, without the password`, () => {
      const content = packed(format, 'ECDSA-P256', ['chain', 'privateKey']);
      assert.match(read(content, 'wrong password').locked ?? '', /that its password does not open$/);
      assert.match(
        readKeystore(content, undefined, nodeHasher).locked ?? '',
        /whose password is not to be had$/,
      );
      assert.equal(read(content, 'wrong password').privateKeySpkiSha256, undefined);
      assert.equal(keystoreHoldsKey(content, nodeHasher), true);
    });

    it(`${format}: notices every changed octet, and never throws`, () => {
      const content = packed(format, 'Ed25519', ['chain', 'privateKey', 'root']).reveal();
      const whole = read(new Secret(content));
      const step = format === 'jks' ? 1 : 97;
      for (let at = 0; at < content.length; at += step) {
        const changed = Uint8Array.from(content);
        changed[at] = (changed[at] ?? 0) ^ 0x41;
        const state = read(new Secret(changed));
        assert.ok(state.locked !== undefined, `octet ${at} of ${content.length}: ${JSON.stringify(state)}`);
      }
      assert.equal(whole.locked, undefined);
    });

    it(`${format}: gives back what was put in, whatever password and names`, () => {
      fc.assert(
        fc.property(
          fc.string({ minLength: 1, maxLength: 60, unit: 'binary' }),
          fc.stringMatching(/^[a-z0-9][a-z0-9._ -]{0,40}$/),
          fc.uint8Array({ minLength: 1, maxLength: 300 }),
          fc.boolean(),
          (secret, alias, octets, hasKey) => {
            const content = keystoreContent(
              alias,
              hasKey ? pkcs8('Ed25519') : undefined,
              [der('Ed25519'), octets],
              [der('root')],
            );
            assert.deepEqual(taken(format, content, secret), content);
          },
        ),
        { numRuns: 25 },
      );
    });
  }

  /** Built and read again. */
  function taken(format: KeystoreFormat, content: KeystoreContent, secret: string): KeystoreContent {
    if (format === 'jks') {
      const bytes = buildJks(content, secret, TOOLS.clock.now(), TOOLS);
      const { value, problems } = decodeJks(bytes, [secret], nodeHasher);
      assert.deepEqual([problems, value.integrity], [[], 'good']);
      const [key] = value.entries.flatMap((entry) => (entry.kind === 'privateKey' ? [entry] : []));
      return {
        ...(key === undefined
          ? {}
          : { key: { alias: key.alias, pkcs8: Uint8Array.from(key.der ?? []), chain: key.chain.map(own) } }),
        trusted: value.entries.flatMap((entry) =>
          entry.kind === 'certificate' ? [{ alias: entry.alias, der: own(entry.der) }] : [],
        ),
      };
    }
    const bytes = buildPkcs12(content, secret, TOOLS);
    const tools = { hasher: nodeHasher, decryptor: nodeDecryptor, budget: roundBudget() };
    const { value, problems } = decodePkcs12(bytes, [secret], tools);
    assert.deepEqual([problems, value?.mac?.state], [[], 'good']);
    const bags = value?.bags ?? [];
    const [key] = bags.flatMap((bag) => (bag.kind === 'privateKey' ? [bag] : []));
    const certificates = bags.flatMap((bag) => (bag.kind === 'certificate' ? [bag] : []));
    const chained = key === undefined ? 0 : 2;
    return {
      ...(key === undefined
        ? {}
        : {
            key: {
              alias: key.name ?? '',
              pkcs8: own(key.der),
              chain: certificates.slice(0, chained).map((each) => own(each.der)),
            },
          }),
      trusted: certificates.slice(chained).map((each) => ({ alias: each.name ?? '', der: own(each.der) })),
    };
  }
  const own = (bytes: Uint8Array) => Uint8Array.from(bytes);

  it('is made anew each time: no salt is used twice', () => {
    const [a, b] = [1, 2].map(() => packed('pkcs12', 'Ed25519', ['chain', 'privateKey']).reveal());
    assert.equal(sameOctets(a ?? encode('a'), b ?? encode('a')), false);
  });

  it('reads a Java key store that keytool made, with a key of each algorithm', async () => {
    const file = folder.at('java.jks');
    const store = ['-keystore', file, '-storetype', 'JKS', '-storepass:file', passwordFile()];
    for (const [alias, algorithm] of [
      ['rsa', 'RSA'],
      ['ec', 'EC'],
    ] as const)
      keytool(
        '-genkeypair',
        '-alias',
        alias,
        '-keyalg',
        algorithm,
        '-dname',
        `CN=${alias}`,
        ...store,
        '-keypass:file',
        passwordFile(),
      );
    keytool('-importcert', '-noprompt', '-alias', 'anchor', '-file', folder.at('root.pem'), ...store);
    const expected = new Map(
      javaEntries({ file, passwordFile: passwordFile() }).entries.map(({ alias, fingerprints }) => [
        alias,
        fingerprints,
      ]),
    );
    const bytes = readFileSync(file);
    const { value, problems } = decodeJks(bytes, [password], nodeHasher);
    assert.deepEqual([problems, value.integrity], [[], 'good']);
    assert.deepEqual(
      new Map(
        value.entries.map((entry) => [
          entry.alias,
          (entry.kind === 'certificate' ? [entry.der] : entry.chain).map(sha256),
        ]),
      ),
      expected,
    );
    for (const entry of value.entries) {
      if (entry.kind === 'certificate') continue;
      const key = createPrivateKey({ key: Buffer.from(entry.der ?? []), format: 'der', type: 'pkcs8' });
      assert.ok(new X509Certificate(entry.chain[0] ?? encode('')).checkPrivateKey(key));
    }
    const items = await itemsOf(bytes, 'java.jks', { password: new Secret(password) });
    assert.deepEqual(items.map(({ type, label, encrypted }) => [type, label, encrypted]).sort(), [
      ['certificate', 'anchor', false],
      ['certificate', 'ec', false],
      ['certificate', 'rsa', false],
      ['private-key', 'ec', true],
      ['private-key', 'rsa', true],
    ]);
    assert.deepEqual(rulesOf(items), []);
    const wrong = await itemsOf(bytes, 'java.jks', { password: new Secret('wrong password') });
    assert.ok(rulesOf(wrong).includes('credential/bad-mac') && rulesOf(wrong).includes('credential/locked'));
  });

  it('answers for a Java key store that is cut off at every length', async () => {
    const bytes = packed('jks', 'Ed25519', ['chain', 'privateKey', 'root']).reveal();
    for (let length = 4; length < bytes.length; length++) {
      const items = await itemsOf(bytes.subarray(0, length), 'cut.jks', { password: new Secret(password) });
      assert.ok(items.length > 0, `at ${length}`);
      const rules = rulesOf(items);
      assert.ok(
        rules.includes('credential/damaged') || rules.includes('credential/bad-mac'),
        `at ${length}: ${rules}`,
      );
    }
  });

  it('is not led to take memory or time by what a Java key store says of itself', () => {
    const begin = [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2];
    const tail = Array.from({ length: 40 }, () => 0xff);
    for (const says of [
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0x27, 0x10],
      [0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff],
    ]) {
      const { value, problems } = decodeJks(Uint8Array.from([...begin, ...says, ...tail]), ['x'], nodeHasher);
      assert.deepEqual([value.entries, problems.length, value.integrity], [[], 1, 'bad']);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
        const bytes = Uint8Array.from([...begin, 0, 0, 0, 3, ...rest]);
        const { value, problems } = decodeJks(bytes, ['x'], nodeHasher);
        assert.equal(value.integrity, 'bad');
        assert.ok(problems.every(({ offset }) => offset >= 0 && offset <= bytes.length));
      }),
      { numRuns: 500 },
    );
  });

  it('a PKCS#12 file that asks for more rounds than it may cost stays locked at once', () => {
    folder.run('openssl', [
      ...'pkcs12 -export -in Ed25519.pem -inkey Ed25519.key -passout file:password -macalg sha256 -iter 600000 -out slow.p12'.split(
        ' ',
      ),
    ]);
    const start = process.cpuUsage();
    const state = read(new Secret<Uint8Array>(readFileSync(folder.at('slow.p12'))));
    const { user } = process.cpuUsage(start);
    assert.ok(state.locked !== undefined);
    assert.ok(user < 3_000_000, `${user} µs`);
  });
});
