import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { type FaultyProxy, startFaultyProxy } from '../backends/faultyProxy.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { PATIENCE, type Ran, type Sandbox, sandbox } from '../support/idac.ts';
import { atTerminal, needsTerminal } from '../support/terminal.ts';
import { vaultManifest } from '../support/vaultProject.ts';

interface WrapInfo {
  readonly token: string;
  readonly accessor: string;
  readonly wrapped_accessor: string;
}

describe('idac login with a wrapped credential and a real OpenBao', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let proxy: FaultyProxy;
  let place: Sandbox;
  let roleId: string;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    proxy = await startFaultyProxy(bao.address);
    roleId = (await appRole(bao)).role_id;
  });
  after(() => {
    proxy?.stop();
    bao?.stop();
  });
  beforeEach(() => {
    place = sandbox();
    proxy.calls.length = 0;
    declare();
  });
  afterEach(() => {
    proxy.mend();
    place.remove();
  });

  function declare(change: (text: string) => string = (text) => text): void {
    const file = path.join(place.folder, 'vault.identity.yaml');
    writeFileSync(file, change(vaultManifest(proxy.address, crypto.randomUUID())));
  }

  /** What the server answers to `POST at`, wrapped. */
  async function wrapped(at: string, body: object = {}, ttl = '300s', token = 'root'): Promise<WrapInfo> {
    const response = await fetch(`${bao.address}/v1/${at}`, {
      method: 'POST',
      headers: { 'X-Vault-Token': token, 'X-Vault-Wrap-TTL': ttl },
      body: JSON.stringify(body),
    });
    const { wrap_info } = (await response.json()) as { wrap_info: WrapInfo };
    return wrap_info;
  }
  const wrappedSecretId = (ttl?: string) => wrapped('auth/approle/role/idac/secret-id', {}, ttl);
  async function opened(
    token: string,
  ): Promise<{ data: { secret_id: string }; auth: { client_token: string } }> {
    const response = await fetch(`${bao.address}/v1/sys/wrapping/unwrap`, {
      method: 'POST',
      headers: { 'X-Vault-Token': token },
    });
    return (await response.json()) as { data: { secret_id: string }; auth: { client_token: string } };
  }

  function put(name: string, text: string): string {
    const file = path.join(path.dirname(place.folder), name);
    writeFileSync(file, `${text}\n`);
    return file;
  }
  const logIn = (token: string, ...more: readonly string[]) =>
    place.idac([
      'login',
      'vault-prod',
      '--yes',
      '--field',
      `role_id=${roleId}`,
      '--field-file',
      `wrapped_secret_id=${put('wrapped', token)}`,
      ...more,
    ]);
  const oneLine = ({ out, err }: Ran) => `${out} ${err}`.replace(/\s+/g, ' ');
  const calls = (name: string) => proxy.calls.filter((call) => call.endsWith(`/sys/wrapping/${name}`)).length;

  /** In no file of the project or the user's state. */
  function isNowhere(...secrets: readonly string[]): void {
    for (const folder of [place.folder, place.stateHome])
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const text = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
        for (const secret of secrets) assert.ok(!text.includes(secret), entry.name);
      }
  }

  /** What the sealed store holds, in the clear. */
  async function sealedTexts(): Promise<readonly string[]> {
    const unlock = { how: 'passphrase', passphrase: new Secret(place.passphrase) } as const;
    const store = await openSealedStore(sealedStoreFolder(place.stateHome), unlock, nodeRandom);
    const entries = await Promise.all((await store.list('')).map((name) => store.get(name)));
    return entries.map((entry) => new TextDecoder().decode(entry?.reveal()));
  }

  it('opens a secret id once, keeps it sealed, and works with it from then on', async () => {
    const { token, wrapped_accessor: accessor } = await wrappedSecretId();
    const login = await logIn(token);
    assert.equal(login.code, 0, oneLine(login));
    assert.match(
      oneLine(login),
      new RegExp(`secret id \\(accessor ${accessor}\\) was unwrapped; it was wrapped at .* for 300 seconds`),
    );
    assert.deepEqual([calls('lookup'), calls('unwrap')], [1, 1]);
    assert.ok(!oneLine(login).includes(token));
    for (const verb of ['issue', 'rotate']) {
      const ran = await place.idac([verb, 'Certificate/payments/api', '--yes']);
      assert.equal(ran.code, 0, oneLine(ran));
      assert.ok(!oneLine(ran).includes(token));
    }
    isNowhere(token);
    assert.equal(calls('unwrap'), 1, 'never again');
    const sealed = await sealedTexts();
    assert.ok(sealed.some((text) => text.includes('"secret_id"')));
    assert.ok(!sealed.some((text) => text.includes(token) || text.includes('wrapped')));
  });

  it('opens a token as well, and keeps the wrapping token nowhere', async () => {
    declare((text) => text.replace('method: approle', 'method: token'));
    const { token } = await wrapped('auth/token/create', { policies: ['idac'], ttl: '1h' });
    const file = put('wrapping', token);
    const login = await place.idac([
      'login',
      'vault-prod',
      '--yes',
      '--field-file',
      `wrapping_token=${file}`,
    ]);
    assert.equal(login.code, 0, oneLine(login));
    assert.match(oneLine(login), /The token \(accessor \w+\) was unwrapped/);
    const ran = await place.idac(['issue', 'Certificate/payments/api', '--yes']);
    assert.equal(ran.code, 0, oneLine(ran));
    isNowhere(token);
  });

  it('says what a used or ended wrapping token may mean, and what to do', async () => {
    const { token } = await wrappedSecretId();
    const stolen = await opened(token);
    const used = await logIn(token);
    assert.equal(used.code, 3, oneLine(used));
    assert.match(
      oneLine(used),
      /wrapping token given for vault-prod does not count: it was used already, has ended/,
    );
    assert.match(oneLine(used), /somebody else has the secret id/);
    assert.match(oneLine(used), /revoked by its accessor .*wrapped_accessor.* ask for a new one/);
    assert.equal(calls('unwrap'), 0, 'what does not count is not opened');
    for (const secret of [token, stolen.data.secret_id]) assert.ok(!oneLine(used).includes(secret));
    const short = await wrappedSecretId('1s');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.match(oneLine(await logIn(short.token)), /was used already, has ended/);
    isNowhere(token, stolen.data.secret_id, short.token);
  });

  it('refuses what somebody opened and wrapped again, without opening it', async () => {
    const { secret_id } = (await opened((await wrappedSecretId()).token)).data;
    const again = await wrapped('sys/wrapping/wrap', { secret_id });
    const refused = await logIn(again.token);
    assert.equal(refused.code, 3, oneLine(refused));
    assert.match(
      oneLine(refused),
      /was wrapped by sys\/wrapping\/wrap, not by auth\/approle\/role\/ROLE\/secret-id/,
    );
    assert.match(
      oneLine(refused),
      /wrapped at .* UTC for 300 seconds\. Somebody may have opened the secret id/,
    );
    assert.equal(calls('unwrap'), 0);
    isNowhere(secret_id, again.token);
    const kept = await opened(again.token);
    assert.equal(kept.data.secret_id, secret_id, 'it is there for whoever looks into it');
  });

  it('takes a secret id of the role alone that the manifest names', async () => {
    declare((text) => text.replace('auth: { method: approle }', 'auth: { method: approle, role: idac }'));
    const other = await wrapped('auth/approle/role/checkout/secret-id');
    const refused = await logIn(other.token);
    assert.match(
      oneLine(refused),
      /wrapped by auth\/approle\/role\/checkout\/secret-id, not by auth\/approle\/role\/idac\/secret-id/,
    );
    assert.equal((await logIn((await wrappedSecretId()).token)).code, 0);
  });

  it('wants one of the two, and not both', async () => {
    const { token } = await wrappedSecretId();
    const both = await logIn(token, '--field-file', `secret_id=${put('secret-id', 'x')}`);
    assert.equal(both.code, 2, oneLine(both));
    assert.match(oneLine(both), /has secret_id and wrapped_secret_id/);
    const none = await place.idac(['login', 'vault-prod', '--yes', '--field', `role_id=${roleId}`]);
    assert.equal(none.code, 2, oneLine(none));
    assert.match(oneLine(none), /needs secret_id or wrapped_secret_id as well/);
    assert.equal(calls('unwrap'), 0);
  });

  it('says that a secret id was opened that the server then refuses', async () => {
    const { token, wrapped_accessor: accessor } = await wrappedSecretId();
    const file = put('wrapped', token);
    const fields = ['--field', 'role_id=nobody', '--field-file', `wrapped_secret_id=${file}`];
    const refused = await place.idac(['login', 'vault-prod', '--yes', ...fields]);
    assert.equal(refused.code, 3, oneLine(refused));
    assert.match(
      oneLine(refused),
      new RegExp(`secret id \\(accessor ${accessor}\\) was unwrapped and is not kept: have it revoked`),
    );
  });

  it('says that the answer was lost, since nobody can open it again', async () => {
    const { token } = await wrappedSecretId();
    proxy.break(/sys\/wrapping\/unwrap/, { kind: 'reset after' });
    const lost = await logIn(token);
    assert.notEqual(lost.code, 0);
    assert.match(oneLine(lost), /answer of vault-prod was lost while the secret id was unwrapped/);
    assert.equal(calls('unwrap'), 1, 'it is opened once');
    proxy.mend();
    assert.match(oneLine(await logIn(token)), /was used already/);
  });

  it('asks at a terminal for a wrapped one where the secret id is left empty', async function () {
    needsTerminal(this);
    const { token } = await wrappedSecretId();
    const login = await atTerminal(place, 'login vault-prod --yes', [
      [/Role id \(or @FILE\):/, `${roleId}\r`],
      [/Secret id \(or @FILE\), empty to give a wrapped secret id:/, '\r'],
      [/Wrapped secret id \(or @FILE\):/, `${token}\r`],
    ]);
    assert.equal(login.code, 0, login.screen);
    assert.match(login.screen.replace(/\s+/g, ' '), /was unwrapped/);
    assert.ok(!login.screen.includes(token));
  });
});
