import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startFaultyProxy } from '../backends/faultyProxy.ts';
import {
  appRole,
  documentedPolicy,
  needsOpenBao,
  type OpenBao,
  setUp,
  startOpenBao,
} from '../backends/openbaoServer.ts';
import { PATIENCE } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { CAPABILITIES, CONFIRMING, type Fixture, type Outcome, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

interface Question {
  question: string;
  backend: string;
  type: string;
  address: string;
  trust: string | null;
  confirmed: string | null;
  current: boolean;
  login: { method: string; fields: { name: string; title: string; secret: boolean }[] } | null;
}
interface SignedIn {
  ok: boolean;
  code?: string;
  what: string;
  hint: string;
}
interface Check {
  ok: boolean;
  signIn: boolean;
  title: string;
  checks: { what: string; ok: boolean; detail: string; hint?: string }[];
}

const FILE = 'vault.identity.yaml';
const IDENTITY = 'Certificate/payments/api';
const SIGNING_IN = { ...CAPABILITIES, experimental: { identityConfirm: true, identitySignIn: true } };

describe('language server: sign-in to a real OpenBao', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let ids: { role_id: string; secret_id: string };
  let fixture: Fixture;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());
  beforeEach(async () => {
    ids = await appRole(bao);
  });
  afterEach(() => fixture.end());

  const open = async (options: object = {}, extra?: string): Promise<void> => {
    fixture = await openFixture({
      capabilities: SIGNING_IN,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
      files: {
        [FILE]: vaultManifest(extra === undefined ? bao.address : bao.tlsAddress, crypto.randomUUID(), extra),
      },
      ...options,
    });
    fixture.open(FILE);
  };
  const answerWith = (values: object, tamper: (question: Question) => string = ({ question }) => question) =>
    fixture.client.answer('identity/signIn', (params) => ({
      confirmed: true,
      sealed: sealTo(
        sealingPoint(fixture.client),
        `login\n${tamper(params as Question)}`,
        Buffer.from(JSON.stringify(values)),
      ),
    }));
  const asked = (): readonly Question[] =>
    fixture.client.received('identity/signIn').map(({ params }) => params as Question);
  const signIn = () => fixture.run<SignedIn>('idac.login', { backend: 'vault-prod', uri: fixture.uri(FILE) });
  const check = () =>
    fixture.run<Check>('idac.checkConnection', { backend: 'vault-prod', uri: fixture.uri(FILE) });
  const issue = () => fixture.run<Outcome>('idac.run', { verb: 'issue', identity: IDENTITY });
  const isNowhere = (secret: string): void => {
    assert.ok(!fixture.client.trace().includes(secret), 'the connection shows it');
    for (const entry of readdirSync(fixture.box.stateHome, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
      assert.ok(!text.includes(secret), `${entry.name} shows it`);
    }
  };

  it('goes from the lens to an issued certificate, and nothing shows the secret', async () => {
    await open();
    assert.deepEqual((await fixture.lensTitles(FILE)).slice(-2), ['Sign in…', 'Check connection']);
    const before = await issue();
    assert.equal(before.severity, 'warning', before.message);
    assert.deepEqual(before.signIn, { backend: 'vault-prod' });
    const unchecked = await check();
    assert.deepEqual([unchecked.ok, unchecked.signIn], [false, true]);

    answerWith(ids);
    const done = await signIn();
    assert.deepEqual([done.ok, done.code], [true, undefined], done.what);
    const listed = await fixture.run<{ backend: string; type: string; signIn: boolean }[]>(
      'idac.backends',
      {},
    );
    assert.deepEqual(
      listed.map(({ backend, type, signIn: wanted }) => [backend, type, wanted]),
      [
        ['local-ca', 'local', false],
        ['vault-prod', 'vault', false],
      ],
    );
    const [question] = asked();
    assert.deepEqual(
      [question?.type, question?.address, question?.trust, question?.confirmed, question?.current],
      ['vault', bao.address, null, null, false],
    );
    assert.deepEqual(
      question?.login?.fields.map(({ name, secret }) => [name, secret]),
      [
        ['role_id', false],
        ['secret_id', true],
        ['wrapped_secret_id', true],
      ],
    );
    assert.deepEqual((await fixture.lensTitles(FILE)).slice(-1), ['Check connection']);
    assert.ok(!(await fixture.lensTitles(FILE)).includes('Sign in…'));
    const checked = await check();
    assert.ok(checked.checks.some(({ detail }) => detail.includes('approle, policies default, idac')));
    assert.equal(checked.signIn, false);
    const planned = await fixture.run<{ hash?: string }>('idac.plan', { verb: 'issue', identity: IDENTITY });
    assert.ok(planned.hash);
    const issued = await issue();
    assert.deepEqual([issued.result.state, issued.signIn], ['done', null], issued.message);
    isNowhere(ids.secret_id);
    assert.ok(!fixture.client.trace().includes(ids.role_id), 'what is no secret is sealed as well');
  });

  it('offers no verb that the login may not use, and says why, by the last check alone', async () => {
    await open();
    answerWith(ids);
    assert.ok((await signIn()).ok);
    const titles = () => fixture.lensTitles(FILE);
    assert.ok((await titles()).includes('Issue'), (await titles()).join());
    const documented = documentedPolicy();
    const policy = (text: string) => bao.root('POST', 'sys/policies/acl/idac', { policy: text });
    try {
      await policy(documented.replace(/^path "pki\/sign\/payments".*$/m, ''));
      await check();
      const denied = 'vault-prod: not allowed to issue — Check connection';
      const audited = readFileSync(bao.auditLog, 'utf8').length;
      assert.ok(!(await titles()).includes('Issue'));
      const lens = (await fixture.lenses(FILE)).find(({ command }) => command?.title === denied);
      assert.equal(lens?.command?.command, 'idac.checkConnection');
      assert.equal(readFileSync(bao.auditLog, 'utf8').length, audited, 'a lens asked the server');
      const planned = await fixture.run<{ preflight: { outcome: string; detail: string }[] }>('idac.plan', {
        verb: 'issue',
        identity: IDENTITY,
      });
      assert.ok(
        planned.preflight.some(({ outcome, detail }) => outcome === 'failed' && /pki\/sign/.test(detail)),
      );
      const run = await issue();
      assert.match(run.message, /lacks pki\/sign\/payments \(update\)/);
      assert.deepEqual(fixture.client.received('identity/confirm'), []);
      await policy(documented);
      await check();
      assert.ok((await titles()).includes('Issue'));
      assert.ok(!(await titles()).includes(denied));
    } finally {
      await policy(documented);
    }
  });

  it('offers to sign in where the login is refused in the middle of an action, or after the plan', async () => {
    const proxy = await startFaultyProxy(bao.address);
    try {
      await open({ files: { [FILE]: vaultManifest(proxy.address, crypto.randomUUID()) } });
      answerWith(ids);
      assert.ok((await signIn()).ok);
      const ended = {
        kind: 'answer',
        status: 403,
        body: '{"errors":["permission denied","invalid token"]}',
      } as const;
      proxy.break(/^POST \/v1\/pki\/sign\//, ended);
      const inTheMiddle = await issue();
      assert.equal(inTheMiddle.result.state, 'failed', inTheMiddle.message);
      assert.deepEqual(inTheMiddle.signIn, { backend: 'vault-prod' });
      assert.match(inTheMiddle.message, /idac login vault-prod/);
      proxy.mend();
      fixture.client.answer('identity/confirm', () => {
        proxy.break(/^(GET|POST) \/v1\/(secret|auth|pki)\//, ended);
        return { confirmed: true };
      });
      const afterThePlan = await issue();
      assert.deepEqual(
        [afterThePlan.result.code, afterThePlan.signIn],
        ['backend/unauthenticated', { backend: 'vault-prod' }],
      );
    } finally {
      proxy.stop();
    }
  });

  it('offers nothing of a role that the manifest of the backend does not configure', async () => {
    await open();
    assert.ok((await fixture.lensTitles(FILE)).includes('Issue'));
    await fixture.end();
    const text = vaultManifest(bao.address, 'none').replace(/^ {2}pki: .*\n/m, '');
    await open({ files: { [FILE]: text } });
    const titles = await fixture.lensTitles(FILE);
    assert.ok(titles.includes('Check connection'), titles.join());
    assert.ok(!titles.includes('Issue'), titles.join());
  });

  it('keeps no login that is refused, and goes on with the one of before', async () => {
    await open();
    answerWith({ ...ids, secret_id: 'not-this-secret' });
    const wrong = await signIn();
    assert.deepEqual([wrong.ok, wrong.code], [false, 'backend/unauthenticated']);
    assert.match(wrong.what, /vault-prod refuses the login by approle/);
    assert.ok((await fixture.lensTitles(FILE)).includes('Sign in…'));
    assert.deepEqual((await issue()).signIn, { backend: 'vault-prod' });
    const elsewhere = await fixture.box.idac(['login', 'vault-prod']);
    assert.notEqual(elsewhere.code, 0, 'nothing is kept');
    isNowhere('not-this-secret');

    answerWith(ids);
    assert.equal((await signIn()).ok, true);
    assert.ok(!(await fixture.lensTitles(FILE)).includes('Sign in…'));
    answerWith({ ...ids, secret_id: 'not-this-one-either' });
    assert.equal((await signIn()).code, 'backend/unauthenticated', 'the open connection proves nothing');
    const issued = await issue();
    assert.equal(issued.result.state, 'done', issued.message);
    answerWith({ role_id: ids.role_id, secret_id: ' ' });
    assert.match((await signIn()).what, /lacks secret_id/);
  });

  it('offers to sign in again once the server takes the login no more', async () => {
    await open();
    answerWith(ids);
    assert.equal((await signIn()).ok, true);
    await bao.root('POST', 'auth/approle/role/idac/secret-id/destroy', { secret_id: ids.secret_id });
    const { box } = fixture;
    await fixture.client.stop();
    fixture = await openFixture({ box, capabilities: SIGNING_IN });
    fixture.open(FILE);
    const refused = await issue();
    assert.deepEqual(
      [refused.result.code, refused.signIn],
      ['backend/unauthenticated', { backend: 'vault-prod' }],
      refused.message,
    );
    const { ok, signIn: wanted, checks } = await check();
    assert.deepEqual([ok, wanted], [false, true]);
    assert.match(checks.map(({ detail }) => detail).join(), /refuses the login by approle/);
    assert.ok((await fixture.lensTitles(FILE)).includes('Sign in…'));
    ids = await appRole(bao);
    answerWith(ids);
    assert.equal((await signIn()).ok, true);
    assert.ok(!(await fixture.lensTitles(FILE)).includes('Sign in…'));
  });

  it('takes no answer that belongs to another question, or none', async () => {
    await open();
    answerWith(ids, () => crypto.randomUUID());
    assert.equal((await signIn()).code, 'refused/not-sealed');
    fixture.client.answer('identity/signIn', () => ({ confirmed: true, sealed: ids }));
    assert.equal((await signIn()).code, 'refused/not-sealed');
    for (const answer of [null, {}, { confirmed: false }, { confirmed: 'yes' }]) {
      fixture.client.answer('identity/signIn', () => answer);
      assert.equal((await signIn()).code, 'refused/not-confirmed');
    }
    assert.ok(
      asked().every(({ confirmed }) => confirmed === null),
      'no address was confirmed by that',
    );
  });

  it('gives a login to the address that was shown, and to no other', async () => {
    await open();
    fixture.client.answer('identity/signIn', (params) => {
      const { question } = params as Question;
      fixture.change(FILE, 2, [{ text: vaultManifest('https://elsewhere.example.com:1', 'x') }]);
      return {
        confirmed: true,
        sealed: sealTo(sealingPoint(fixture.client), `login\n${question}`, Buffer.from(JSON.stringify(ids))),
      };
    });
    const changed = await signIn();
    assert.deepEqual([changed.ok, changed.code], [false, 'backend/conflict'], changed.what);
    assert.match(changed.what, /changed while you were asked/);
  });

  it('shows which CA is trusted, and asks again when it is another one', async () => {
    const ca = readFileSync(bao.ca, 'utf8');
    await open({}, '  ca: pki/ca.pem\n');
    fixture.write('pki/ca.pem', ca);
    answerWith(ids);
    const first = await signIn();
    assert.ok(first.ok, `${first.what} ${first.hint}`);
    fixture.write('pki/ca.pem', `${ca}\n# another file\n`);
    // Nobody says that the file changed: the lens is looked behind, and comes when the editor asks again.
    while (!(await fixture.lensTitles(FILE)).includes('Sign in…'))
      await fixture.client.next('workspace/codeLens/refresh');
    answerWith(ids);
    assert.equal((await signIn()).ok, true);
    const [before, after] = asked();
    assert.match(before?.trust ?? '', /^[0-9a-f]{64}$/);
    assert.match(after?.trust ?? '', /^[0-9a-f]{64}$/);
    assert.notEqual(before?.trust, after?.trust);
    assert.deepEqual([after?.confirmed, after?.current], [bao.tlsAddress, false]);
  });

  it('asks nobody in a folder that is not trusted, and sends an editor that cannot ask to the terminal', async () => {
    await open({ trusted: false });
    answerWith(ids);
    assert.equal((await signIn()).code, 'refused/untrusted');
    const refused = await fixture.run<{ code: string }>('idac.checkConnection', { backend: 'vault-prod' });
    assert.equal(refused.code, 'refused/untrusted');
    assert.equal(asked().length, 0);
    assert.ok((await fixture.lensTitles(FILE)).every((title) => !/Sign in|Check/.test(title)));
    await fixture.end();

    await open({ capabilities: CONFIRMING });
    const cannot = await signIn();
    assert.deepEqual(
      [cannot.code, cannot.hint],
      ['refused/needs-sign-in', 'In a terminal: idac login vault-prod'],
    );
  });

  it('offers to put a former version back where there is one, and does it when the person says yes', async () => {
    const manifest = vaultManifest(bao.address, crypto.randomUUID())
      .replace('origin: store, store: vault-prod', 'origin: engine')
      .replace('contents: [chain]', 'contents: [chain, privateKey]');
    await open({ files: { [FILE]: manifest } });
    answerWith(ids);
    assert.ok((await signIn()).ok);
    assert.equal((await issue()).result.state, 'done');
    const lenses = async () => (await fixture.lensTitles(FILE)).join('|');
    assert.doesNotMatch(await lenses(), /Restore/);
    const run = (verb: string) => fixture.run<Outcome>('idac.run', { verb, identity: IDENTITY });
    assert.equal((await run('rotate')).result.state, 'done');
    assert.match(await lenses(), /Rotate\|Restore\|Revoke/);
    const restored = await run('restore');
    assert.equal(restored.result.state, 'done', restored.message);
    assert.match(restored.message, /^Restored Certificate\/payments\/api\./);
    const shown = JSON.stringify(await fixture.pull(FILE));
    assert.match(shown, /record\/former-in-place/);
    assert.doesNotMatch(fixture.client.trace(), /PRIVATE KEY/);
  });
});
