/**
 * Real lists, answers, certificates, key stores and tokens, damaged at random: reading them ends in time and throws nothing, every
 * refusal has its reason, and nothing that was changed is taken for what was signed. `IDAC_FUZZ_SEED` and `IDAC_FUZZ_RUNS` look
 * further.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { CredentialItem } from '../../server/src/core/credential/inspect/item.ts';
import { readSshRevokedKeys } from '../../server/src/core/credential/ssh/revokedKeys.ts';
import { readPathCrl } from '../../server/src/core/path/revocation/pathCrl.ts';
import { readPathOcsp } from '../../server/src/core/path/revocation/pathOcsp.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { type CredentialFolder, credentialFolder, inspect, itemsOf } from '../support/credentialFiles.ts';
import { damage, damaged } from '../support/damage.ts';
import { hasProgram, needs } from '../support/needs.ts';

const SEED = Number(process.env['IDAC_FUZZ_SEED'] ?? 20_300_131);
const RUNS = Number(process.env['IDAC_FUZZ_RUNS'] ?? 250);
/** Of one input; a busy machine is slow, and a hang takes minutes. */
const LONGEST_MS = 2000;

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Part of a text that is struck inside of its base64. */
  readonly armour?: RegExp;
}

const base64url = (value: object | Uint8Array): string =>
  Buffer.from(value instanceof Uint8Array ? value : JSON.stringify(value)).toString('base64url');

function token(key: KeyObject, algorithm: string, hash: string): string {
  const signed = `${base64url({ alg: algorithm, typ: 'JWT', kid: 'a' })}.${base64url({
    iss: 'https://issuer.example',
    sub: 'shop',
    aud: ['ledger'],
    exp: Math.floor(Date.now() / 1000) + 3600,
  })}`;
  return `${signed}.${base64url(sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

/** Inside of the base64 of a text, so that what is struck is what it wraps. */
function struckInside({ bytes, armour }: Given, strokes: Parameters<typeof damaged>[1]): Uint8Array {
  if (armour === undefined) return damaged(bytes, strokes);
  const text = Buffer.from(bytes).toString('latin1');
  const [, before = '', inner = '', after = ''] = armour.exec(text) ?? [];
  const isUrl = /[-_]/.test(inner);
  const made = Buffer.from(damaged(Buffer.from(inner, 'base64'), strokes));
  return Buffer.from(before + made.toString(isUrl ? 'base64url' : 'base64') + after, 'latin1');
}

function wellFormed(items: readonly CredentialItem[]): void {
  assert.ok(items.length > 0, 'a file that is named is always answered for');
  for (const item of items) {
    for (const { message } of item.findings) assert.ok(message.length > 0 && message.length < 1000, message);
    if (item.type === 'unknown' || item.format === null)
      assert.ok(item.findings.length > 0, `no reason for ${JSON.stringify(item)}`);
    for (const fact of KNOWN[item.type] ?? [])
      if (item[fact] === null) assert.ok(item.findings.length > 0, `no ${fact} in ${JSON.stringify(item)}`);
  }
}

/** What each of a type has, whoever made it: where it is not known, something is wrong. */
const KNOWN: Readonly<Record<string, readonly (keyof CredentialItem)[]>> = {
  certificate: [
    'subject',
    'issuer',
    'serialNumber',
    'notBefore',
    'notAfter',
    'spkiSha256',
    'signatureAlgorithm',
  ],
  crl: ['issuer', 'notBefore', 'signatureAlgorithm', 'revocationList'],
  'ssh-certificate': ['subject', 'serialNumber', 'keyAlgorithm', 'ssh'],
  'public-key': ['keyAlgorithm'],
  'private-key': ['keyAlgorithm'],
};

describe('credentials that were damaged', function () {
  this.timeout(240_000);
  let folder: CredentialFolder;
  const openssl = (line: string): string => folder.run('openssl', line.split(' '));
  const keygen = (...args: readonly string[]): string => folder.run('ssh-keygen', ['-q', ...args]);
  const file = (name: string): Uint8Array => readFileSync(folder.at(name));

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = credentialFolder();
    makeAuthority();
    makeSsh();
  });
  after(() => folder?.remove());

  function makeAuthority(): void {
    folder.write(
      'ca.cnf',
      `[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\ndefault_crl_days=7\ndefault_days=30\nunique_subject=no\nx509_extensions=leaf\n[any]\ncommonName=supplied\n[leaf]\nsubjectAltName=DNS:a.example\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n[req]\ndistinguished_name=dn\n[dn]\n[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n`,
    );
    for (const [name, text] of [
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['crlnumber', '01\n'],
    ] as const)
      folder.write(name, text);
    for (const name of ['root', 'leaf', 'ended'])
      openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
    openssl(
      'req -new -x509 -key root.key -config ca.cnf -extensions root -subj /CN=root -days 90 -out root.pem',
    );
    for (const name of ['leaf', 'ended']) {
      openssl(`req -new -key ${name}.key -config ca.cnf -subj /CN=${name} -out ${name}.csr`);
      openssl(
        `ca -batch -config ca.cnf -keyfile root.key -cert root.pem -in ${name}.csr -out ${name}.pem -notext`,
      );
    }
    openssl('ca -config ca.cnf -keyfile root.key -cert root.pem -revoke ended.pem -crl_reason keyCompromise');
    openssl('ca -config ca.cnf -keyfile root.key -cert root.pem -gencrl -out list.pem');
    openssl('crl -in list.pem -outform der -out list.crl');
    openssl('ocsp -issuer root.pem -cert leaf.pem -cert ended.pem -reqout asked.der -no_nonce');
    openssl(
      'ocsp -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -reqin asked.der -respout answer.ocsp -ndays 7',
    );
    openssl('crl2pkcs7 -in list.pem -certfile leaf.pem -certfile root.pem -outform der -out all.p7b');
    openssl(
      'pkcs12 -export -in leaf.pem -inkey leaf.key -certfile root.pem -name a -passout pass: -iter 2 -out new.p12',
    );
    openssl(
      'pkcs12 -export -legacy -in leaf.pem -inkey leaf.key -certfile root.pem -passout pass: -iter 2 -out old.p12',
    );
  }

  function makeSsh(): void {
    for (const type of ['ed25519', 'ecdsa', 'rsa']) keygen('-t', type, '-N', '', '-C', '', '-f', type);
    for (const [type, ...options] of [
      ['ed25519', '-n', 'a,b', '-O', 'force-command=/bin/true', '-O', 'source-address=10.0.0.0/8'],
      ['ecdsa', '-h', '-n', 'host.example', '-V', '-1d:+30d'],
      ['rsa', '-n', 'a', '-z', '7'],
    ] as const)
      keygen('-s', 'ed25519', '-I', type, ...options, `${type}.pub`);
    folder.write(
      'spec',
      `serial: 1-5\nserial: 9\nid: gone\nsha256: ${readFileSync(folder.at('rsa.pub'), 'utf8')}`,
    );
    keygen('-k', '-f', 'keys.krl', '-s', 'ed25519.pub', '-z', '3', 'spec', 'ecdsa.pub', 'rsa-cert.pub');
  }

  /** Draws damage and looks; what fails says how to draw it again. */
  const eachDamage = (given: Given, look: (bytes: Uint8Array) => Promise<void> | void): Promise<void> =>
    fc.assert(
      fc.asyncProperty(damage, async (strokes) => {
        const bytes = struckInside(given, strokes);
        const before = process.cpuUsage();
        await look(bytes);
        const { user, system } = process.cpuUsage(before);
        assert.ok((user + system) / 1000 < LONGEST_MS, `${given.name} took ${(user + system) / 1000} ms`);
      }),
      { seed: SEED, numRuns: RUNS },
    );

  const PEM_BODY = /^(-----BEGIN [A-Z0-9 ]+-----\n)([^-]+)(-----END [\s\S]*)$/;
  const SSH_LINE = /^(\S+ )(\S+)([\s\S]*)$/;

  it('are answered for by inspect, each in time and with its reason', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ed = generateKeyPairSync('ed25519');
    const text = (value: string): Uint8Array => Buffer.from(value);
    const jwk = (key: KeyObject): object => key.export({ format: 'jwk' });
    const all: readonly Given[] = [
      { name: 'list.crl', bytes: file('list.crl') },
      { name: 'list.pem', bytes: file('list.pem'), armour: PEM_BODY },
      { name: 'all.p7b', bytes: file('all.p7b') },
      { name: 'new.p12', bytes: file('new.p12') },
      { name: 'old.p12', bytes: file('old.p12') },
      { name: 'answer.ocsp', bytes: file('answer.ocsp') },
      { name: 'keys.krl', bytes: file('keys.krl') },
      ...['ed25519', 'ecdsa', 'rsa'].map((type) => ({
        name: `${type}-cert.pub`,
        bytes: file(`${type}-cert.pub`),
        armour: SSH_LINE,
      })),
      { name: 'one.jwk', bytes: text(JSON.stringify({ ...jwk(ec.privateKey), kid: 'a', use: 'sig' })) },
      {
        name: 'set.jwks',
        bytes: text(JSON.stringify({ keys: [ec, rsa, ed].map(({ publicKey }) => jwk(publicKey)) })),
      },
      { name: 'es.jwt', bytes: text(token(ec.privateKey, 'ES256', 'sha256')) },
      {
        name: 'rs.jwt',
        bytes: text(token(rsa.privateKey, 'RS256', 'sha256')),
        armour: /^([^.]+\.)([^.]+)(\.[\s\S]*)$/,
      },
    ];
    for (const given of all) {
      wellFormed(await itemsOf(given.bytes, given.name));
      await eachDamage(given, async (bytes) =>
        wellFormed(await itemsOf(bytes, given.name, { lint: 'auto' })),
      );
    }
  });

  it('say why where a list or an answer cannot be read, and read what can be', async () => {
    for (const [name, read] of [
      ['list.crl', readPathCrl],
      ['answer.ocsp', readPathOcsp],
    ] as const) {
      const bytes = file(name);
      assert.ok(read(bytes).value !== undefined, name);
      await eachDamage({ name, bytes }, (changed) => {
        const { value, problems } = read(changed);
        if (value === undefined) assert.ok(problems.length > 0);
        for (const { reason, what } of problems) assert.ok(reason.length > 0 && what.length > 0);
      });
    }
  });

  it('never let in what a list ends, nor end what it does not, once octets of it are others', async () => {
    const question = (crls: readonly string[], answers: readonly string[]) => ({
      trust: [folder.at('root.pem')],
      chain: [],
      crls,
      answers,
      host: undefined,
      purpose: 'any' as const,
      profile: 'path' as const,
      outside: undefined,
    });
    const statusOf = async (name: string, crls: readonly string[], answers: readonly string[]) => {
      const { judged } = await inspect([folder.at(name)], { question: question(crls, answers) });
      const [found] = [...judged.values()];
      return found?.revocation?.status ?? 'none';
    };
    for (const [source, isList] of [
      ['list.crl', true],
      ['answer.ocsp', false],
    ] as const) {
      const given = (path: string): readonly [readonly string[], readonly string[]] =>
        isList ? [[path], []] : [[], [path]];
      const right = {
        leaf: await statusOf('leaf.pem', ...given(folder.at(source))),
        ended: await statusOf('ended.pem', ...given(folder.at(source))),
      };
      assert.deepEqual(right, { leaf: 'good', ended: 'revoked' }, source);
      const changed = folder.at(`changed-${source}`);
      await eachDamage({ name: source, bytes: file(source) }, async (bytes) => {
        writeFileSync(changed, bytes);
        for (const name of ['leaf', 'ended'] as const) {
          const status = await statusOf(`${name}.pem`, ...given(changed)).catch((error: Error) => {
            // A file that cannot be read is refused, in words.
            assert.match(error.message, /changed-/);
            return 'refused';
          });
          // Octets behind the list, or ways to write the same, change nothing of what was signed.
          assert.ok([right[name], 'unknown', 'none', 'refused'].includes(status), `${name}: ${status}`);
        }
      });
    }
  });

  it('say of a list of SSH keys what it lacks, so that no key passes for good by it', async () => {
    const changed = folder.at('changed.krl');
    await eachDamage({ name: 'keys.krl', bytes: file('keys.krl') }, async (bytes) => {
      writeFileSync(changed, bytes);
      const { problem } = readSshRevokedKeys('changed.krl', bytes, nodeHasher);
      const { items } = await inspect([folder.at('ed25519-cert.pub')], { revokedKeys: [changed] });
      wellFormed(items);
      const told = items.flatMap(({ findings }) => findings.filter(({ rule }) => /^ssh\/revo/.test(rule)));
      if (problem !== undefined) assert.ok(problem.length > 0 && told.length > 0, problem);
      for (const { message } of told) assert.match(message, /changed\.krl/);
    });
  });
});
