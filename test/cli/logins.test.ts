import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly owner: string | null;
  readonly contact: string | null;
  readonly state: string;
  readonly status: string;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly verbs: readonly string[];
  readonly login?: {
    readonly method: string;
    readonly seenAt: string | null;
    readonly reach: readonly string[];
  };
}

const DAY = 86_400_000;

describe('the login of a backend in the inventory', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let place: Sandbox;
  let ids: { role_id: string; secret_id: string };
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    await bao.root('POST', 'auth/approle/role/idac', {
      token_policies: ['idac'],
      token_ttl: '20m',
      secret_id_ttl: '720h',
    });
  });
  after(() => bao?.stop());
  beforeEach(async () => {
    ids = await appRole(bao);
    place = sandbox();
    writeFileSync(
      path.join(place.folder, 'vault.identity.yaml'),
      vaultManifest(bao.address, crypto.randomUUID()),
    );
  });
  afterEach(() => place.remove());

  const secretFile = () => path.join(path.dirname(place.folder), 'secret-id');
  const logIn = async () => {
    writeFileSync(secretFile(), ids.secret_id);
    const given = ['--field', `role_id=${ids.role_id}`, '--field-file', `secret_id=${secretFile()}`];
    const ran = await place.idac(['login', 'vault-prod', '--yes', ...given]);
    assert.equal(ran.code, 0, ran.err);
  };
  const row = async (...args: readonly string[]): Promise<Row> => {
    const { data, out } = await place.json(['inventory', ...args]);
    const rows = (data['identities'] as readonly Row[]).filter(({ kind }) => kind === 'Login');
    assert.equal(rows.length, 1, out);
    const [found] = rows;
    assert.ok(found);
    for (const secret of [ids.role_id, ids.secret_id])
      assert.ok(!out.includes(secret), 'nothing of the login');
    return found;
  };
  const at = (from: number, days: number): string => new Date(from + days * DAY).toISOString();

  it('is there before anybody logged in, and after it was erased', async () => {
    const before = await row();
    assert.deepEqual(
      [before.name, before.owner, before.contact],
      ['vault-prod', 'platform', 'platform@example.com'],
    );
    assert.equal(before.state, 'unconfirmed');
    assert.match(before.status, /idac login vault-prod/);
    await logIn();
    assert.equal((await place.idac(['login', 'vault-prod', '--forget'])).code, 0);
    assert.equal((await row()).state, 'missing');
  });

  it('has its age, its end and its reach, which were seen when it was given, and asks nobody', async () => {
    const from = Date.now();
    await logIn();
    const audited = readFileSync(bao.auditLog, 'utf8').length;
    const given = await row();
    assert.equal(given.state, 'active', given.status);
    assert.ok(
      Math.abs(Date.parse(given.notAfter ?? '') - from - 30 * DAY) < 60_000,
      given.notAfter ?? 'none',
    );
    assert.ok(Math.abs(Date.parse(given.notBefore ?? '') - from) < 60_000);
    assert.deepEqual(given.login?.reach, ['AppRole idac', 'policy default', 'policy idac']);
    assert.deepEqual([given.login?.method, given.verbs], ['approle', []]);
    assert.ok(given.login?.seenAt);

    const due = await row('--now', at(from, 25));
    assert.equal(due.state, 'due');
    assert.match(due.status, /due for renewal, expires in \d days: idac login vault-prod/);
    assert.equal((await row('--now', at(from, 31))).state, 'expired');

    const text = await place.idac(['inventory', '--group-by', 'kind']);
    assert.match(text.out, /Login\/vault-prod/);
    const csv = await place.idac(['inventory', '--format', 'csv']);
    assert.match(csv.out, /Login,,vault-prod,,platform,.*,approle,.*AppRole idac/);
    assert.equal(readFileSync(bao.auditLog, 'utf8').length, audited, 'the server was asked');
  });

  it('says in doctor until when it counts, and after that it was refused', async () => {
    await logIn();
    const doctor = await place.idac(['doctor']);
    assert.match(doctor.out, /kept login/);
    assert.match(doctor.out, /by approle, given on \d{4}-/);
    assert.match(doctor.out, /policy idac/);
    await bao.root('POST', 'auth/approle/role/idac/secret-id/destroy', { secret_id: ids.secret_id });
    assert.equal((await place.idac(['doctor'])).code, 1);
    const refused = await row();
    assert.equal(refused.state, 'expired');
    assert.match(refused.status, /refused by the backend on \d{4}-/);
    const run = await place.idac(['issue', 'Certificate/payments/api', '--yes']);
    assert.match(run.err, /idac login vault-prod/);
  });

  it('is unconfirmed once its manifest points elsewhere', async () => {
    await logIn();
    writeFileSync(
      path.join(place.folder, 'vault.identity.yaml'),
      vaultManifest('https://elsewhere.example.com:8200', 'other'),
    );
    assert.equal((await row()).state, 'unconfirmed');
  });
});
