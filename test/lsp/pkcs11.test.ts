import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { makeToken, needsTokens, type TestToken } from '../backends/pkcs11Tokens.ts';
import { PATIENCE } from '../support/idac.ts';
import { CAPABILITIES, type Fixture, IDENTITY, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

const FILE = 'hsm.identity.yaml';
const SIGNING_IN = { ...CAPABILITIES, experimental: { identityConfirm: true, identitySignIn: true } };
const manifest = (label: string): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: ${label} }
---
apiVersion: identity-as-code/v1
kind: Key
metadata: { name: signing }
spec:
  owner: { team: payments, contact: payments@example.com }
  store: hsm
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
`;

/** Command lines of the processes that this one started and that live now. */
function children(pid: number | undefined): readonly string[] {
  const tasks = `/proc/${pid}/task`;
  const ids = readdirSync(tasks).flatMap((task) =>
    readFileSync(`${tasks}/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return ids.flatMap((id) => {
    try {
      return [readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

describe('language server: a PKCS#11 module that the editor names', function () {
  this.timeout(PATIENCE);
  let token: TestToken;
  let fixture: Fixture;
  before(async function () {
    needsTokens(this, 'softhsm');
    token = await makeToken('softhsm');
  });
  after(() => token?.remove());
  afterEach(() => fixture.end());

  const answerWith = (pin: string) => (params: unknown) => ({
    confirmed: true,
    sealed: sealTo(
      sealingPoint(fixture.client),
      `login\n${(params as { question: string }).question}`,
      Buffer.from(JSON.stringify({ pin })),
    ),
  });
  const open = async (options: object = {}): Promise<void> => {
    fixture = await openFixture({
      capabilities: SIGNING_IN,
      files: { [FILE]: manifest(token.label) },
      env: { ...token.environment, IDAC_PKCS11_MODULES: '' },
      initializationOptions: { pkcs11Modules: { 'under-test': token.module } },
      answers: {
        'identity/confirm': () => ({ confirmed: true }),
        'identity/signIn': answerWith(token.pin),
      },
      ...options,
    });
    fixture.open(FILE);
  };
  const signIn = () =>
    fixture.run<{ ok: boolean; code?: string; what: string }>('idac.login', { backend: 'hsm' });
  const check = () =>
    fixture.run<{ ok?: boolean; code?: string; checks: { what: string; ok: boolean; detail: string }[] }>(
      'idac.checkConnection',
      { backend: 'hsm' },
    );

  it('is loaded in a process of its own once the folder is trusted, and in none before', async () => {
    await open({ trusted: false });
    const { client } = fixture;
    const started = new Set<string>();
    const look = (): void => {
      for (const each of children(client.process.pid)) started.add(each);
    };
    const watching = setInterval(look, 2);
    try {
      assert.ok((await fixture.lensTitles(FILE)).every((title) => !/Sign in|Check/.test(title)));
      await fixture.pull(FILE);
      assert.equal((await signIn()).code, 'refused/untrusted');
      assert.equal((await check()).code, 'refused/untrusted');
      assert.deepEqual(await fixture.run('idac.backends', {}), []);
      const key = 'Key/default/signing';
      for (const [command, argument] of [
        ['idac.plan', { verb: 'issue', identity: key }],
        ['idac.verify', { identity: key }],
      ] as const)
        assert.equal((await fixture.run<{ code: string }>(command, argument)).code, 'refused/untrusted');
      const run = await fixture.run('idac.run', { verb: 'issue', identity: key });
      assert.deepEqual([run.result.code, run.signIn], ['refused/untrusted', null]);
      look();
    } finally {
      clearInterval(watching);
    }
    assert.deepEqual([...started], []);

    // The same session, trusted: it is the trust that was missing, and nothing else.
    client.notify('identity/trustGranted');
    while (!(await fixture.lensTitles(FILE)).includes('Sign in…'))
      await client.next('workspace/codeLens/refresh');
    const done = await signIn();
    assert.ok(done.ok, done.what);
    assert.ok(children(client.process.pid).length > 0);
    const checked = await check();
    assert.ok(checked.ok, JSON.stringify(checked.checks));
    assert.ok(!(await fixture.lensTitles(FILE)).includes('Sign in…'));
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: 'Key/default/signing' });
    assert.equal(issued.result.state, 'done', issued.message);
    assert.ok(!client.trace().includes(`"${token.pin}"`));
  });

  it('keeps no PIN that the token refuses', async () => {
    await open();
    fixture.client.answer('identity/signIn', answerWith('not-the-pin'));
    const wrong = await signIn();
    assert.deepEqual([wrong.ok, wrong.code], [false, 'backend/unauthenticated'], wrong.what);
    assert.ok((await fixture.lensTitles(FILE)).includes('Sign in…'));
    const local = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(local.result.state, 'done', local.message);
  });

  it('counts from the start alone, not from settings that a folder may hold', async () => {
    const modules = { 'under-test': token.module };
    await open({
      initializationOptions: { settings: { pkcs11: { modules } } },
      answers: {
        'workspace/configuration': () => [{ pkcs11: { modules } }],
        'workspace/codeLens/refresh': () => null,
      },
    });
    fixture.client.answer('identity/signIn', answerWith(token.pin));
    const refused = await signIn();
    assert.equal(refused.ok, false);
    assert.match(refused.what, /under-test/);
    assert.equal((await check()).ok, false);
    assert.deepEqual(
      children(fixture.client.process.pid).filter((each) => /pkcs11/i.test(each)),
      [],
    );
  });
});
