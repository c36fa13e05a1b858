/** Key stores and encrypted keys are adopted with their passphrase, which is on no command line and in no file afterwards. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFoundFolder, openssl } from '../support/foundFolder.ts';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';
import { keytool } from '../support/keystores.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { atTerminal, needsTerminal } from '../support/terminal.ts';

describe('idac adopt, of what is locked', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const passphrase = `p-${randomBytes(9).toString('hex')}`;
  const at = (file: string): string => path.join(place.folder, file);
  const read = (file: string): string => readFileSync(at(file), 'utf8');
  const fingerprint = (file: string): string =>
    openssl(place.folder, 'x509', '-in', file, '-noout', '-fingerprint', '-sha256')
      .replace(/^.*=|[:\s]/gm, '')
      .toLowerCase();
  const rows = async () =>
    (await place.json(['inventory'])).data['identities'] as {
      name: string;
      state: string;
      fingerprintSha256: string;
    }[];
  const manifests = (): readonly string[] => {
    try {
      return readdirSync(at('identities'));
    } catch {
      return [];
    }
  };

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
  });
  beforeEach(() => {
    place = sandbox();
    makeFoundFolder(place.folder);
    mkdirSync(at('secret'));
    writeFileSync(at('.gitignore'), '*.key\n*.p12\n*.jks\nsecret/\n');
    writeFileSync(at('secret/password'), `${passphrase}\n`, { mode: 0o600 });
    // By its own, so that no PEM file tells of it.
    openssl(
      place.folder,
      ...'pkcs12 -export -in tls/shop.crt -inkey tls/shop.key -certfile ca/root.crt -name shop -out java/shop.p12'.split(
        ' ',
      ),
      '-passout',
      'file:secret/password',
    );
    openssl(
      place.folder,
      ...'pkcs8 -topk8 -v2 aes-256-cbc -in tls/soon.key -out tls/sealed.key -passout file:secret/password'.split(
        ' ',
      ),
    );
  });
  afterEach(() => {
    for (const folder of [place.folder, place.stateHome]) assertNoSecret(folder);
    place.remove();
  });
  /** It stands in the one file that the person wrote. */
  function assertNoSecret(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile() || file === at('secret/password')) continue;
      assert.ok(!readFileSync(file, 'latin1').includes(passphrase), file);
    }
  }

  it('a PKCS#12 file, from a file, a descriptor, a variable, and not without', async () => {
    const expected = fingerprint('tls/shop.crt');
    rmSync(at('tls'), { recursive: true });
    const shut = await place.idac(['adopt', 'java/shop.p12']);
    assert.equal(shut.code, 1);
    assert.match(
      shut.out.replaceAll(/\s+/g, ' '),
      /left alone shop\.p12: It is locked: give its passphrase \(--password-file FILE/,
    );
    writeFileSync(at('secret/wrong'), 'another\n', { mode: 0o600 });
    const wrong = await place.idac(['adopt', 'java/shop.p12', '--password-file', 'secret/wrong']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.out.replaceAll(/\s+/g, ' '), /The passphrase that was given does not open it/);
    assert.deepEqual(manifests(), []);

    const planned = await place.json(['adopt', 'java/shop.p12', '--plan'], {
      env: { IDAC_PKCS12_PASSWORD: passphrase },
    });
    assert.equal(planned.code, 0);
    const bin = path.join(REPOSITORY, 'server/bin/idac.mjs');
    const out = execFileSync(
      'bash',
      ['-c', '"$0" "$1" adopt java/shop.p12 --password-file <(cat secret/password)', process.execPath, bin],
      { cwd: place.folder, encoding: 'utf8', env: { ...process.env, IDAC_STATE_HOME: place.stateHome } },
    );
    assert.match(out, /wrote {2}identities\/shop-example-com\.identity\.yaml/);
    assert.deepEqual(
      (await rows()).map(({ name, state, fingerprintSha256 }) => [name, state, fingerprintSha256]),
      [['shop-example-com', 'active', expected]],
    );
    const again = await place.idac(['adopt', 'java/shop.p12', '--password-file', 'secret/password']);
    assert.match(again.out, /Certificate\/default\/shop-example-com knows it already/);
    assert.equal((await place.idac(['check', '--no-scan'])).code, 0);
  });

  it('typed at a terminal, where it is not shown', async function () {
    needsTerminal(this);
    rmSync(at('tls/shop.crt'));
    const { code, screen } = await atTerminal(place, 'adopt java/shop.p12', [
      [/Passphrase of java\/shop\.p12/, `${passphrase}\r`],
    ]);
    assert.equal(code, 0, screen);
    assert.ok(!screen.includes(passphrase));
    assert.equal((await rows()).length, 1);
  });

  it('renewed from here, a key store keeps its password file; without one the manifest says what to add', async () => {
    rmSync(at('tls/shop.crt'));
    assert.equal((await place.idac(['init', '--name', 'shop'])).code, 0);
    assert.equal((await place.idac(['login', 'local-ca', '--yes'])).code, 0);
    const adopt = ['adopt', 'java/shop.p12', '--issuer', 'local-ca'];
    const planned = await place.idac([...adopt, '--plan'], { env: { IDAC_PKCS12_PASSWORD: passphrase } });
    assert.match(
      planned.out.replaceAll(/\s+/g, ' '),
      /its password is in no file of this project.*format: pkcs12, alias: shop, passwordFile: FILE, contents: \[chain, privateKey\]/,
    );

    const done = await place.idac([...adopt, '--password-file', 'secret/password']);
    assert.equal(done.code, 0, done.out + done.err);
    const manifest = read('identities/shop-example-com.identity.yaml');
    assert.match(
      manifest,
      /\{ backend: local-ca, path: java\/shop\.p12, format: pkcs12, alias: shop, passwordFile: secret\/password, contents: \[chain, privateKey\] \}/,
    );
    const before = read('java/shop.p12');
    const renewed = await place.idac(['rotate', 'Certificate/shop-example-com', '--yes']);
    assert.equal(renewed.code, 0, renewed.out + renewed.err);
    assert.notEqual(read('java/shop.p12'), before);
    const inside = openssl(
      place.folder,
      ...'pkcs12 -in java/shop.p12 -nokeys -passin file:secret/password'.split(' '),
    );
    assert.match(inside, /friendlyName: shop\n/);
    assert.match(inside, /CN ?= ?shop\.example\.com/);
  });

  it('a key store of Java, whose certificates lie open, without asking', async function () {
    needs(this, 'keytool of Java', hasProgram('keytool', '-help'));
    keytool(
      ...'-importkeystore -noprompt -srcstoretype PKCS12 -deststoretype JKS -srcalias shop'.split(' '),
      ...['-srckeystore', at('java/shop.p12'), '-srcstorepass:file', at('secret/password')],
      ...['-destkeystore', at('java/shop.jks'), '-deststorepass:file', at('secret/password')],
    );
    rmSync(at('java/shop.p12'));
    const expected = fingerprint('tls/shop.crt');
    rmSync(at('tls'), { recursive: true });
    const { data } = await place.json(['discover']);
    const store = (data['found'] as { title: string; locked: boolean; adopt: string | null }[]).find(
      ({ title }) => title === 'shop.example.com',
    );
    assert.deepEqual([store?.adopt, store?.locked], ['Certificate', false]);
    const done = await place.idac(['adopt', 'java/shop.jks']);
    assert.equal(done.code, 0, done.out + done.err);
    assert.deepEqual(
      (await rows()).map(({ fingerprintSha256 }) => fingerprintSha256),
      [expected],
    );
  });

  it('an encrypted key leads to the certificate that is made for it, and is left as it is', async () => {
    rmSync(at('tls/soon.key'));
    const sealed = read('tls/sealed.key');
    const shut = await place.idac(['adopt', 'tls/sealed.key']);
    assert.match(shut.out, /It is locked: give its passphrase/);
    const done = await place.idac(['adopt', 'tls/sealed.key', '--password-file', 'secret/password']);
    assert.equal(done.code, 0, done.out + done.err);
    assert.match(
      done.out.replaceAll(/\s+/g, ' '),
      /tls\/sealed\.key holds its private key, encrypted\. It is left as it is/,
    );
    assert.deepEqual(
      (await rows()).map(({ name, fingerprintSha256 }) => [name, fingerprintSha256]),
      [['soon-example-com', fingerprint('tls/soon.crt')]],
    );
    assert.equal(read('tls/sealed.key'), sealed);
    const old = await place.idac(['adopt', 'tls/locked.key', '--password-file', 'secret/password']);
    assert.match(old.out.replaceAll(/\s+/g, ' '), /openssl pkcs8 -topk8 -in tls\/locked\.key/);
  });

  it('the same certificate in a PEM file and in a key store is one identity', async () => {
    const done = await place.idac(['adopt', '--all', '--password-file', 'secret/password']);
    assert.match(
      done.out.replaceAll(/\s+/g, ' '),
      /shop\.p12: It holds the certificate that is adopted from tls\/shop\.crt: name it in deliverTo of identities\/shop-example-com/,
    );
    const names = (await rows()).map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.equal(names.filter((name) => name.startsWith('shop')).length, 1);
  });
});
