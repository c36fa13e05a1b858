/** One verb on a whole selection: one question, one progress, one answer; over stdio, as an editor sends it. */
import assert from 'node:assert/strict';
import { CAPABILITIES, CONFIRMING, type Fixture, openFixture, WEB } from './fixture.ts';

const CONFIRMING_ALL = { ...CAPABILITIES, experimental: { identityConfirm: true, identityConfirmAll: true } };
const NAMES = ['web-a', 'web-b', 'web-c'];

const manifest = (name: string, more = ''): string =>
  WEB.replace('name: web', `name: ${name}`)
    .replaceAll('tls/web', `tls/${name}`)
    .replace('  usages:', `${more}  usages:`);
/** The former one stays in use for a day, so a rotation has to wait. */
const waits = '  renewal: { overlap: 1d }\n';
const machine = (name: string) =>
  `---\napiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: ${name} }\nspec: { type: server, owner: { team: shop } }\n`;

interface Question {
  verb: string;
  title: string;
  plans: { id: string; hash: string; identity: { name: string } }[];
  leftAlone: { subject: string; why: string }[];
  consequences: { text: string; count: number }[];
  backends: { name: string; detail: string; count: number }[];
  typedText?: string;
}
interface OfAll {
  refused?: boolean;
  code?: string;
  hint?: string;
  parts: { subject: string; state: string; message: string; code?: string }[];
  message: string;
  severity: string;
  files: string[];
  resume: { actions: { planId: string; uri: string }[]; undoable: boolean } | null;
}

describe('language server: a verb on several at once', () => {
  let fixture: Fixture;
  let answer: (question: Question) => unknown;
  afterEach(() => fixture.end());

  const yes = ({ typedText }: Question) => ({
    confirmed: true,
    ...(typedText === undefined ? {} : { typed: typedText }),
  });
  const openWith = async (files: Record<string, string>, capabilities: object = CONFIRMING_ALL) => {
    answer = yes;
    fixture = await openFixture({
      capabilities,
      files,
      answers: { 'identity/confirmAll': (params) => answer(params as Question) },
    });
  };
  const openThree = (more = '', capabilities?: object) =>
    openWith(
      Object.fromEntries(NAMES.map((name) => [`${name}.identity.yaml`, manifest(name, more)])),
      capabilities,
    );
  const subject = (name: string, more: object = {}) => ({
    identity: `Certificate/default/${name}`,
    uri: fixture.uri(''),
    ...more,
  });
  const run = (verb: string, names: readonly string[] = NAMES, more: object = {}, request: object = {}) =>
    fixture.run<OfAll>(
      'idac.runAll',
      { verb, subjects: names.map((name) => subject(name)), ...more },
      request,
    );
  const questions = () =>
    fixture.client.received('identity/confirmAll').map(({ params }) => params as Question);
  const states = async () => {
    const [project] = await fixture.client.request<{ rows: { name: string; state: string }[] }[]>(
      'identity/inventory',
      {},
    );
    return Object.fromEntries((project?.rows ?? []).map(({ name, state }) => [name, state]));
  };
  const statesOf = ({ parts }: OfAll) => parts.map(({ state }) => state);

  it('asks once, with all identities, backends and consequences, and says once what came of it', async () => {
    await openThree();
    const workDoneToken = 'several';
    const issued = await run('issue', NAMES, {}, { workDoneToken });
    assert.deepEqual(statesOf(issued), ['done', 'done', 'done'], issued.message);
    assert.deepEqual([issued.message, issued.severity, issued.resume], ['Issue: 3 of 3 done.', 'info', null]);
    assert.deepEqual(
      issued.files,
      NAMES.map((name) => fixture.uri(`tls/${name}.pem`)),
    );
    const [question, ...others] = questions();
    assert.deepEqual(others, []);
    assert.equal(question?.title, 'Issue 3 identities?');
    assert.deepEqual(
      question.plans.map(({ identity }) => identity.name),
      NAMES,
    );
    assert.deepEqual(question.leftAlone, []);
    assert.equal(question.typedText, undefined);
    assert.deepEqual(
      question.backends.map(({ name, count }) => [name, count]),
      [['local-ca', 3]],
    );
    assert.equal(
      question.consequences.reduce((sum, { count }) => sum + count, 0),
      3,
    );
    assert.equal(fixture.client.received('identity/confirm').length, 0);

    const progress = fixture.client
      .received('$/progress')
      .map(
        ({ params }) =>
          params as { token: string; value: { kind: string; title?: string; message?: string } },
      )
      .filter(({ token }) => token === workDoneToken)
      .map(({ value }) => value);
    assert.equal(progress[0]?.title, 'Issue 3 identities');
    assert.deepEqual([progress[0]?.kind, progress.at(-1)?.kind], ['begin', 'end']);
    assert.ok(progress.some(({ message }) => message === 'waiting for your answer'));
    assert.ok(progress.some(({ message }) => message?.startsWith('3 of 3') === true));

    const revoked = await run('revoke', ['web-a', 'web-c'], { reason: 'superseded' });
    assert.deepEqual(statesOf(revoked), ['done', 'done'], revoked.message);
    assert.deepEqual(await states(), {
      'web-a': 'revoked',
      'web-b': 'active',
      'web-c': 'revoked',
      web: 'declared',
    });
  });

  it('leaves alone what cannot be done, says why before anything runs, and does the rest', async () => {
    await openThree();
    await run('issue', ['web-a']);
    const revoked = await run('revoke', [...NAMES, 'nowhere', 'web-a']);
    const question = questions().at(-1);
    assert.equal(question?.title, 'Revoke 1 identity?');
    assert.equal(question.typedText, 'revoke 1');
    assert.deepEqual(
      question.leftAlone.map(({ subject: name }) => name),
      ['web-b', 'web-c', 'nowhere'].map((name) => `Certificate/default/${name}`),
    );
    for (const { why } of question.leftAlone) assert.notEqual(why, '');
    assert.deepEqual(statesOf(revoked), ['done', 'refused', 'refused', 'refused']);
    assert.match(revoked.message, /^Revoke: 1 of 4 done, 3 refused\. Certificate\/default\/web-b: /);
    assert.equal(revoked.severity, 'warning');

    const count = questions().length;
    const none = await run('revoke', ['web-b', 'web-c']);
    assert.deepEqual(statesOf(none), ['refused', 'refused']);
    assert.equal(questions().length, count, 'there was nothing to ask about');
  });

  it('ends nothing unless verb and number are typed, whoever calls with whatever', async () => {
    await openThree();
    await run('issue');
    for (const given of [
      { confirmed: false },
      { confirmed: true },
      { confirmed: true, typed: 'web-a' },
      { confirmed: true, typed: 'revoke 2' },
      { confirmed: true, typed: 'Revoke 3' },
      { confirmed: 'yes', typed: 'revoke 3' },
      { confirmed: true, typed: ['revoke 3'] },
      null,
      'revoke 3',
    ]) {
      answer = () => given;
      const forged = { confirmed: true, typed: 'revoke 3', typedText: '' };
      assert.equal((await run('revoke', NAMES, forged)).code, 'refused/not-confirmed', JSON.stringify(given));
    }
    answer = () => ({ confirmed: true, typed: 'revoke 3' });
    assert.equal((await run('destroy')).code, 'refused/not-confirmed');
    assert.deepEqual(await states(), {
      'web-a': 'active',
      'web-b': 'active',
      'web-c': 'active',
      web: 'declared',
    });
    assert.equal(questions().at(-1)?.typedText, 'destroy 3');

    for (const subjects of [
      undefined,
      [],
      ['web-a'],
      [{ identity: 'web-a' }],
      Array(1001).fill(subject('web-a')),
    ])
      await assert.rejects(fixture.run('idac.runAll', { verb: 'revoke', subjects }));
    await assert.rejects(
      fixture.run('idac.runAll', {
        verb: 'revoke',
        subjects: [subject('web-a'), { ...subject('web-b'), uri: 'file:///etc/passwd' }],
      }),
      /no folder and no document that is open here/,
    );
    assert.deepEqual(await states(), {
      'web-a': 'active',
      'web-b': 'active',
      'web-c': 'active',
      web: 'declared',
    });
  });

  it('does to nobody what was not shown: a manifest that changed while the question stood is refused', async () => {
    await openThree();
    await run('issue');
    answer = (question) => {
      fixture.write('web-b.identity.yaml', manifest('web-b').replace('47d', '30d'));
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri('web-b.identity.yaml'), type: 2 }],
      });
      return yes(question);
    };
    const rotated = await run('rotate');
    assert.deepEqual(statesOf(rotated), ['done', 'refused', 'done'], rotated.message);
    assert.equal(rotated.parts[1]?.code, 'refused/plan-outdated');
  });

  it('goes through the shares of one identity one after the other, each as it was shown', async () => {
    await openWith({
      'web.identity.yaml': manifest('web', '  machines: [web-1, web-2]\n').replaceAll(
        /path: tls\/web([a-z.]+)/g,
        'path: "tls/{machine}$1"',
      ),
      'machines.identity.yaml': `${machine('web-1')}${machine('web-2')}`,
    });
    const shares = ['web-1', 'web-2'].map((name) => subject('web', { machine: name }));
    const issued = await fixture.run<OfAll>('idac.runAll', { verb: 'issue', subjects: shares });
    assert.deepEqual(statesOf(issued), ['done', 'done'], issued.message);
    assert.equal(questions().at(-1)?.title, 'Issue 2 shares of 1 identity?');
    const revoked = await fixture.run<OfAll>('idac.runAll', { verb: 'revoke', subjects: shares });
    assert.deepEqual(statesOf(revoked), ['done', 'done'], revoked.message);
    assert.equal(questions().at(-1)?.typedText, 'revoke 2');
    assert.deepEqual(
      revoked.parts.map((part) => part.subject),
      ['Certificate/default/web on web-1', 'Certificate/default/web on web-2'],
    );
  });

  it('is stopped as a whole: what had no turn is as it was', async () => {
    await openThree();
    // The person presses the button of the progress while the question stands, and still says yes.
    answer = (question) => {
      fixture.client.notify('window/workDoneProgress/cancel', { token: 'stop' });
      return yes(question);
    };
    const stopped = await run('issue', NAMES, {}, { workDoneToken: 'stop' });
    assert.equal(stopped.code, 'cancelled');
    assert.deepEqual(await states(), {
      'web-a': 'declared',
      'web-b': 'declared',
      'web-c': 'declared',
      web: 'declared',
    });
  });

  it('stopped in the middle, says of each how it stands, and that is how it stands', async () => {
    const many = Array.from({ length: 24 }, (_, place) => `web-${place}`);
    await openWith(Object.fromEntries(many.map((name) => [`${name}.identity.yaml`, manifest(name)])));
    const running = run('issue', many, {}, { workDoneToken: 'middle' });
    await fixture.client.next<{ value: { message?: string } }>('$/progress', ({ value }) =>
      /^[1-9]\d* of 24 /.test(value.message ?? ''),
    );
    fixture.client.notify('window/workDoneProgress/cancel', { token: 'middle' });
    const { parts, message } = await running;
    assert.equal(parts.length, 24);
    const left = parts.filter(({ state }) => state === 'left');
    assert.ok(left.length > 0, message);
    assert.ok(
      parts.every(({ state }) => ['done', 'cancelled', 'left'].includes(state)),
      message,
    );
    assert.match(message, /^Issue: \d+ of 24 done,.* \d+ not begun\./);
    const now = await states();
    for (const { subject: name, state } of parts)
      assert.equal(now[name.split('/').at(-1) ?? ''], state === 'done' ? 'active' : 'declared', name);
    assert.deepEqual(await fixture.run('idac.unfinished', {}), []);
  });

  it('offers to go on with all that wait, and takes them back together', async () => {
    await openThree(waits);
    await run('issue');
    const rotated = await run('rotate');
    assert.deepEqual(statesOf(rotated), ['unfinished', 'unfinished', 'unfinished'], rotated.message);
    assert.match(rotated.message, /^Rotate: 0 of 3 done, 3 unfinished\./);
    assert.equal(rotated.resume?.actions.length, 3);
    assert.equal(rotated.resume.undoable, true);
    const { actions } = rotated.resume;

    const later = await fixture.run<OfAll>('idac.resumeAll', { actions, how: 'forward' });
    assert.deepEqual(statesOf(later), ['unfinished', 'unfinished', 'unfinished']);
    const unknown = { planId: '0'.repeat(26), uri: fixture.uri('') };
    const undone = await fixture.run<OfAll>('idac.resumeAll', {
      actions: [...actions, unknown],
      how: 'undo',
    });
    assert.deepEqual(statesOf(undone), ['undone', 'undone', 'undone', 'refused'], undone.message);
    assert.match(undone.message, /^Undo: 3 of 4 undone, 1 refused\./);
    assert.deepEqual(await fixture.run('idac.unfinished', {}), []);
    await assert.rejects(fixture.run('idac.resumeAll', { actions: [], how: 'undo' }));
    await assert.rejects(fixture.run('idac.resumeAll', { actions, how: 'sideways' }));
  });

  it('in an editor without the dialog: a message for what makes, a terminal for what ends', async () => {
    await openThree('', CONFIRMING);
    const asked: string[] = [];
    fixture.client.answer('window/showMessageRequest', (params) => {
      const { message, actions } = params as { message: string; actions: { title: string }[] };
      asked.push(message);
      return actions[0] ?? null;
    });
    assert.deepEqual(statesOf(await run('issue')), ['done', 'done', 'done']);
    assert.match(asked[0] ?? '', /^Issue 3 identities\?\nCertificate\/default\/web-a\n/);
    const refused = await run('revoke');
    assert.equal(refused.code, 'refused/needs-confirmation');
    assert.match(refused.hint ?? '', /idac revoke Certificate\/default\/web-a; idac revoke/);
    assert.equal(asked.length, 1);
  });

  it('not in a folder that is not trusted', async () => {
    fixture = await openFixture({ trusted: false, capabilities: CONFIRMING_ALL });
    assert.equal((await run('issue', ['web'])).code, 'refused/untrusted');
    const actions = [{ planId: '0'.repeat(26), uri: fixture.uri('') }];
    assert.equal(
      (await fixture.run<OfAll>('idac.resumeAll', { actions, how: 'undo' })).code,
      'refused/untrusted',
    );
  });
});
