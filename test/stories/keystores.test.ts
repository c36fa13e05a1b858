/** The life of a certificate that a service reads from key stores and is told of, on the command line. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { PATIENCE, type Ran, type Sandbox, sandbox } from '../support/idac.ts';
import { javaEntries, opensslPkcs12 } from '../support/keystores.ts';
import { hasProgram, needs } from '../support/needs.ts';

/** A TLS server that reads its PKCS#12 file when it starts and when it gets SIGHUP, and never else. */
const SERVER = `
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const tls = require('node:tls');
const [store, passwordFile, state] = process.argv.slice(2);
const context = () => ({ pfx: readFileSync(store), passphrase: readFileSync(passwordFile, 'utf8').split('\\n')[0] });
// Whoever waits for the file finds it whole.
const tell = (facts) => {
  writeFileSync(state + '.new', JSON.stringify(facts));
  renameSync(state + '.new', state);
};
const server = tls.createServer(context(), (socket) => socket.end());
server.on('tlsClientError', () => undefined);
server.listen(Number(process.argv[5] ?? 0), '127.0.0.1', () =>
  tell({ pid: process.pid, port: server.address().port }));
process.on('SIGHUP', () => {
  server.setSecureContext(context());
  const now = JSON.parse(readFileSync(state, 'utf8'));
  tell({ ...now, reloads: (now.reloads ?? 0) + 1 });
});
`;

const manifest = (endpoint: string, more = '') => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: lab }
spec:
  type: local
  owner: { team: shop, contact: shop@example.com }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [localhost]
  ipAddresses: [127.0.0.1]
  usages: [serverAuth]
  issuer: lab
  duration: 30d
${endpoint}  deliverTo:
    - { backend: lab, path: secret/web.p12, format: pkcs12, passwordFile: secret/web.password, contents: [chain, privateKey], reload: web }
    - { backend: lab, path: secret/web.jks, format: jks, alias: Shop, passwordFile: secret/web.password, contents: [chain, privateKey, root], reload: web }
    - { backend: lab, path: trust.p12, format: pkcs12, passwordFile: secret/trust.password, contents: [root] }
${more}`;

describe('a certificate in key stores, and a service that is told', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  let server: ChildProcess | undefined;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'keytool', hasProgram('keytool', '-help'));
    place = sandbox();
    writeFileSync(at('.gitignore'), 'secret/\n');
    writeFileSync(at('web.identity.yaml'), manifest(''));
    writeFileSync(beside('server.cjs'), SERVER);
    // What the administrator allows: it tells the server, and waits until it has read its file.
    writeFileSync(
      beside('reload.cjs'),
      `const { existsSync, readFileSync } = require('node:fs');
const state = process.argv[2];
if (!existsSync(state)) process.exit(0);
const { pid, reloads = 0 } = JSON.parse(readFileSync(state, 'utf8'));
process.kill(pid, 'SIGHUP');
const wait = setInterval(() => {
  if ((JSON.parse(readFileSync(state, 'utf8')).reloads ?? 0) > reloads) clearInterval(wait);
}, 20);
`,
    );
  });
  after(async () => {
    if (server !== undefined && server.exitCode === null) {
      server.kill('SIGKILL');
      await new Promise((ended) => server?.once('exit', ended));
    }
    place?.remove();
  });

  const at = (file: string) => path.join(place.folder, file);
  const beside = (file: string) => path.join(path.dirname(place.folder), file);
  const state = () =>
    JSON.parse(readFileSync(beside('server.json'), 'utf8')) as { port: number; reloads?: number };
  const allow = (argv: readonly string[]) => {
    mkdirSync(place.stateHome, { recursive: true });
    writeFileSync(path.join(place.stateHome, 'reload-commands.json'), JSON.stringify({ web: argv }));
  };
  const allowed = () => [process.execPath, beside('reload.cjs'), beside('server.json')];
  const said = ({ out, err }: Ran) => `${out} ${err}`.replace(/\s+/g, ' ');
  const ok = async (...args: readonly string[]): Promise<string> => {
    const ran = await place.idac(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.out}${ran.err}`);
    return said(ran);
  };
  const refused = async (code: number, words: RegExp, ...args: readonly string[]): Promise<void> => {
    const ran = await place.idac(args);
    assert.equal(ran.code, code, said(ran));
    assert.match(said(ran), words);
  };
  const store = (file: string, password = 'secret/web.password') => ({
    file: at(file),
    passwordFile: at(password),
  });
  const leaf = () => new X509Certificate(opensslPkcs12(store('secret/web.p12')).out);
  const hex = (certificate: X509Certificate) => certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const servedNow = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: state().port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase());
        socket.destroy();
      });
      socket.once('error', reject);
    });

  it('is refused where git would take the password, and where nobody allows the command; nothing is made', async () => {
    await refused(
      1,
      /asks for the command web, which this machine does not allow.*reload-commands\.json/,
      'issue',
      'Certificate/web',
      '--yes',
    );
    const doctor = await place.idac(['doctor']);
    assert.match(said(doctor), /Commands after a delivery.*web is not allowed on this machine/);
    allow(allowed());
    assert.match(
      said(await place.idac(['doctor'])),
      /Commands after a delivery.*web .*reload-commands\.json/,
    );
    writeFileSync(at('.gitignore'), '*.p12\n*.jks\n');
    await refused(1, /secret\/web\.password: git does not ignore it/, 'issue', 'Certificate/web', '--yes');
    writeFileSync(at('.gitignore'), 'secret/\n');
    assert.equal(existsSync(at('.identity')) || existsSync(at('secret')), false);
  });

  it('has the command and the password files in its plan, and never a password', async () => {
    const plan = await ok('issue', 'Certificate/web', '--plan');
    assert.match(plan, /as a PKCS#12 file with the password in secret\/web\.password/);
    assert.match(plan, /as a Java key store with the password in secret\/web\.password/);
    assert.match(plan, /reload.*Runs the command that this machine allows as web/);
    assert.equal(existsSync(at('secret')), false);
  });

  it('is issued: OpenSSL and Java open both key stores with the password that was made', async () => {
    await ok('issue', 'Certificate/web', '--yes');
    const password = readFileSync(at('secret/web.password'), 'utf8');
    assert.match(password, /^[\w-]{43}\n$/);
    for (const file of ['secret/web.password', 'secret/web.p12', 'secret/web.jks', 'secret/trust.password'])
      assert.equal(statSync(at(file)).mode & 0o777, 0o600, file);
    const java = javaEntries(store('secret/web.jks'));
    assert.equal(java.storeType, 'JKS');
    assert.deepEqual(java.entries.map(({ alias, type }) => [alias, type]).sort(), [
      ['shop', 'PrivateKeyEntry'],
      ['shop-root', 'trustedCertEntry'],
    ]);
    assert.equal(java.entries.find(({ alias }) => alias === 'shop')?.fingerprints[0], hex(leaf()));
    assert.deepEqual(
      javaEntries(store('secret/web.p12')).entries.map(({ alias, type }) => [alias, type]),
      [['web', 'PrivateKeyEntry']],
    );
    const trust = javaEntries(store('trust.p12', 'secret/trust.password')).entries;
    assert.deepEqual(
      trust.map(({ type }) => type),
      ['trustedCertEntry'],
    );
    assert.match(
      await ok('verify', 'Certificate/web'),
      /delivered to secret\/web\.jks holds this credential/,
    );
    const inspected = await ok('inspect', at('secret/web.jks'), '--password-file', at('secret/web.password'));
    assert.match(inspected, /JKS|Shop|shop/);
  });

  it('says that a key store does not open with its password, and overwrites none that it cannot tell', async () => {
    const password = readFileSync(at('secret/web.password'), 'utf8');
    writeFileSync(at('secret/web.password'), 'another password\n');
    const ran = await place.idac(['verify', 'Certificate/web']);
    assert.notEqual(ran.code, 0);
    assert.match(
      said(ran),
      /holds a PKCS#12 file that its password does not open \(password file secret\/web\.password\)/,
    );
    await refused(
      1,
      /holds a PKCS#12 file that its password does not open.*Put the password that opens it into secret\/web\.password/,
      'rotate',
      'Certificate/web',
      '--yes',
    );
    writeFileSync(at('secret/web.password'), '\n');
    await refused(
      1,
      /secret\/web\.password has no password in its first line/,
      'rotate',
      'Certificate/web',
      '--yes',
    );
    writeFileSync(at('secret/web.password'), password);
    chmodSync(at('secret/web.password'), 0o644);
    await refused(
      1,
      /others than its owner can reach it \(mode 644\).*chmod 600/,
      'rotate',
      'Certificate/web',
      '--yes',
    );
    chmodSync(at('secret/web.password'), 0o600);
    await ok('verify', 'Certificate/web');
  });

  it('is rotated: the password stays, the service is told, and only then the former one is retired', async () => {
    server = spawn(
      process.execPath,
      [beside('server.cjs'), at('secret/web.p12'), at('secret/web.password'), beside('server.json')],
      { stdio: 'ignore' },
    );
    while (!existsSync(beside('server.json'))) await new Promise((soon) => setTimeout(soon, 50));
    const { port } = state();
    writeFileSync(at('web.identity.yaml'), manifest(`  endpoints: ["127.0.0.1:${port}"]\n`));
    const former = leaf();
    const password = readFileSync(at('secret/web.password'), 'utf8');
    assert.equal(await servedNow(), hex(former));
    const result = await ok('rotate', 'Certificate/web', '--yes');
    assert.match(result, /superseded/);
    assert.notEqual(hex(leaf()), hex(former));
    assert.equal(await servedNow(), hex(leaf()));
    assert.equal(state().reloads, 1, 'told once, of both copies');
    assert.equal(readFileSync(at('secret/web.password'), 'utf8'), password);
    assert.match(await ok('verify', 'Certificate/web'), /serves this certificate/);
  });

  it('waits where the service was told and still serves the former one', async () => {
    allow(['/bin/true']);
    const former = leaf();
    const ran = await place.idac(['rotate', 'Certificate/web', '--yes']);
    assert.equal(ran.code, 4, said(ran));
    assert.match(said(ran), /still serves another certificate/);
    assert.equal(await servedNow(), hex(former));
    const undone = await place.idac(['resume', '--undo']);
    assert.equal(undone.code, 0, said(undone));
    assert.equal(hex(leaf()), hex(former));
    allow(allowed());
  });

  it('is taken back where the command fails: the former content is there again, and the service was told again', async () => {
    const former = leaf();
    const mark = beside('failed-once');
    writeFileSync(
      beside('fails.cjs'),
      `const { existsSync, writeFileSync } = require('node:fs');
if (existsSync(${JSON.stringify(mark)})) process.exit(0);
writeFileSync(${JSON.stringify(mark)}, '');
console.error('configuration test failed');
process.exit(5);
`,
    );
    allow([process.execPath, beside('fails.cjs')]);
    await refused(
      3,
      /command web .* ended with exit code 5\. Its last output: configuration test failed.*Everything was taken back/,
      'rotate',
      'Certificate/web',
      '--yes',
    );
    assert.equal(existsSync(mark), true);
    assert.equal(hex(leaf()), hex(former));
    assert.equal(await servedNow(), hex(former));
    await ok('verify', 'Certificate/web');
    allow(allowed());
  });

  it('takes another form and another password file at the same place, and text again', async () => {
    const password = readFileSync(at('secret/trust.password'), 'utf8');
    const text = readFileSync(at('web.identity.yaml'), 'utf8');
    const line = /path: trust\.p12, format: pkcs12, passwordFile: secret\/trust\.password/;
    assert.match(text, line);
    const rotated = async (layout: string): Promise<string> => {
      writeFileSync(at('web.identity.yaml'), text.replace(line, `path: trust.p12${layout}`));
      return ok('rotate', 'Certificate/web', '--yes');
    };
    await rotated(', format: jks, passwordFile: secret/trust2.password');
    const java = javaEntries(store('trust.p12', 'secret/trust2.password'));
    assert.deepEqual([java.storeType, java.entries.length], ['JKS', 1]);
    assert.equal(readFileSync(at('secret/trust.password'), 'utf8'), password, 'told, and left to the person');
    await rotated('');
    assert.match(readFileSync(at('trust.p12'), 'utf8'), /^-----BEGIN CERTIFICATE-----/);
    await rotated(', format: pkcs12, passwordFile: secret/trust.password');
    opensslPkcs12(store('trust.p12', 'secret/trust.password'));
    await ok('verify', 'Certificate/web');
    rmSync(at('secret/trust2.password'));
  });

  it('leaves no password where its key store cannot be written', async () => {
    const text = readFileSync(at('web.identity.yaml'), 'utf8');
    const late =
      '    - { backend: lab, path: secret/blocked/web.p12, format: pkcs12, passwordFile: secret/late.password, contents: [chain, privateKey] }\n';
    writeFileSync(at('web.identity.yaml'), text + late);
    writeFileSync(at('secret/blocked'), 'a file where a folder is needed\n');
    const former = leaf();
    const ran = await place.idac(['rotate', 'Certificate/web', '--yes']);
    assert.notEqual(ran.code, 0);
    assert.equal(existsSync(at('secret/late.password')), false);
    assert.equal(hex(leaf()), hex(former));
    rmSync(at('secret/blocked'));
    writeFileSync(at('web.identity.yaml'), text);
    await ok('verify', 'Certificate/web');
  });

  it('keeps a password file that another identity needs, and one that a person wrote', async () => {
    const other = manifest('')
      .slice(manifest('').indexOf('---') + 4)
      .replaceAll('web', 'other')
      .replace('other.password', 'web.password')
      .replace('other.password', 'web.password')
      .replaceAll(', reload: other', '')
      .replace('trust.p12', 'trust2.p12')
      .replace('secret/trust.password', 'secret/own.password');
    writeFileSync(at('other.identity.yaml'), other);
    writeFileSync(at('secret/own.password'), 'a password that a person chose\n', { mode: 0o600 });
    await ok('issue', 'Certificate/other', '--yes');
    opensslPkcs12(store('trust2.p12', 'secret/own.password'));
    await ok('destroy', 'Certificate/other', '--yes');
    assert.equal(existsSync(at('secret/other.p12')), false);
    assert.equal(existsSync(at('secret/web.password')), true);
    assert.equal(readFileSync(at('secret/own.password'), 'utf8'), 'a password that a person chose\n');
    await ok('verify', 'Certificate/web');
    rmSync(at('other.identity.yaml'));
  });

  it('is destroyed: key stores and the passwords made for them are gone', async () => {
    await ok('revoke', 'Certificate/web', '--yes');
    await ok('destroy', 'Certificate/web', '--yes');
    for (const file of [
      'secret/web.p12',
      'secret/web.jks',
      'secret/web.password',
      'secret/trust.password',
      'trust.p12',
    ])
      assert.equal(existsSync(at(file)), false, file);
  });

  it('is refused where no file can hold it', async () => {
    writeFileSync(
      at('web.identity.yaml'),
      manifest(
        '',
        '    - { backend: lab, as: secret, path: kv/web, format: pkcs12, passwordFile: secret/kv.password, contents: [chain, privateKey] }\n',
      ),
    );
    await refused(
      1,
      /lab keeps text as "secret", and a PKCS#12 file is none: it cannot be delivered there/,
      'issue',
      'Certificate/web',
      '--plan',
    );
    writeFileSync(
      at('web.identity.yaml'),
      manifest('').replace(
        'web.password, contents: [chain, privateKey], reload',
        'web.p12, contents: [chain, privateKey], reload',
      ),
    );
    await refused(
      1,
      /secret\/web\.p12 is to hold a password, and a delivery writes there, too/,
      'issue',
      'Certificate/web',
      '--plan',
    );
  });
});
