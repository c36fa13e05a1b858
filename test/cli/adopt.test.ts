/** What lies in a folder is found and adopted; openssl and ssh-keygen say what is true of it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git, makeFoundFolder, openssl } from '../support/foundFolder.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Found {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly notAfter: string | null;
  readonly fingerprintSha256: string | null;
  readonly files: readonly {
    readonly file: string;
    readonly holds: readonly string[];
    readonly git: string | null;
    readonly encrypted: boolean;
  }[];
  readonly status: string;
  readonly warnings: readonly string[];
  readonly known: string | null;
  readonly adopt: string | null;
  readonly locked: boolean;
  readonly why: string | null;
}

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly notAfter: string | null;
  readonly fingerprintSha256: string | null;
  readonly verbs: readonly string[];
}

describe('idac discover and idac adopt', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const write = (file: string, text: string): void => writeFileSync(path.join(place.folder, file), text);
  const read = (file: string): string => readFileSync(path.join(place.folder, file), 'utf8');
  const found = async (...args: string[]): Promise<readonly Found[]> =>
    (await place.json(['discover', ...args])).data['found'] as readonly Found[];
  const rows = async (): Promise<readonly Row[]> =>
    (await place.json(['inventory'])).data['identities'] as readonly Row[];
  const ok = async (...args: string[]): Promise<string> => {
    const ran = await place.idac(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.out}${ran.err}`);
    return ran.out;
  };
  const named = (items: readonly Found[], title: string): Found => {
    const item = items.find((each) => each.title === title);
    assert.ok(item, `${title} in ${items.map((each) => each.title).join(', ')}`);
    return item;
  };
  /** As openssl prints it. */
  const fingerprint = (file: string): string =>
    openssl(place.folder, 'x509', '-in', file, '-noout', '-fingerprint', '-sha256')
      .replace(/^.*=|[:\s]/gm, '')
      .toLowerCase();
  const end = (file: string): string =>
    new Date(
      openssl(place.folder, 'x509', '-in', file, '-noout', '-enddate').trim().replace('notAfter=', ''),
    ).toISOString();

  beforeEach(() => {
    place = sandbox();
    makeFoundFolder(place.folder);
  });
  afterEach(() => place.remove());

  it('finds what belongs together, and says whether git has the keys', async () => {
    write('.gitignore', 'ca/*.key\n');
    git(place.folder, 'add', 'tls/soon.key');
    const all = await found();
    const shop = named(all, 'shop.example.com');
    assert.deepEqual(
      shop.files.map(({ file, holds, git: standing }) => [file, holds.join(' '), standing]),
      [
        ['tls/shop.crt', 'certificate', null],
        ['tls/shop.csr', 'request', null],
        ['tls/shop.key', 'private key', 'untracked'],
      ],
    );
    assert.equal(shop.fingerprintSha256, fingerprint('tls/shop.crt'));
    assert.equal(shop.notAfter, end('tls/shop.crt'));
    assert.equal(shop.adopt, 'Certificate');
    assert.match(shop.warnings[0] ?? '', /Git does not ignore tls\/shop\.key/);
    const soon = named(all, 'soon.example.com');
    assert.match(soon.warnings[0] ?? '', /Git tracks tls\/soon\.key/);
    assert.equal(named(all, 'Shop Root').kind, 'authority');
    assert.equal(named(all, 'Shop Root').files.find(({ file }) => file === 'ca/root.key')?.git, 'ignored');
    assert.equal(named(all, 'store.p12').kind, 'key-store');
    assert.equal(named(all, 'locked.key').files[0]?.encrypted, true);
    const backup = named(all, 'backup-job');
    assert.deepEqual(
      backup.files.map(({ file }) => file),
      ['ssh/backup-cert.pub', 'ssh/backup.pub', 'ssh/backup'],
    );
    assert.deepEqual(
      (await found('java')).map(({ title }) => title),
      ['store.p12'],
    );
    // Of private keys nothing but where they are.
    const { out } = await place.json(['discover']);
    const secret = read('tls/shop.key').split('\n')[1] ?? '';
    assert.ok(secret.length > 20 && !out.includes(secret));
  });

  it('adopts all: a manifest each, no errors, and the real end', async () => {
    const planned = await ok('adopt', '--all', '--plan');
    assert.match(planned, /would write {2}identities\/shop-example-com\.identity\.yaml/);
    assert.throws(() => readdirSync(path.join(place.folder, 'identities')), /ENOENT/);
    await ok('adopt', '--all');
    const { data } = await place.json(['check', '--no-scan']);
    const errors = (data['findings'] as readonly { severity: string; rule: string }[]).filter(
      ({ severity, rule }) => severity === 'error' || rule.startsWith('manifest/'),
    );
    assert.deepEqual(errors, []);
    const all = await rows();
    const shop = all.find(({ name }) => name === 'shop-example-com');
    assert.equal(shop?.state, 'active');
    assert.equal(shop?.notAfter, end('tls/shop.crt'));
    assert.equal(shop?.fingerprintSha256, fingerprint('tls/shop.crt'));
    // No backend here issued it: it can be looked at, and nothing else.
    assert.deepEqual(shop?.verbs, ['verify']);
    assert.equal(all.find(({ name }) => name === 'soon-example-com')?.state, 'active');
    assert.deepEqual(all.map(({ kind }) => kind).sort(), [
      'Certificate',
      'Certificate',
      'SshCertificate',
      'SshKey',
      'SshKey',
    ]);
    const text = read('identities/shop-example-com.identity.yaml');
    assert.match(text, /dnsNames: \[shop\.example\.com, "\*\.shop\.example\.com"\]/);
    assert.match(text, /duration: 90d/);
    assert.match(text, /renewal: \{ by: machine \}/);
    const ssh = all.find((row) => row.kind === 'SshCertificate');
    const shown = spawnSync('ssh-keygen', ['-L', '-f', path.join(place.folder, 'ssh/backup-cert.pub')], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    const until = /to (\S+)/.exec(shown.stdout)?.[1];
    assert.equal(ssh?.notAfter, new Date(`${until}Z`).toISOString());
    await ok('verify', 'Certificate/shop-example-com');
    await ok('log', 'verify');
    // Now that they are known, there is nothing more to adopt.
    assert.ok((await found()).every(({ adopt, locked }) => adopt === null || locked));
    assert.match(
      named(await found(), 'shop.example.com').status,
      /known as Certificate\/default\/shop-example-com/,
    );
  });

  it('never writes over a file, and finds a free name', async () => {
    mkdirSync(path.join(place.folder, 'identities'));
    write('identities/shop-example-com.identity.yaml', '# mine\n');
    await ok('adopt', 'tls/shop.crt');
    assert.equal(read('identities/shop-example-com.identity.yaml'), '# mine\n');
    assert.match(read('identities/shop-example-com-2.identity.yaml'), /name: shop-example-com-2/);
  });

  it('says why something is left alone', async () => {
    for (const [file, why] of [
      ['ca/root.crt', /authority/],
      ['java/store.p12', /password/],
      ['tls/locked.key', /openssl pkcs8 -topk8 -in tls\/locked\.key/],
      ['ca/root.key', /private key without a certificate|authority/],
      ['names', /No certificate/],
    ] as const) {
      const ran = await place.idac(['adopt', file]);
      assert.equal(ran.code, 1, file);
      assert.match(ran.out.replace(/\s+/g, ' '), why);
    }
    assert.equal((await place.idac(['adopt'])).code, 2);
    assert.equal((await place.idac(['adopt', '--all', 'tls/shop.crt'])).code, 2);
  });

  it('is renewed by a backend that is named, and then it is that one that lies there', async () => {
    await ok('init', '--name', 'shop');
    write('.gitignore', '*.key\n*.key.pem\n');
    await ok('login', 'local-ca', '--yes');
    await ok('adopt', 'tls/shop.crt', '--issuer', 'local-ca');
    assert.match(
      read('identities/shop-example-com.identity.yaml'),
      /path: tls\/shop\.key, contents: \[privateKey\]/,
    );
    const before = fingerprint('tls/shop.crt');
    const revoked = await place.idac(['revoke', 'Certificate/shop-example-com', '--yes']);
    assert.equal(revoked.code, 1);
    assert.match(
      revoked.err.replace(/\s+/g, ' '),
      /was adopted, and no backend here issued it: revoke it at its authority \(CN=Shop Root\)/,
    );
    const destroyed = await place.idac(['destroy', 'Certificate/shop-example-com', '--yes']);
    assert.equal(destroyed.code, 1);
    await ok('rotate', 'Certificate/shop-example-com', '--yes');
    assert.notEqual(fingerprint('tls/shop.crt'), before);
    const chain = ['-CAfile', 'pki/local-ca.roots.pem', '-untrusted', 'tls/shop.crt', 'tls/shop.crt'];
    assert.match(openssl(place.folder, 'verify', ...chain), /OK/);
    const [row] = (await rows()).filter(({ name }) => name === 'shop-example-com');
    assert.equal(row?.fingerprintSha256, fingerprint('tls/shop.crt'));
    assert.ok(row?.verbs.includes('revoke'));
    await ok('verify', 'Certificate/shop-example-com');
    await ok('log', 'verify');
  });

  it('knows the backend that issued it, whose record was lost, and can revoke there', async () => {
    await ok('init', '--name', 'shop');
    await ok('login', 'local-ca', '--yes');
    write(
      'certificates/web.identity.yaml',
      read('certificates/web.identity.yaml').replace('dnsNames: [web.example.com]', 'dnsNames: [web]'),
    );
    await ok('issue', 'Certificate/web', '--yes');
    spawnSync('rm', [
      '-r',
      path.join(place.folder, '.identity/records'),
      path.join(place.folder, 'certificates'),
    ]);
    await ok('adopt', 'tls/web.pem');
    const text = read('identities/web.identity.yaml');
    assert.match(text, /issuer: local-ca/);
    assert.doesNotMatch(text, /by: machine/);
    const [row] = await rows();
    assert.equal(row?.state, 'active');
    assert.ok(row?.verbs.includes('revoke'));
    await ok('revoke', 'Certificate/web', '--yes', '--reason', 'keyCompromise');
    openssl(place.folder, 'crl', '-in', 'pki/local-ca.crl.pem', '-noout', '-text');
    const serial = openssl(place.folder, 'x509', '-in', 'tls/web.pem', '-noout', '-serial')
      .trim()
      .replace('serial=', '');
    assert.ok(
      openssl(place.folder, 'crl', '-in', 'pki/local-ca.crl.pem', '-noout', '-text').includes(serial),
    );
  });

  it('ends nothing that was issued for another identity, whatever was adopted', async () => {
    await ok('init', '--name', 'shop');
    await ok('login', 'local-ca', '--yes');
    await ok('issue', 'Certificate/web', '--yes');
    spawnSync('rm', [
      '-r',
      path.join(place.folder, '.identity/records'),
      path.join(place.folder, 'certificates'),
    ]);
    await ok('adopt', 'tls/web.pem');
    assert.match(read('identities/web-example-com.identity.yaml'), /issuer: local-ca/);
    const before = read('tls/web.pem');
    for (const verb of ['revoke', 'destroy']) {
      const ran = await place.idac([verb, 'Certificate/web-example-com', '--yes']);
      assert.equal(ran.code, 1, `${verb}: ${ran.out}`);
    }
    assert.equal(read('tls/web.pem'), before);
  });

  it('adopts what was put there since, and the former one is superseded', async () => {
    await ok('adopt', 'tls/shop.crt');
    const names = 'DNS:shop.example.com,DNS:*.shop.example.com,IP:192.0.2.1';
    writeFileSync(path.join(place.folder, 'names'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    openssl(
      place.folder,
      ...['x509', '-req', '-in', 'tls/shop.csr', '-CA', 'ca/root.crt', '-CAkey', 'ca/root.key'],
      ...['-days', '30', '-extfile', 'names', '-out', 'tls/shop.crt'],
    );
    const verified = await place.idac(['verify', 'Certificate/shop-example-com']);
    assert.equal(verified.code, 1);
    assert.match(verified.out, /holds something else by now: adopt that/);
    await ok('adopt', 'tls/shop.crt');
    const [row, ...others] = (await rows()).filter(({ kind }) => kind === 'Certificate');
    assert.deepEqual(others, []);
    assert.equal(row?.fingerprintSha256, fingerprint('tls/shop.crt'));
    assert.equal(row?.notAfter, end('tls/shop.crt'));
    await ok('verify', 'Certificate/shop-example-com');
  });

  it('is as before once the manifest is gone', async () => {
    await ok('adopt', 'tls/shop.crt');
    spawnSync('rm', ['-r', path.join(place.folder, 'identities')]);
    assert.deepEqual(await rows(), []);
    assert.match(await ok('check', '--no-scan'), /no findings/);
    assert.equal(named(await found(), 'shop.example.com').adopt, 'Certificate');
    await ok('adopt', 'tls/shop.crt');
    assert.equal((await rows()).length, 1);
  });

  it('is not held up by pipes, links in circles, huge or unreadable files, and reads no names as markup', async () => {
    mkdirSync(path.join(place.folder, 'odd/deep'), { recursive: true });
    spawnSync('mkfifo', [path.join(place.folder, 'odd/pipe.pem')]);
    symlinkSync('..', path.join(place.folder, 'odd/deep/up'));
    symlinkSync('/etc/ssl', path.join(place.folder, 'odd/outside'));
    symlinkSync('../tls/shop.crt', path.join(place.folder, 'odd/link.crt'));
    write('odd/huge.pem', '-----BEGIN CERTIFICATE-----\n');
    truncateSync(path.join(place.folder, 'odd/huge.pem'), 5 * 1024 * 1024 * 1024);
    write('odd/cut.pem', read('tls/shop.crt').slice(0, 200));
    write('odd/noise.key', '\u0000\u0001\u0002');
    mkdirSync(path.join(place.folder, 'node_modules/pkg'), { recursive: true });
    writeFileSync(path.join(place.folder, 'node_modules/pkg/a.pem'), read('tls/shop.crt'));
    openssl(
      place.folder,
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'odd/evil.key',
      '-out',
      'odd/evil.crt',
      '-subj',
      '/CN=a: b\\nspec: {} # $x "q"',
      '-addext',
      'subjectAltName=DNS:true,DNS:bad_name.example,DNS:ok.example',
    );
    let folder = path.join(place.folder, 'odd');
    for (let depth = 0; depth < 40; depth += 1) {
      folder = path.join(folder, 'd');
      mkdirSync(folder);
    }
    const ran = await place.json(['discover']);
    assert.equal(ran.code, 0, ran.err);
    const all = ran.data['found'] as readonly Found[];
    const files = all
      .flatMap((item) => item.files.map(({ file }) => file))
      .filter((file) => file.startsWith('odd/') || file.startsWith('node_modules/'));
    assert.deepEqual(files.sort(), ['odd/evil.crt', 'odd/evil.key']);
    assert.deepEqual(ran.data['cut'], ['folders nested deeper than 24']);
    await ok('adopt', 'odd/evil.crt');
    const { data } = await place.json(['check', '--no-scan']);
    assert.deepEqual(
      (data['findings'] as readonly { severity: string }[]).filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.equal((await rows()).length, 1);
  });
});
