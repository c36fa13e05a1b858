/** An action that can never be finished, from the lens to its being given up; and whoever else calls for it. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CAPABILITIES, CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';

const FILE = 'web.identity.yaml';

interface Question {
  title: string;
  undoing: boolean;
  left: string[];
  consequence: string;
  typedName: string;
}

describe('language server: giving up an action', () => {
  let fixture: Fixture;
  let answer: (question: Question) => unknown;
  afterEach(() => fixture.end());

  const person = (params: unknown) => {
    const { typedName } = params as { typedName?: string };
    return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
  };
  /** Revoked, but the list of it has no place to go to. */
  const stuck = async () => {
    answer = person;
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: {
        'identity/confirm': person,
        'identity/confirmAbandon': (params) => answer(params as Question),
      },
    });
    await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    const list = path.join(fixture.box.folder, 'pki/ca.crl.pem');
    rmSync(list);
    mkdirSync(path.join(list, 'of-somebody-else'), { recursive: true });
    const revoked = await fixture.run('idac.run', { verb: 'revoke', identity: IDENTITY });
    assert.deepEqual(revoked.resume, { planId: revoked.resume?.planId, undoable: false, abandonable: true });
    return revoked.resume?.planId ?? '';
  };
  const lens = async () =>
    (await fixture.lenses(FILE)).find(({ command }) => command?.title === 'Abandon…')?.command;
  const questions = () =>
    fixture.client.received('identity/confirmAbandon').map(({ params }) => params as Question);

  it('is on the lens, says what is left, and unblocks the identity', async () => {
    const planId = await stuck();
    fixture.open(FILE);
    const command = await lens();
    assert.deepEqual(command?.arguments, [{ planId, uri: fixture.uri(FILE) }]);
    const given = await fixture.run(command.command, (command.arguments?.[0] ?? {}) as object);
    assert.equal(given.result.state, 'abandoned', given.message);
    assert.equal(
      given.message,
      `Revoke of ${IDENTITY} was given up. Not done: publishes the new list of what is revoked, at local-ca.`,
    );
    assert.deepEqual([given.severity, given.resume], ['warning', null]);
    const [question, ...others] = questions();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [question?.title, question?.undoing, question?.left, question?.typedName],
      [
        `Give up revoke of ${IDENTITY}?`,
        false,
        ['publishes the new list of what is revoked, at local-ca'],
        'web',
      ],
    );
    assert.deepEqual(
      (await fixture.lensTitles(FILE)).filter((title) => /Abandon|Resume|unfinished/.test(title)),
      [],
    );
    assert.deepEqual(
      (await fixture.pull(FILE)).items.map(({ code }) => code),
      ['record/given-up'],
    );
    const { text } = await fixture.client.request<{ text: string }>('identity/audit', {
      identity: IDENTITY,
      uri: fixture.uri(''),
    });
    assert.match(text, /revoke given up/);
    assert.match(text, /not done +publishes the new list of what is revoked, at local-ca/);
  });

  it('is given up by nobody but a person who typed the name', async () => {
    const planId = await stuck();
    const abandon = (more: object = {}) => fixture.run('idac.abandon', { planId, ...more });
    for (const given of [
      { confirmed: false },
      { confirmed: true },
      { confirmed: true, typed: 'Web' },
      { confirmed: 'yes', typed: 'web' },
      { confirmed: true, typed: ['web'] },
      null,
      'web',
    ]) {
      answer = () => given;
      const { result } = await abandon({ confirmed: true, typed: 'web', typedName: 'x' });
      assert.equal(result.refused, true, JSON.stringify(given));
    }
    assert.equal((await fixture.run<unknown[]>('idac.unfinished', {})).length, 1);
    const count = questions().length;
    const unknown = await fixture.run('idac.abandon', { planId: '0'.repeat(26) });
    assert.equal(unknown.result.code, 'refused/unknown-plan');
    await assert.rejects(abandon({ uri: 'file:///etc/passwd' }), /no folder and no document/);
    assert.equal(questions().length, count, 'nobody was asked');

    const { box } = fixture;
    await fixture.client.stop();
    fixture = await openFixture({ box, capabilities: CAPABILITIES });
    const asked = await fixture.run('idac.abandon', { planId });
    assert.equal(asked.result.code, 'refused/needs-confirmation');
    assert.match(asked.result.hint ?? '', new RegExp(`idac resume ${planId} --abandon`));
    await fixture.client.stop();
    fixture = await openFixture({ box, trusted: false, capabilities: CONFIRMING });
    assert.equal((await fixture.run('idac.abandon', { planId })).result.code, 'refused/untrusted');
  });
});
