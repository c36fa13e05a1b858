import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, createVerify } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type Label, type Labels, writeCorpus } from '../bench/secrets/corpus.ts';
import { certificate } from '../bench/secrets/material/certificates.ts';
import { edKey, rsaKey } from '../bench/secrets/material/keys.ts';
import { encryptedPkcs8Pem, legacyEncryptedPem } from '../bench/secrets/material/pem.ts';
import { puttyKey } from '../bench/secrets/material/ssh.ts';
import { jks, jksTrustStore, pkcs12, pkcs12TrustStore } from '../bench/secrets/material/stores.ts';
import { ALPHABET, Random } from '../bench/secrets/random.ts';
import { REPOSITORY } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

const SOURCES = [
  path.join(REPOSITORY, 'test/bench/secrets'),
  path.join(REPOSITORY, 'test/unit/secretsCorpus.test.ts'),
];

/** What scanners look for. Written so that no pattern matches itself. */
const LIVE: Readonly<Record<string, RegExp>> = {
  'private key': /-----BEGI[N] [A-Z ]*PRIVATE KEY/,
  PuTTY: /PuTT[Y]-User-Key-File-\d/,
  age: /AGE-SECRE[T]-KEY-1[A-Z0-9]{20}/,
  AWS: /AKI[A][A-Z2-7]{16}/,
  Google: /AIz[a]Sy[\w-]{33}/,
  GitHub: /gh[pous]_[A-Za-z0-9]{36}/,
  'GitHub, fine-grained': /github_pa[t]_\w{40}/,
  GitLab: /glpa[t]-[\w-]{20}|glr[t]-[\w-]{20}|gld[t]-[\w-]{20}|glpt[t]-[\w-]{20}/,
  npm: /np[m]_[A-Za-z0-9]{36}/,
  PyPI: /pyp[i]-AgEI[\w-]{20}/,
  Slack: /xox[b]-\d{10}/,
  'Slack webhook': /hooks\.slack\.com\/service[s]\/T\w{8}/,
  Stripe: /[sr]k_liv[e]_\w{20}/,
  Vault: /hv[sb]\.[\w-]{24}/,
  Docker: /dckr_pa[t]_[\w-]{20}/,
  JWT: /ey[J][\w-]{10,}\.ey[J][\w-]{10,}\./,
  SendGrid: /S[G]\.[\w-]{22}\./,
};

function textOf(folder: string, { file, startLine, startColumn, endLine, endColumn }: Label): string {
  const bytes = readFileSync(path.join(folder, file));
  const isWide = bytes.readUInt16BE(0) === 0xfffe;
  const rows = bytes
    .toString(isWide ? 'utf16le' : bytes.includes(0) ? 'latin1' : 'utf8')
    .replace(/^\ufeff/, '')
    .split('\n')
    .slice(startLine - 1, endLine);
  const last = rows.length - 1;
  rows[last] = rows[last]?.slice(0, endColumn - 1) ?? '';
  rows[0] = rows[0]?.slice(startColumn - 1) ?? '';
  return rows.join('\n');
}

/** The key in a piece of source code or configuration: escapes, quotes, prefixes and base64 taken away. */
function keyIn(planted: string): string | Buffer {
  if (/0x..,/.test(planted)) {
    return Buffer.from((planted.match(/0x../g) ?? []).map((byte) => byte.slice(2)).join(''), 'hex');
  }
  const rows = planted.replaceAll('\\n', '\n').split('\n');
  const bare = rows
    .map((row) => (rows.every((each) => each.startsWith('+')) ? row.slice(1) : row))
    .map((row) => row.replace(/^\s*(\+ )?["']?/, '').replace(/["'],?$/, ''))
    .filter((row) => row !== '');
  if (bare[0]?.startsWith('-----')) return `${bare.join('\n')}\n`;
  const decoded = Buffer.from(bare.join(''), 'base64');
  return decoded.toString('latin1').startsWith('-----') ? decoded.toString('latin1') : decoded;
}

describe('The corpus of secrets', () => {
  let base: string;
  let folder: string;
  let labels: Labels;

  before(() => {
    base = mkdtempSync(path.join(tmpdir(), 'idac-corpus-'));
    folder = path.join(base, 'first');
    labels = writeCorpus(folder, 'one', { copies: 1, cleanCopies: 1 });
  });

  after(() => rmSync(base, { recursive: true, force: true }));

  const run = (program: string, ...args: readonly string[]): string => {
    const ran = spawnSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    assert.equal(ran.status, 0, `${program} ${args.join(' ')}\n${ran.error ?? ran.stderr}`);
    return ran.stdout;
  };
  const ofKind = (family: string, kinds: RegExp): readonly Label[] => {
    const found = labels.secrets.filter((each) => each.family === family && kinds.test(each.kind));
    assert.notEqual(found.length, 0, `${family}/${kinds}`);
    return found;
  };
  const place = (name: string, content: string | Buffer): string => {
    const file = path.join(base, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };

  it('is the same for the same seed, to the byte', () => {
    const again = path.join(base, 'again');
    assert.deepEqual(writeCorpus(again, 'one', { copies: 1, cleanCopies: 1 }), labels);
    for (const { file } of [...labels.secrets, ...labels.clean]) {
      assert.deepEqual(readFileSync(path.join(again, file)), readFileSync(path.join(folder, file)), file);
    }
  });

  it('has other secrets for another seed', () => {
    const other = writeCorpus(path.join(base, 'other'), 'two', { copies: 1, cleanCopies: 1 });
    assert.equal(other.secrets.length, labels.secrets.length);
    const digests = new Set(other.secrets.map(({ digest }) => digest));
    const same = labels.secrets.filter(({ digest }) => digests.has(digest));
    assert.deepEqual(same, []);
  });

  it('has each planted value where its label says', () => {
    for (const label of labels.secrets) {
      const text = textOf(folder, label);
      const digest = createHash('sha256').update(text, 'latin1').digest('hex');
      assert.equal(digest, label.digest, `${label.family}/${label.kind} in ${label.file}`);
    }
  });

  it('has at least as many clean files as others, unless told', () => {
    const whole = writeCorpus(path.join(base, 'whole'), 'one', { copies: 1 });
    const withSecrets = new Set(whole.secrets.map(({ file }) => file));
    assert.ok(whole.clean.length >= withSecrets.size);
    assert.deepEqual(
      whole.clean.filter(({ file }) => withSecrets.has(file)),
      [],
    );
    assert.ok(new Set(whole.secrets.map(({ kind, family }) => `${family}/${kind}`)).size > 250);
  });

  it('has two halves that share no kind and leave none out', () => {
    const kindsOf = ({ secrets, clean }: Labels): readonly string[] =>
      [...new Set([...secrets, ...clean].map(({ family, kind }) => `${family}/${kind}`))].toSorted();
    const size = { copies: 1, cleanCopies: 1 };
    const halves = (['practice', 'held-out'] as const).map((half) =>
      kindsOf(writeCorpus(path.join(base, half), 'one', { ...size, half })),
    );
    for (const half of halves) assert.ok(half.length > kindsOf(labels).length / 3, String(half.length));
    assert.deepEqual(halves.flat().toSorted(), kindsOf(labels));
  });

  it('leaves no mark in any file', () => {
    for (const { file } of [...labels.secrets, ...labels.clean]) {
      assert.doesNotMatch(readFileSync(path.join(folder, file), 'utf8'), /[\ue000\ue001]/, file);
    }
  });

  describe('its keys', () => {
    it('are read by OpenSSL: PEM', function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      for (const { file } of ofKind(
        'private-key',
        /^(pkcs1-pem|sec1-pem|pkcs8-pem-(rsa|ec|ed25519)|pem-.*|sec1-.*)$/,
      ))
        run('openssl', 'pkey', '-in', file, '-noout', '-check');
      for (const { file } of ofKind('private-key', /^dsa-pem$/)) run('openssl', 'dsa', '-in', file, '-noout');
    });

    it('are read by OpenSSL: DER', function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      for (const { file } of ofKind('private-key', /^der-/))
        run('openssl', 'pkey', '-inform', 'DER', '-in', file, '-noout', '-check');
    });

    it('are read by OpenSSL: encrypted, with their password', function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      const random = new Random('one').fork('encrypted');
      const password = random.text(12);
      const certified = rsaKey(random);
      const store = pkcs12(
        certified,
        certificate('a.example', certified, certified, random),
        password,
        random,
      );
      const pass = ['-passin', `pass:${password}`];
      run('openssl', 'pkcs12', '-in', place('a.p12', store), '-noout', ...pass);
      const modern = place('modern.pem', encryptedPkcs8Pem(edKey(random), password, random));
      run('openssl', 'pkey', '-in', modern, '-noout', '-check', ...pass);
      const legacy = place('legacy.pem', legacyEncryptedPem(rsaKey(random), password, random));
      run('openssl', 'pkey', '-in', legacy, '-noout', '-check', ...pass);
    });

    it('are read by OpenSSH', function () {
      needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
      for (const { file } of ofKind('private-key', /^(openssh|ssh-host-key)$/)) {
        chmodSync(path.join(folder, file), 0o600);
        run('ssh-keygen', '-y', '-P', '', '-f', file);
      }
      for (const { file } of ofKind('private-key', /^openssh-encrypted$/))
        run('ssh-keygen', '-l', '-f', file);
    });

    it('are read by PuTTY', function () {
      needs(this, 'puttygen', hasProgram('puttygen'));
      for (const { file } of ofKind('private-key', /^putty-v/))
        run('puttygen', file, '-O', 'private-openssh', '-o', path.join(base, 'converted'));
      for (const { file } of ofKind('private-key', /^putty-encrypted$/))
        run('puttygen', file, '-O', 'public');
      const random = new Random('one').fork('putty');
      const passphrase = random.text(12);
      const key = place('encrypted.ppk', puttyKey(rsaKey(random), random, { version: 2, passphrase }));
      const [old, none] = [place('old', `${passphrase}\n`), place('none', '')];
      run(
        'puttygen',
        key,
        '--old-passphrase',
        old,
        '--new-passphrase',
        none,
        '-O',
        'private-openssh',
        '-o',
        `${key}.plain`,
      );
    });

    it('are read by GnuPG', function () {
      needs(this, 'gpg', hasProgram('gpg'));
      const home = mkdtempSync(path.join(base, 'gpg-'));
      for (const { file } of ofKind('private-key', /^pgp$/)) {
        run('gpg', '--homedir', home, '--batch', '--no-autostart', '--dry-run', '--import', file);
        run('gpg', '--homedir', home, '--batch', '--no-autostart', '--list-packets', file);
      }
    });

    it('are read by Java', function () {
      needs(this, 'keytool', hasProgram('keytool', '-help'));
      const random = new Random('one').fork('java');
      const password = random.text(12);
      const key = rsaKey(random);
      const store = place('a.jks', jks(key, certificate('a.example', key, key, random), password, random));
      run('keytool', '-list', '-keystore', store, '-storepass', password);
      run(
        'keytool',
        ...['-importkeystore', '-noprompt', '-srckeystore', store, '-srcstorepass', password],
        ...[
          '-destkeystore',
          path.join(base, 'b.p12'),
          '-deststorepass',
          password,
          '-deststoretype',
          'pkcs12',
        ],
      );
    });

    it('are not in its trust stores, which OpenSSL and Java read', function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      needs(this, 'keytool', hasProgram('keytool', '-help'));
      const random = new Random('one').fork('trust');
      const password = random.text(12);
      const roots = ['a.example', 'b.example'].map((name) => {
        const key = rsaKey(random);
        return certificate(name, key, key, random);
      });
      const open = place('trust.p12', pkcs12TrustStore(roots, password, random));
      run('openssl', 'pkcs12', '-in', open, '-nokeys', '-passin', `pass:${password}`);
      for (const store of [open, place('trust.jks', jksTrustStore(roots, password, random))]) {
        const listed = run('keytool', '-list', '-keystore', store, '-storepass', password);
        assert.equal(listed.match(/trustedCertEntry/g)?.length, 2, listed);
      }
    });

    it('are whole wherever they are embedded', function () {
      needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
      for (const label of ofKind('embedded-key', /./)) {
        const key = keyIn(textOf(folder, label));
        if (typeof key === 'string' && key.includes('OPENSSH')) {
          run('ssh-keygen', '-y', '-P', '', '-f', place('embedded', key));
        } else {
          assert.doesNotThrow(
            () => createPrivateKey(typeof key === 'string' ? key : { key, format: 'der', type: 'pkcs8' }),
            label.kind,
          );
        }
      }
    });

    it('are whole as JWK, and their private half fits the public one', () => {
      for (const label of ofKind('private-key', /^jwk(-on-one-line)?$/)) {
        const jwk = JSON.parse(readFileSync(path.join(folder, label.file), 'utf8'));
        const key = createPrivateKey({ key: jwk, format: 'jwk' });
        assert.equal(createPublicKey(key).export({ format: 'jwk' })['x'], jwk.x);
      }
    });
  });

  it('has tokens with the check sums and signatures that their issuers give them', () => {
    const [github = ''] = ofKind('service-token', /^github-in-environment$/).map((each) =>
      textOf(folder, each),
    );
    const [, body = '', sum = ''] = /^gh._(.{30})(.{6})$/.exec(github) ?? [];
    const value = [...sum].reduce((total, letter) => total * 62 + ALPHABET.base62.indexOf(letter), 0);
    assert.equal(value, crc32(body));
    const [jwt = ''] = ofKind('service-token', /^jwt-rs256$/).map((each) => textOf(folder, each));
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    const signers = Array.from({ length: 200 }, (_, at) => rsaKey(new Random('one').fork(`${at}`)));
    const verifies = signers.some(({ n, e }) => {
      const text = (number: bigint): string => {
        const hex = number.toString(16);
        return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
      };
      const key = createPublicKey({ key: { kty: 'RSA', n: text(n), e: text(e) }, format: 'jwk' });
      return createVerify('sha256').update(`${head}.${claims}`).verify(key, signature, 'base64url');
    });
    assert.ok(verifies);
  });

  it('has sources in which nothing looks like a live token', () => {
    const made = labels.secrets.map(({ file }) => readFileSync(path.join(folder, file), 'latin1')).join('\n');
    const files = SOURCES.flatMap((source) =>
      source.endsWith('.ts')
        ? [source]
        : readdirSync(source, { recursive: true, encoding: 'utf8' })
            .filter((name) => name.endsWith('.ts'))
            .map((name) => path.join(source, name)),
    );
    assert.ok(files.length > 30);
    for (const [name, pattern] of Object.entries(LIVE)) {
      assert.match(made, pattern, `the corpus has ${name}`);
      for (const file of files)
        assert.doesNotMatch(readFileSync(file, 'utf8'), pattern, `${name} in ${file}`);
    }
  });
});
