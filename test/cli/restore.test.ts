import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';

const API = 'Certificate/payments/api';

describe('idac restore and a real OpenBao', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let place: Sandbox;
  let own: string;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());
  beforeEach(() => {
    place = sandbox();
    own = crypto.randomUUID();
  });
  afterEach(() => place.remove());

  async function begin(change: (text: string) => string): Promise<void> {
    writeFileSync(path.join(place.folder, 'vault.identity.yaml'), change(vaultManifest(bao.address, own)));
    const { role_id, secret_id } = await appRole(bao);
    const file = path.join(path.dirname(place.folder), 'secret-id');
    writeFileSync(file, secret_id);
    const fields = ['--field', `role_id=${role_id}`, '--field-file', `secret_id=${file}`];
    const login = await place.idac(['login', 'vault-prod', '--yes', ...fields]);
    assert.equal(login.code, 0, login.err);
    for (const verb of ['issue', 'rotate']) {
      const ran = await place.idac([verb, API, '--yes']);
      assert.equal(ran.code, 0, `${verb}: ${ran.out}${ran.err}`);
    }
  }
  const inEngine = (text: string) =>
    text
      .replace('origin: store, store: vault-prod', 'origin: engine')
      .replace('contents: [chain]', 'contents: [chain, privateKey]');
  async function version(n: number): Promise<unknown> {
    const at = `secret/data/payments/${own}/tls/api?version=${n}`;
    return ((await bao.root('GET', at))['data'] as { data: unknown }).data;
  }

  it('plans, puts back and verifies; what it prints holds no key', async () => {
    await begin(inEngine);
    const plan = await place.idac(['restore', API, '--plan']);
    assert.equal(plan.code, 0, plan.err);
    assert.match(plan.out, /put back .*vault-prod.*tls\/api/);
    assert.match(plan.out.replace(/\s+/g, ' '), /back from version 1; undoing puts/);
    const restored = await place.idac(['restore', API, '--yes', '--because', 'checkout fails']);
    assert.equal(restored.code, 0, restored.out + restored.err);
    assert.match(restored.out, /^Restored Certificate\/payments\/api/);
    assert.deepEqual(await version(3), await version(1));
    const verified = await place.idac(['verify', API]);
    assert.equal(verified.code, 0, verified.out + verified.err);
    const inventory = await place.idac(['inventory']);
    assert.match(inventory.out, /former one/);
    const check = await place.idac(['check']);
    assert.match(check.out, /record\/former-in-place/);
    for (const { out, err } of [plan, restored, verified, inventory, check])
      assert.doesNotMatch(out + err, /PRIVATE KEY/);
    const rotated = await place.idac(['rotate', API, '--yes']);
    assert.equal(rotated.code, 0, rotated.out + rotated.err);
  });

  it('refuses where the rotation destroyed the former key in its store', async () => {
    await begin((text) => text);
    const refused = await place.idac(['restore', API, '--yes']);
    assert.equal(refused.code, 1, refused.out + refused.err);
    assert.match(
      refused.err.replace(/\s+/g, ' '),
      /cannot be used again: its key was destroyed\. next Rotate/,
    );
    await assert.rejects(version(3));
  });
});
