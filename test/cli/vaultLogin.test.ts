import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { atTerminal, needsTerminal } from '../support/terminal.ts';
import { vaultManifest } from '../support/vaultProject.ts';

/** Each project has a ledger of its own. */
let project = '';
const manifest = (address: string, extra?: string): string => vaultManifest(address, project, extra);

describe('idac login and a real OpenBao', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let place: Sandbox;
  let secretFile: string;
  let ids: { role_id: string; secret_id: string };
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());
  beforeEach(async () => {
    place = sandbox();
    project = crypto.randomUUID();
    ids = await appRole(bao);
    secretFile = path.join(path.dirname(place.folder), 'secret-id');
    writeFileSync(secretFile, `${ids.secret_id}\n`);
    writeFileSync(path.join(place.folder, 'vault.identity.yaml'), manifest(bao.address));
  });
  afterEach(() => place.remove());

  const logIn = (...more: readonly string[]) =>
    place.idac([
      'login',
      'vault-prod',
      '--yes',
      '--field',
      `role_id=${ids.role_id}`,
      '--field-file',
      `secret_id=${secretFile}`,
      ...more,
    ]);

  it('issues, rotates and revokes with a key that never leaves, once it is logged in', async () => {
    const before = await place.idac(['issue', 'Certificate/payments/api', '--yes']);
    assert.equal(before.code, 1, before.out + before.err);
    assert.match(before.err, /nobody has\s+confirmed/);
    const login = await logIn();
    assert.equal(login.code, 0, login.err);
    assert.match(login.out, /by approle, kept sealed/);
    for (const args of [
      ['issue', '--yes'],
      ['rotate', '--yes'],
      ['verify'],
      ['revoke', '--yes', '--reason', 'keyCompromise'],
    ]) {
      const [verb = '', ...rest] = args;
      const ran = await place.idac([verb, 'Certificate/payments/api', ...rest]);
      assert.equal(ran.code, 0, `${verb}: ${ran.out}${ran.err}`);
    }
  });

  it('takes the fields from variables that are named for it, and from no other', async () => {
    const vendor = { VAULT_TOKEN: 'root', VAULT_ADDR: bao.address };
    const without = await place.idac(['login', 'vault-prod', '--yes'], { env: vendor });
    assert.equal(without.code, 1);
    assert.match(
      without.err.replace(/\s+/g, ' '),
      /--from-env and IDAC_LOGIN_VAULT_PROD_ROLE_ID and IDAC_LOGIN_VAULT_PROD_SECRET_ID/,
    );
    const env = {
      IDAC_LOGIN_VAULT_PROD_ROLE_ID: ids.role_id,
      IDAC_LOGIN_VAULT_PROD_SECRET_ID_FILE: secretFile,
    };
    const { code, data } = await place.json(['login', 'vault-prod', '--yes', '--from-env'], { env });
    assert.equal(code, 0);
    assert.equal((data['login'] as { method: string }).method, 'approle');
    const doctor = await place.idac(['doctor']);
    assert.match(doctor.out, /approle, policies default, idac/);
    assert.match(doctor.out, /platform \(platform@example\.com\)/);
  });

  it('keeps no login that the server refuses, and erases one on demand', async () => {
    writeFileSync(secretFile, 'wrong-secret-id');
    const wrong = await logIn();
    assert.equal(wrong.code, 3);
    assert.match(wrong.err, /refuses the login by approle/);
    assert.ok(!wrong.err.includes('wrong-secret-id'));
    assert.equal((await place.idac(['login', 'vault-prod'])).code, 1, 'it was not kept');
    writeFileSync(secretFile, ids.secret_id);
    assert.equal((await logIn()).code, 0);
    assert.equal((await place.idac(['login', 'vault-prod'])).code, 0, 'it was kept');
    assert.equal((await place.idac(['login', 'vault-prod', '--forget'])).code, 0);
    assert.equal((await place.idac(['login', 'vault-prod'])).code, 1, 'it is gone');
    const issue = await place.idac(['issue', 'Certificate/payments/api', '--yes']);
    assert.match(issue.err.replace(/\s+/g, ' '), /No login by approle is known here.*idac login vault-prod/);
  });

  it('takes no secret from the command line, and shows none', async () => {
    const ran = await place.idac(['login', 'vault-prod', '--yes', '--field', `secret_id=${ids.secret_id}`]);
    assert.equal(ran.code, 2);
    assert.match(ran.err.replace(/\s+/g, ' '), /secret_id is a secret.*--field-file secret_id=FILE/);
    assert.ok(!ran.err.includes(ids.secret_id));
    const unknown = await place.idac(['login', 'vault-prod', '--yes', '--field', `secret=${ids.secret_id}`]);
    assert.equal(unknown.code, 2);
    assert.ok(!`${unknown.out}${unknown.err}`.includes(ids.secret_id));
    const { out, err } = await logIn('--format', 'json');
    assert.ok(!`${out}${err}`.includes(ids.secret_id));
    for (const entry of readdirSync(place.stateHome, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes(ids.secret_id), `${entry.name} shows the secret id`);
    }
  });

  it('gives the login to no other address, and to none under another CA', async () => {
    const write = (address: string, extra = ''): void =>
      writeFileSync(path.join(place.folder, 'vault.identity.yaml'), manifest(address, extra));
    const issue = () => place.idac(['issue', 'Certificate/payments/api', '--plan']);
    mkdirSync(path.join(place.folder, 'pki'));
    const ca = path.join(place.folder, 'pki', 'ca.pem');
    writeFileSync(ca, readFileSync(bao.ca));
    write(bao.tlsAddress, '  ca: pki/ca.pem\n');
    assert.equal((await logIn()).code, 0);
    const first = await issue();
    assert.equal(first.code, 0, first.out + first.err);
    writeFileSync(ca, `${readFileSync(bao.ca, 'utf8')}\n# another file\n`);
    const otherCa = await issue();
    assert.equal(otherCa.code, 1);
    assert.match(
      otherCa.err.replace(/\s+/g, ' '),
      /The CA of backend vault-prod .* is another one than was confirmed/,
    );
    writeFileSync(ca, readFileSync(bao.ca));
    assert.equal((await issue()).code, 0);
    write('https://127.0.0.1:1', '  ca: pki/ca.pem\n');
    assert.match((await issue()).err.replace(/\s+/g, ' '), /it was confirmed for/);
    // Confirmed without a login: the one of before is not taken along.
    assert.equal((await place.idac(['login', 'vault-prod', '--yes'])).code, 1);
    assert.match((await issue()).err, /No login by approle/);
  });

  it('rotates the secret id that it logs in with itself: the new one works before the old one is revoked', async () => {
    const role = 'checkout';
    await bao.root('POST', `auth/approle/role/${role}`, {
      token_policies: ['idac'],
      token_ttl: '20m',
      secret_id_ttl: '720h',
    });
    ids = await appRole(bao, role);
    writeFileSync(secretFile, ids.secret_id);
    const kept = `login/${project}`;
    writeFileSync(
      path.join(place.folder, 'vault.identity.yaml'),
      `${manifest(bao.address, `  tokens: { method: approle, role: ${role} }\n`)}---
apiVersion: identity-as-code/v1
kind: Token
metadata: { name: vault-login, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  issuer: vault-prod
  format: opaque
  duration: 30d
  renewal: { overlap: 1s }
  deliverTo:
    - { backend: vault-prod, path: ${kept} }
`,
    );
    const run = async (...args: readonly string[]) => {
      const ran = await place.idac(args);
      assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.out}${ran.err}`);
      return ran.out;
    };
    const delivered = async (): Promise<string> => {
      const { data } = await bao.root('GET', `secret/data/payments/${project}/${kept}`);
      return (data as { data: { token: string } }).data.token;
    };
    const works = async (secret_id: string): Promise<boolean> => {
      const body = JSON.stringify({ role_id: ids.role_id, secret_id });
      return (await fetch(`${bao.address}/v1/auth/approle/login`, { method: 'POST', body })).ok;
    };
    const logInWith = async (secretId: string): Promise<void> => {
      writeFileSync(secretFile, secretId);
      const ran = await logIn();
      assert.equal(ran.code, 0, ran.err);
    };
    assert.equal((await logIn()).code, 0);
    await run('issue', 'Token/payments/vault-login', '--yes');
    const first = await delivered();
    await logInWith(first);

    const rotated = await place.idac(['rotate', 'Token/payments/vault-login', '--yes']);
    assert.ok([0, 4].includes(rotated.code ?? -1), rotated.out + rotated.err);
    const second = await delivered();
    assert.notEqual(second, first);
    assert.deepEqual([await works(first), await works(second)], [true, true]);
    await logInWith(second);
    for (let tries = 0; tries < 50 && (await works(first)); tries += 1) await place.idac(['resume']);
    assert.deepEqual([await works(first), await works(second)], [false, true]);
    await run('verify', 'Token/payments/vault-login');
    assert.match((await place.idac(['doctor'])).out, /approle, policies default, idac/);
    for (const secret of [first, second]) assert.ok(!`${rotated.out}${rotated.err}`.includes(secret));
  });

  it('asks at a terminal for what the method needs, and shows no secret while it is typed', async function () {
    needsTerminal(this);
    const { code, screen } = await atTerminal(place, 'login vault-prod', [
      [/Is that meant\?/, 'y\r'],
      [/Role id \(or @FILE\):/, `${ids.role_id}\r`],
      [/Secret id \(or @FILE\), empty to give a wrapped secret id:/, `${ids.secret_id}\r`],
    ]);
    assert.equal(code, 0, screen);
    assert.match(screen, /kept sealed since/);
    assert.ok(screen.includes(ids.role_id) && !screen.includes(ids.secret_id));
    const again = await atTerminal(place, 'login vault-prod', [
      [/Role id/, `${ids.role_id}\r`],
      [/Secret id/, `@${secretFile}\r`],
    ]);
    assert.equal(again.code, 0, again.screen);
  });
});
