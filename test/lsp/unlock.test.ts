import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

interface Answer {
  ok: boolean;
  encrypted: boolean;
  needs: string;
  slots: { kind: string; name: string }[];
  what?: string;
  hint?: string;
}

describe('language server: unlocking the sealed store', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const seal = (
    kind: 'key' | 'passphrase',
    keyName: string,
    secret: Uint8Array,
    to = sealingPoint(fixture.client),
  ) => ({
    kind,
    ...(kind === 'key' ? { keyName } : {}),
    ...sealTo(to, `${kind}\n${keyName}`, secret),
  });
  const unlock = (message: object) => fixture.client.request<Answer>('identity/unlock', message);
  const open = (options: object = {}) =>
    openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
      withoutPassphrase: true,
      ...options,
    });

  it('encrypts with a key that no trace shows', async () => {
    fixture = await open();
    const secret = randomBytes(32);
    const answer = await unlock(seal('key', 'vscode-test', secret));
    assert.deepEqual(
      [answer.ok, answer.encrypted, answer.needs, answer.slots],
      [true, true, 'nothing', [{ kind: 'key', name: 'vscode-test' }]],
    );
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
    const trace = fixture.client.trace();
    for (const encoding of ['base64url', 'base64', 'hex'] as const) {
      assert.ok(!trace.includes(secret.toString(encoding)), encoding);
    }
    assert.ok(!trace.includes('PRIVATE KEY'));
    // The command line has neither passphrase nor key.
    const cli = await fixture.box.idac(['rotate', IDENTITY, '--yes'], { env: { IDAC_PASSPHRASE: '' } });
    assert.notEqual(cli.code, 0);
    assert.match(cli.err, /vscode-test/);
  });

  it('asks once for the passphrase of a store that the command line made, and keeps its key from then on', async () => {
    fixture = await open();
    fixture.client.process.kill();
    const made = await fixture.box.idac(['issue', IDENTITY, '--yes']);
    assert.equal(made.code, 0, made.err);
    const { box } = fixture;
    const again = () => open({ env: { IDAC_STATE_HOME: box.stateHome } });
    const secret = randomBytes(32);
    const first = await again();
    fixture = first;
    const needed = await unlock(seal('key', 'vscode-test', secret));
    assert.deepEqual([needed.ok, needed.needs], [false, 'passphrase']);
    assert.ok(needed.what);
    const wrong = await unlock(seal('passphrase', '', Buffer.from('not this one')));
    assert.equal(wrong.ok, false);
    const right = await unlock(seal('passphrase', '', Buffer.from(box.passphrase)));
    assert.deepEqual([right.ok, right.encrypted], [true, true]);
    assert.ok(!first.client.trace().includes(box.passphrase));
    const added = await unlock(seal('key', 'vscode-test', secret));
    assert.equal(added.ok, true);
    assert.deepEqual(added.slots.map(({ kind }) => kind).sort(), ['key', 'passphrase']);
    await first.end();

    fixture = await again();
    const next = await unlock(seal('key', 'vscode-test', secret));
    assert.deepEqual([next.ok, next.needs], [true, 'nothing']);
    box.remove();
  });

  it('takes nothing that is sealed to another session or changed on the way, or sent by an untrusted folder', async () => {
    fixture = await open();
    const stranger = createECDH('prime256v1').generateKeys();
    const good = seal('key', 'vscode-test', randomBytes(32));
    for (const message of [
      seal('key', 'vscode-test', randomBytes(32), stranger),
      { ...good, keyName: 'another' },
      { ...good, iv: 'AAAA' },
      { ...good, clientPublicKey: Buffer.alloc(65, 4).toString('base64url') },
      { ...good, sealed: 'AAAA' },
    ]) {
      const answer = await unlock(message);
      assert.equal(answer.ok, false);
      assert.match(answer.what ?? '', /not sealed to this session/);
    }
    await assert.rejects(unlock({ kind: 'key' }), /clientPublicKey/);
    await fixture.end();

    fixture = await open({ trusted: false });
    const untrusted = await unlock(seal('key', 'vscode-test', randomBytes(32)));
    assert.equal(untrusted.ok, false);
    assert.match(untrusted.what ?? '', /not trusted/);
  });
});
