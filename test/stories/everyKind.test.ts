/** The whole life of each kind of identity on the command line, judged by OpenSSH, OpenSSL and node:crypto. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, type JsonWebKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { InventoryRow } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { attempt, done, git, NEVER } from '../support/acting.ts';
import { EVERY_KIND } from '../support/everyKind.ts';
import { PATIENCE, type Ran, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { keyUnlock, type TempProject, tempProject } from '../support/tempProject.ts';

const DAY = 86_400_000;

/** What the registered workload presents: a certificate and a JWT that name its SPIFFE ID. */
const SVIDS = `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: svid }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [server auth, client auth]
  uris: [spiffe://example.org/front]
  issuer: lab
  duration: 1d
  deliverTo:
    - { backend: lab, path: svid.pem, contents: [chain] }
    - { backend: lab, path: secret/svid.key.pem, contents: [privateKey] }
---
apiVersion: identity-as-code/v1
kind: Token
metadata: { name: jwt-svid }
spec:
  owner: { team: shop, contact: shop@example.com }
  issuer: lab
  subject: spiffe://example.org/front
  audience: [shop]
  duration: 1d
  deliverTo: [{ backend: lab, path: secret/jwt-svid, contents: [token] }]
`;

describe('every kind of identity on the command line', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  /** Everything that was printed, and every secret that was delivered. */
  const printed: string[] = [];
  const secrets = new Map<string, string>();

  before(function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    needs(this, 'openssl', hasProgram('openssl'));
    place = sandbox();
    for (const [file, text] of Object.entries(EVERY_KIND)) write(file, text);
  });
  after(() => place?.remove());

  const at = (file: string) => path.join(place.folder, file);
  const read = (file: string) => readFileSync(at(file), 'utf8');
  function write(file: string, text: string): void {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
  }
  const edit = (file: string, from: string, to: string): void => {
    assert.ok(read(file).includes(from), `${file} holds ${from}`);
    write(file, read(file).replace(from, to));
  };

  const idac = async (...args: readonly string[]): Promise<Ran> => {
    const ran = await place.idac(args);
    printed.push(ran.out, ran.err);
    return ran;
  };
  const ok = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await idac(...args);
    assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
    return out;
  };
  const refused = async (words: RegExp, ...args: readonly string[]): Promise<void> => {
    const { code, out, err } = await idac(...args);
    assert.notEqual(code, 0, out);
    assert.match(`${out} ${err}`.replace(/\s+/g, ' '), words);
  };
  const rows = async (name: string, ...args: readonly string[]): Promise<readonly InventoryRow[]> => {
    const { identities } = JSON.parse(await ok('inventory', '--format', 'json', ...args)) as {
      readonly identities: readonly InventoryRow[];
    };
    return identities.filter((row) => row.name === name);
  };
  const states = async (name: string, ...args: readonly string[]): Promise<readonly string[]> =>
    (await rows(name, ...args)).map(({ state }) => state);

  /** What the file holds is remembered as a secret that may be in no other place. */
  const secretAt = (file: string): string => {
    const text = read(file).trim();
    secrets.set(text, file);
    return text;
  };
  const ssh = (...args: readonly string[]) =>
    execFileSync('ssh-keygen', args, { encoding: 'utf8', cwd: place.folder });
  const publicPart = (line: string) => line.trim().split(' ').slice(0, 2).join(' ');
  const isRevoked = (file: string) => {
    const { status, stdout } = spawnSync('ssh-keygen', ['-Q', '-f', at('ssh/revoked.krl'), file], {
      encoding: 'utf8',
      cwd: place.folder,
    });
    assert.ok(status === 0 || stdout.includes('REVOKED'), stdout);
    return status !== 0;
  };
  /** Keeps a public file beside the project, for questions about what was replaced. */
  const keepCopy = (file: string): string => {
    const copy = path.join(path.dirname(place.folder), `former-${path.basename(file)}`);
    writeFileSync(copy, read(file));
    return copy;
  };

  const keysInStore = () =>
    readdirSync(place.stateHome, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /backends.lab.keys.[0-9a-f]+\.json$/.test(file),
    );

  it('a plan of each makes nothing', async () => {
    for (const identity of [
      'Key/signing',
      'SshKey/deploy',
      'SshCertificate/ops',
      'Token/api',
      'Workload/front',
    ])
      assert.match(await ok('issue', identity, '--plan'), /^Issue /);
    assert.equal(existsSync(at('.identity')), false);
    assert.deepEqual(new Set((await rows('ops')).map(({ state }) => state)), new Set(['declared']));
  });

  it('Key: made in its store, published, replaced, out of date, revoked, destroyed', async () => {
    const spki = () => {
      execFileSync('openssl', ['pkey', '-pubin', '-in', at('keys/signing.pem'), '-noout']);
      return createPublicKey(read('keys/signing.pem'));
    };
    await ok('issue', 'Key/signing', '--yes');
    assert.deepEqual(spki().asymmetricKeyDetails, { namedCurve: 'prime256v1' });
    await ok('verify', 'Key/signing');
    await refused(/is issued/, 'issue', 'Key/signing', '--yes');

    const first = spki();
    const plan = await ok('rotate', 'Key/signing', '--plan');
    assert.match(
      plan,
      /make the key[\s\S]*deliver[\s\S]*verify[\s\S]*can only be finished[\s\S]*destroy the key/,
    );
    await ok('rotate', 'Key/signing', '--yes');
    assert.equal(first.equals(spki()), false);
    await ok('verify', 'Key/signing');

    edit('key.identity.yaml', 'ECDSA-P256', 'Ed25519');
    assert.deepEqual(await states('signing'), ['outOfDate']);
    assert.match((await idac('check')).out, /credential\/out-of-date/);
    await ok('renew', 'Key/signing', '--yes');
    assert.equal(spki().asymmetricKeyType, 'ed25519');
    assert.deepEqual(await states('signing'), ['active']);

    assert.equal(keysInStore().length, 1);
    edit('key.identity.yaml', 'duration: 365d', 'duration: 365d\n  formerKey: keep');
    await ok('rotate', 'Key/signing', '--yes');
    assert.equal(keysInStore().length, 2, 'the former key still decrypts and verifies');

    // The keys that were replaced before are gone, and nobody is sent to look for them.
    const revocation = await ok('revoke', 'Key/signing', '--reason', 'keyCompromise', '--yes');
    assert.doesNotMatch(revocation, /in the clone that did/);
    assert.deepEqual(await states('signing'), ['revoked']);
    await refused(/no key that is still accepted/, 'revoke', 'Key/signing', '--plan');
    await ok('destroy', 'Key/signing', '--yes');
    assert.deepEqual(await states('signing'), ['destroyed']);
    assert.equal(existsSync(at('keys/signing.pem')), false);
    assert.deepEqual(keysInStore(), [], 'the kept one is destroyed, too');
  });

  it('SshKey: enrolled; the former one is on the revocation list as soon as it is replaced', async () => {
    await ok('issue', 'SshKey/deploy', '--yes');
    secretAt('secret/deploy');
    assert.equal(
      publicPart(ssh('-y', '-P', '', '-f', at('secret/deploy'))),
      publicPart(read('ssh/deploy.pub')),
    );
    assert.equal(isRevoked(at('ssh/deploy.pub')), false);
    const former = keepCopy('ssh/deploy.pub');
    await ok('rotate', 'SshKey/deploy', '--yes');
    secretAt('secret/deploy');
    assert.equal(isRevoked(former), true);
    assert.equal(isRevoked(at('ssh/deploy.pub')), false);
    await ok('verify', 'SshKey/deploy');
    await ok('revoke', 'SshKey/deploy', '--reason', 'keyCompromise', '--yes');
    assert.equal(isRevoked(at('ssh/deploy.pub')), true);
    await ok('destroy', 'SshKey/deploy', '--yes');
    assert.equal(existsSync(at('secret/deploy')) || existsSync(at('ssh/deploy.pub')), false);
    assert.deepEqual(await states('deploy'), ['destroyed']);
  });

  it('SshKey: servers do not know its declared end, so it can be revoked after that', async () => {
    write(
      'ended.identity.yaml',
      EVERY_KIND['ssh-key.identity.yaml']
        ?.replace('name: deploy', 'name: ended')
        .replace('180d', '1s')
        .replace('secret/deploy', 'secret/ended')
        .replace('ssh/deploy.pub', 'ssh/ended.pub') ?? '',
    );
    await ok('issue', 'SshKey/ended', '--yes');
    secretAt('secret/ended');
    while (!(await states('ended')).includes('expired')) await new Promise((soon) => setTimeout(soon, 100));
    assert.ok((await rows('ended'))[0]?.verbs.includes('revoke'));
    await ok('revoke', 'SshKey/ended', '--reason', 'keyCompromise', '--yes');
    assert.equal(isRevoked(at('ssh/ended.pub')), true);
    assert.deepEqual(await states('ended'), ['revoked']);
  });

  it('what was replaced at another backend is on the revocation list of the one that made it', async () => {
    write(
      'moved.identity.yaml',
      EVERY_KIND['ssh-key.identity.yaml']
        ?.replace('name: deploy', 'name: moved')
        .replace('secret/deploy', 'secret/moved')
        .replace('ssh/deploy.pub', 'ssh/moved.pub') ?? '',
    );
    await ok('issue', 'SshKey/moved', '--yes');
    secretAt('secret/moved');
    const former = keepCopy('ssh/moved.pub');
    write(
      'other.identity.yaml',
      `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: other }
spec:
  type: local
  store: moved
  owner: { team: shop, contact: shop@example.com }
  ssh: { krl: { path: ssh/other.krl } }
`,
    );
    await ok('login', 'other', '--yes');
    edit('moved.identity.yaml', 'issuer: lab', 'issuer: other');
    await ok('rotate', 'SshKey/moved', '--yes');
    secretAt('secret/moved');
    assert.equal(isRevoked(former), true);
    assert.equal(isRevoked(at('ssh/moved.pub')), false);
    await ok('revoke', 'SshKey/moved', '--yes');
    assert.equal(ssh('-Q', '-l', '-f', at('ssh/other.krl')).includes('KRL'), true);
  });

  it('SshKey of a machine: its public key is read, and a rotation wants another one', async () => {
    const newKey = (name: string) => {
      ssh('-q', '-t', 'ed25519', '-N', '', '-C', 'own', '-f', path.join(path.dirname(place.folder), name));
      write('ssh/own.pub', readFileSync(path.join(path.dirname(place.folder), `${name}.pub`), 'utf8'));
    };
    await refused(/ssh\/own\.pub/, 'issue', 'SshKey/own', '--yes');
    newKey('own-1');
    const good = read('ssh/own.pub');
    const inToken = ['sk-ssh-ed25519@openssh.com', randomBytes(32), 'ssh:'].map((part) => Buffer.from(part));
    const blob = Buffer.concat(
      inToken.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part]),
    ).toString('base64');
    for (const unclear of [`${good}${good}`, `command="true" ${good}`, `${inToken[0]} ${blob} token\n`]) {
      write('ssh/own.pub', unclear);
      await refused(
        /idac refused ssh\/own\.pub does not hold one public key/,
        'issue',
        'SshKey/own',
        '--yes',
      );
    }
    write('ssh/own.pub', good);
    await ok('issue', 'SshKey/own', '--yes');
    const former = keepCopy('ssh/own.pub');
    assert.equal(isRevoked(former), false);
    for (const verb of ['rotate', 'renew'])
      await refused(/still holds the key that is in use/, verb, 'SshKey/own', '--yes');
    assert.equal(isRevoked(former), false);
    newKey('own-2');
    await ok('rotate', 'SshKey/own', '--yes');
    assert.deepEqual([isRevoked(former), isRevoked(at('ssh/own.pub'))], [true, false]);
    await ok('verify', 'SshKey/own');
    assert.deepEqual(await states('own'), ['active']);
    // What was revoked is not taken again.
    await ok('revoke', 'SshKey/own', '--reason', 'keyCompromise', '--yes');
    await refused(/revoked/, 'issue', 'SshKey/own', '--yes');
    assert.equal(isRevoked(at('ssh/own.pub')), true);
    newKey('own-3');
    await ok('issue', 'SshKey/own', '--yes');
    assert.deepEqual([isRevoked(at('ssh/own.pub')), await states('own')], [false, ['active']]);
  });

  it('SshCertificate: each machine has its own, with its own principals, key and life', async () => {
    const told = (machine: string) => ssh('-L', '-f', at(`ssh/${machine}/id-cert.pub`));
    await ok('issue', 'SshCertificate/ops', '--yes');
    for (const machine of ['db-1', 'db-2']) {
      secretAt(`secret/${machine}/id`);
      const text = told(machine);
      assert.match(text, /Type: ssh-ed25519-cert-v01@openssh\.com user certificate/);
      assert.match(text, new RegExp(`Principals: \\s+ops\\s+ops@${machine}\\s+Critical`));
      assert.match(text, /source-address 10\.0\.0\.0\/8/);
      assert.match(text, /Extensions: \s+permit-pty\s*$/);
      const [, signedBy] = /Signing CA: \S+ (SHA256:\S+)/.exec(text) ?? [];
      assert.equal(ssh('-lf', at('ssh/user_ca.pub')).split(' ')[1], signedBy);
      const fingerprints = [`secret/${machine}/id`, `ssh/${machine}/id-cert.pub`].map(
        (file) => ssh('-lf', at(file)).split(' ')[1],
      );
      assert.equal(fingerprints[0], fingerprints[1]);
    }
    const other = read('ssh/db-2/id-cert.pub');
    const former = keepCopy('ssh/db-1/id-cert.pub');
    await ok('rotate', 'SshCertificate/ops', '--machine', 'db-1', '--yes');
    secretAt('secret/db-1/id');
    assert.notEqual(read('ssh/db-1/id-cert.pub'), readFileSync(former, 'utf8'));
    assert.equal(read('ssh/db-2/id-cert.pub'), other);
    // It lapses by itself, until everything that is still accepted is revoked.
    assert.equal(isRevoked(former), false);
    await ok('revoke', 'SshCertificate/ops', '--machine', 'db-1', '--reason', 'keyCompromise', '--yes');
    assert.deepEqual([former, at('ssh/db-1/id-cert.pub'), at('ssh/db-2/id-cert.pub')].map(isRevoked), [
      true,
      true,
      false,
    ]);
    assert.deepEqual((await rows('ops')).map(({ machine, state }) => `${machine} ${state}`).sort(), [
      'db-1 revoked',
      'db-2 active',
    ]);
    await ok('destroy', 'SshCertificate/ops', '--machine', 'db-1', '--yes');
    assert.deepEqual([existsSync(at('secret/db-1/id')), existsSync(at('secret/db-2/id'))], [false, true]);

    edit('ssh-user.identity.yaml', '[permit-pty]', '[permit-pty, permit-port-forwarding]');
    assert.deepEqual((await states('ops')).toSorted(), ['destroyed', 'outOfDate']);
    await ok('renew', 'SshCertificate/ops', '--machine', 'db-2', '--yes');
    secretAt('secret/db-2/id');
    assert.match(told('db-2'), /permit-port-forwarding/);
    await ok('issue', 'SshCertificate/ops', '--machine', 'db-1', '--yes');
    secretAt('secret/db-1/id');
    assert.deepEqual(await states('ops'), ['active', 'active']);
  });

  it('SshCertificate over a key in a store, one for all machines: renewal keeps the key, rotation does not', async () => {
    const key = () => ssh('-lf', at('ssh/host-cert.pub')).split(' ')[1];
    await ok('issue', 'SshCertificate/host', '--yes');
    const text = ssh('-L', '-f', at('ssh/host-cert.pub'));
    assert.match(text, /ecdsa-sha2-nistp256-cert-v01@openssh\.com host certificate/);
    const [, signedBy] = /Signing CA: \S+ (SHA256:\S+)/.exec(text) ?? [];
    const [, pattern, ...authority] = read('ssh/known_hosts').split(' ');
    assert.equal(pattern, '*.example.com');
    write('secret/host_ca.pub', authority.join(' '));
    assert.equal(ssh('-lf', at('secret/host_ca.pub')).split(' ')[1], signedBy);
    const first = key();
    await ok('renew', 'SshCertificate/host', '--yes');
    assert.equal(key(), first);
    await ok('rotate', 'SshCertificate/host', '--yes');
    assert.notEqual(key(), first);
    await refused(
      /one key for all its machines/,
      'revoke',
      'SshCertificate/host',
      '--machine',
      'db-1',
      '--yes',
    );
    await ok('verify', 'SshCertificate/host');
  });

  it('Token: a JWT that the published key set verifies; a replaced one is on the list of the revoked', async () => {
    const claims = (token: string) => {
      const [header = '', payload = '', signature = ''] = token.split('.');
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
      const { keys } = JSON.parse(read('tokens/jwks.json')) as { keys: (JsonWebKey & { kid: string })[] };
      const jwk = keys.find((each) => each.kid === kid);
      assert.ok(jwk);
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const signed = Buffer.from(`${header}.${payload}`);
      const how = { key, dsaEncoding: 'ieee-p1363' } as const;
      assert.ok(verify('sha256', signed, how, Buffer.from(signature, 'base64url')), 'the signature is right');
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Readonly<Record<string, unknown>>;
    };
    const revoked = () =>
      (JSON.parse(read('tokens/revoked.json')) as { revoked: { jti: string }[] }).revoked.map(
        ({ jti }) => jti,
      );

    await ok('issue', 'Token/api', '--yes');
    const [first, other] = ['db-1', 'db-2'].map((machine) => secretAt(`secret/${machine}/api.token`));
    const said = claims(first ?? '');
    assert.deepEqual(
      [said['sub'], said['aud'], said['scope']],
      ['Token/default/api@db-1', ['https://api.example.com'], 'read'],
    );
    assert.notEqual(said['jti'], claims(other ?? '')['jti']);
    await ok('verify', 'Token/api');
    await ok('rotate', 'Token/api', '--machine', 'db-1', '--yes');
    const second = secretAt('secret/db-1/api.token');
    assert.notEqual(second, first);
    assert.equal(read('secret/db-2/api.token').trim(), other);
    assert.deepEqual(revoked(), [said['jti']]);

    edit('token.identity.yaml', '[read]', '[read, write]');
    assert.deepEqual(await states('api'), ['outOfDate', 'outOfDate']);
    await ok('renew', 'Token/api', '--yes');
    for (const machine of ['db-1', 'db-2'])
      assert.equal(claims(secretAt(`secret/${machine}/api.token`))['scope'], 'read write');
    const inUse = [
      claims(read('secret/db-1/api.token'))['jti'],
      claims(read('secret/db-2/api.token'))['jti'],
    ];

    await ok('revoke', 'Token/api', '--reason', 'cessationOfOperation', '--yes');
    assert.ok(inUse.every((jti) => revoked().includes(String(jti))));
    assert.deepEqual(await states('api'), ['revoked', 'revoked']);
    assert.match(await ok('destroy', 'Token/api', '--yes'), /the token/);
    assert.deepEqual(await states('api'), ['destroyed', 'destroyed']);
    assert.equal(existsSync(at('secret/db-1/api.token')), false);
  });

  it('Token, opaque: due by its own dates; both count during the overlap, and one that ends it ends both', async () => {
    await ok('issue', 'Token/opaque', '--yes');
    const first = secretAt('secret/opaque.token');
    assert.doesNotMatch(first, /^eyJ/);
    assert.deepEqual(await states('opaque'), ['due']);
    assert.deepEqual(await states('opaque', '--now', new Date(Date.now() + 40 * DAY).toISOString()), [
      'expired',
    ]);
    const renewed = await idac('renew', '--due', '--yes');
    assert.match(`${renewed.out}${renewed.err}`, /Token\/default\/opaque[\s\S]*stay in use until/);
    const second = secretAt('secret/opaque.token');
    assert.notEqual(second, first);
    assert.doesNotMatch(
      read('tokens/revoked.json'),
      new RegExp((await rows('opaque'))[0]?.serialNumber ?? '-'),
    );
    const before = (read('tokens/revoked.json').match(/"jti"/g) ?? []).length;
    await ok('revoke', 'Token/opaque', '--reason', 'keyCompromise', '--yes');
    assert.equal((read('tokens/revoked.json').match(/"jti"/g) ?? []).length, before + 2);
    assert.deepEqual(await states('opaque'), ['revoked']);
  });

  it('Workload: registered, made again when its manifest changed, revoked; its trust bundle can be read', async () => {
    await ok('issue', 'Workload/front', '--yes');
    const { keys } = JSON.parse(read('spiffe/bundle.json')) as { keys: { use: string; x5c?: string[] }[] };
    const root = keys.find(({ use }) => use === 'x509-svid')?.x5c?.[0] ?? '';
    assert.ok(new X509Certificate(Buffer.from(root, 'base64')).ca);
    await ok('verify', 'Workload/front');
    assert.deepEqual(await states('front', '--now', '2090-01-01T00:00:00Z'), ['active']);
    const [row] = await rows('front');
    assert.deepEqual([row?.notAfter, row?.renewAfter, row?.daysLeft], [null, null, null]);
    await refused(/nothing to rotate/, 'rotate', 'Workload/front', '--yes');
    write('svid.identity.yaml', SVIDS);
    await ok('issue', 'Certificate/svid', '--yes');
    await ok('issue', 'Token/jwt-svid', '--yes');
    const x509 = execFileSync('openssl', ['x509', '-in', at('svid.pem'), '-noout', '-ext', 'subjectAltName']);
    assert.match(x509.toString(), /URI:spiffe:\/\/example\.org\/front/);
    const jwt = ['verify', 'Workload/front', '--svid', 'secret/jwt-svid', '--audience'];
    secretAt('secret/jwt-svid');
    assert.match(
      await ok('verify', 'Workload/front', '--svid', 'svid.pem'),
      /proves spiffe:\/\/example\.org\/front/,
    );
    assert.match(await ok(...jwt, 'shop'), /proves spiffe:\/\/example\.org\/front/);
    await refused(/another audience/, ...jwt, 'other');
    await ok('revoke', 'Token/jwt-svid', '--reason', 'keyCompromise', '--yes');
    await refused(/revoked/, ...jwt, 'shop');

    edit('workload.identity.yaml', 'uid:1000', 'uid:1001');
    assert.deepEqual(await states('front'), ['outOfDate']);
    await ok('renew', 'Workload/front', '--yes');
    assert.deepEqual(await states('front'), ['active']);
    assert.notEqual((await rows('front'))[0]?.serialNumber, row?.serialNumber);
    // Under another name it is the same workload.
    edit('workload.identity.yaml', 'name: front', 'name: store, formerNames: [front]');
    await ok('renew', 'Workload/store', '--yes');
    await ok('revoke', 'Workload/store', '--yes');
    assert.deepEqual(await states('store'), ['revoked']);
    await refused(/no registration to verify|revoked/, 'verify', 'Workload/store');
  });

  it('a machine is named in place of its identities: its shares of every kind are looked at and ended', async () => {
    await ok('issue', 'Token/api', '--yes');
    for (const machine of ['db-1', 'db-2']) secretAt(`secret/${machine}/api.token`);
    const verified = await ok('verify', 'Machine/db-2');
    assert.match(verified, /Verified SshCertificate\/default\/ops[\s\S]*Verified Token\/default\/api/);
    const { out, err } = await idac('revoke', 'Machine/db-2', '--plan');
    assert.match(out, /SshCertificate\/default\/ops on db-2[\s\S]*Token\/default\/api on db-2/);
    assert.match(err.replace(/\s+/g, ' '), /SshCertificate\/default\/host has one key for all its machines/);
    await ok('revoke', 'Token/api', 'SshCertificate/ops', '--machine', 'db-2', '--yes');
    assert.equal(isRevoked(at('ssh/db-2/id-cert.pub')), true);
    assert.equal(isRevoked(at('ssh/db-1/id-cert.pub')), false);
    assert.deepEqual((await states('api')).toSorted(), ['active', 'revoked']);
  });

  it('the record is whole, and the doctor has nothing to say', async () => {
    await ok('log', 'verify');
    assert.match(await ok('log', 'show', 'Token/api'), /revoked/);
    const doctor = await ok('doctor');
    assert.match(doctor, /SshAuthority, TokenIssuer, WorkloadRegistry/);
    assert.doesNotMatch(doctor, /SecretStore,\s+SshAuthority/);
    assert.doesNotMatch(doctor, /failed/);
  });

  it('no key and no token is anywhere but where it was delivered: not printed, not recorded, not in the state folder', () => {
    assert.ok(secrets.size >= 12);
    for (const [secret, home] of secrets) {
      // Of a key one line of its text, of a JWT its signature.
      const mark = secret.startsWith('-----')
        ? (secret.split('\n')[3] ?? '')
        : (secret.split('.').at(-1) ?? '');
      assert.ok(mark.length > 20);
      assert.ok(!printed.some((text) => text.includes(mark)), `${home} was printed`);
      const holders = filesThatHold(mark);
      const isThere = existsSync(at(home)) && read(home).includes(mark);
      assert.deepEqual(holders, isThere ? [path.join('project', home)] : []);
    }
  });

  function filesThatHold(mark: string): readonly string[] {
    const base = path.dirname(place.folder);
    return readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file, 'latin1').includes(mark))
      .map((file) => path.relative(base, file));
  }

  it('a token or key that git would take is refused before anything is made', async () => {
    const events = () => readdirSync(at('.identity/records'), { recursive: true }).length;
    const before = events();
    for (const [file, identity] of [
      ['opaque.identity.yaml', 'Token/opaque'],
      ['ssh-key.identity.yaml', 'SshKey/deploy'],
    ] as const) {
      write(file, read(file).replace(/path: secret\//, 'path: open/'));
      await refused(/open\/.*git/, 'issue', identity, '--yes');
    }
    assert.equal(existsSync(at('open')), false);
    assert.equal(events(), before);
    assert.match((await idac('resume', '--list')).err, /Nothing is unfinished/);
  });
});

describe('a token whose delivery fails', function () {
  this.timeout(120_000);
  let place: TempProject;
  beforeEach(async () => {
    place = await tempProject(EVERY_KIND);
    git(place.root, 'init', '-q');
  });
  afterEach(() => place.remove());

  const identity: IdentityId = {
    apiVersion: 'identity-as-code/v1',
    kind: 'Token',
    namespace: 'default',
    name: 'api',
  };

  it('is revoked, the one that is in use stays, and nothing is left of the new one', async () => {
    const project = await place.open();
    await done(project, 'issue', identity);
    const file = path.join(place.root, 'secret/db-1/api.token');
    const inUse = readFileSync(file, 'utf8');
    const result = await attempt(project, 'rotate', identity, {
      async reached(point) {
        // From now on git would take the token.
        if (point.at === 'step-acted' && point.step.verb === 'issue') await place.write('.gitignore', '');
      },
    });
    assert.ok(!('refused' in result) && result.state === 'failed', JSON.stringify(result));
    assert.match(result.next, /Step 2 \(deliver at lab\): .*git.* Everything was taken back\./);
    await place.write('.gitignore', 'secret/\n');

    const { revoked } = JSON.parse(readFileSync(path.join(place.root, 'tokens/revoked.json'), 'utf8')) as {
      readonly revoked: readonly { readonly jti: string }[];
    };
    const made = result.events.flatMap((event) =>
      event.type === 'issued' ? [event.credential.serialNumber] : [],
    );
    assert.deepEqual(
      revoked.map(({ jti }) => jti),
      made,
    );
    assert.equal(made.length, 1);
    assert.equal(readFileSync(file, 'utf8'), inUse);
    const report = await project.actions.verify({ identity }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    await project.close();

    const base = path.dirname(place.root);
    const holders = readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((each) => /eyJ[\w-]+\.eyJ/.test(readFileSync(each, 'latin1')));
    assert.deepEqual(holders.map((each) => path.relative(place.root, each)).toSorted(), [
      'secret/db-1/api.token',
      'secret/db-2/api.token',
    ]);
    const sealed = await openSealedStore(
      sealedStoreFolder(place.stateHome),
      keyUnlock(place.unlockKey),
      nodeRandom,
    );
    assert.deepEqual(await sealed.list('staged'), []);
  });
});
