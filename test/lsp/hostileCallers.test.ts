/** Whoever calls the server's commands, with whatever they send: nothing is ended without a person who typed the name. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CAPABILITIES, CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';

interface Plan {
  id: string;
  hash: string;
}
interface Asked {
  plan: Plan & { verb: string };
  title: string;
  typedName?: string;
}

describe('language server: hostile callers', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const person = (params: unknown) => {
    const { typedName } = params as Asked;
    return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
  };
  /** One that is issued; from then on the person answers as `answer` does. */
  const issued = async (answer: (params: unknown) => unknown, capabilities: object = CONFIRMING) => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': person } });
    const { result, message } = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(result.state, 'done', message);
    if (capabilities !== CONFIRMING) {
      const { box } = fixture;
      await fixture.client.stop();
      fixture = await openFixture({ box, capabilities });
    }
    fixture.client.answer('identity/confirm', answer);
  };
  const plan = (verb: string, more: object = {}) =>
    fixture.run<Plan>('idac.plan', { verb, identity: IDENTITY, ...more });
  const execute = ({ id, hash }: Plan, more: object = {}) =>
    fixture.run('idac.execute', { planId: id, hash, ...more });
  const isThere = async () => {
    const [project] = await fixture.client.request<{ rows: { state: string }[] }[]>('identity/inventory', {});
    assert.deepEqual(
      project?.rows.map(({ state }) => state),
      ['active'],
    );
    assert.ok(existsSync(path.join(fixture.box.folder, 'tls/web.key.pem')));
  };

  it('with plan and hash: the person is asked, and no is no', async () => {
    await issued(() => ({ confirmed: false }));
    for (const verb of ['revoke', 'destroy']) {
      const made = await plan(verb);
      // What the caller says of a confirmation is not read.
      const forged = { confirmed: true, typed: 'web', confirmation: { confirmed: true, typed: 'web' } };
      assert.equal((await execute(made, forged)).result.code, 'refused/not-confirmed');
      assert.equal(
        (await fixture.run('idac.run', { verb, identity: IDENTITY, ...forged })).result.code,
        'refused/not-confirmed',
      );
    }
    await isThere();
  });

  it('with a client that says yes for the person, without the name or with another one', async () => {
    await issued(person);
    for (const answer of [
      { confirmed: true },
      { confirmed: true, typed: 'Web' },
      { confirmed: true, typed: 'web ' },
      { confirmed: 'yes', typed: 'web' },
      { confirmed: true, typed: { toString: 'web' } },
      null,
      'web',
    ]) {
      fixture.client.answer('identity/confirm', () => answer);
      for (const verb of ['revoke', 'destroy']) {
        const { result } = await execute(await plan(verb));
        assert.ok(result.refused, `${verb} with ${JSON.stringify(answer)}`);
      }
    }
    await isThere();
  });

  it('with a client that cannot ask: revoke and destroy are for a terminal', async () => {
    await issued(() => undefined, CAPABILITIES);
    for (const verb of ['revoke', 'destroy']) {
      const { result } = await execute(await plan(verb));
      assert.equal(result.code, 'refused/needs-confirmation');
      assert.match(result.hint ?? '', new RegExp(`idac ${verb} ${IDENTITY}`));
    }
    assert.equal(fixture.client.received('window/showMessageRequest').length, 0, 'a message is not enough');
    await isThere();
  });

  it('with a plan of another verb, of before, or of twice at once', async () => {
    let asked = 0;
    await issued((params) => {
      asked += 1;
      return person(params);
    });
    const destroy = await plan('destroy');
    const rotate = await plan('rotate');
    // Another plan of the same identity took its place; a hash belongs to its own plan.
    assert.equal((await execute(destroy)).result.code, 'refused/unknown-plan');
    assert.equal((await execute({ id: rotate.id, hash: destroy.hash })).result.code, 'refused/plan-changed');
    assert.equal(asked, 0);
    await isThere();

    const both = await Promise.all([execute(rotate), execute(rotate)]);
    assert.deepEqual(
      both.map(({ result }) => result.state ?? result.code).filter((state) => state === 'done'),
      ['done'],
      'one plan, one execution, however often yes was said',
    );
    assert.equal((await execute(rotate)).result.code, 'refused/unknown-plan');
    await isThere();
  });

  it('with a row that was made up: of no identity, of another machine, of a folder that nobody opened', async () => {
    await issued(person);
    const asked = () => fixture.client.received('identity/confirm').length;
    const before = asked();
    const run = (more: object) =>
      fixture
        .run('idac.run', { verb: 'destroy', identity: IDENTITY, ...more })
        .catch((error: unknown) => error);
    const made: unknown[] = [
      await run({ identity: 'Certificate/default/another' }),
      await run({ machine: 'web-1' }),
      await run({ identity: '../../../etc/passwd' }),
      await run({ identity: { kind: 'Certificate', namespace: '..', name: '..' } }),
      await run({ verb: '__proto__' }),
      await run({ uri: 'https://elsewhere.example/project' }),
    ];
    for (const each of made)
      assert.ok(
        each instanceof Error || (each as { result: { refused?: boolean } }).result.refused,
        String(each),
      );

    const elsewhere = mkdtempSync(path.join(tmpdir(), 'idac-elsewhere-'));
    try {
      cpSync(fixture.box.folder, elsewhere, { recursive: true });
      for (const [command, argument] of [
        ['idac.run', { verb: 'destroy', identity: IDENTITY }],
        ['idac.run', { verb: 'issue', identity: IDENTITY }],
        ['idac.plan', { verb: 'rotate', identity: IDENTITY }],
        ['idac.login', { backend: 'local-ca' }],
        ['idac.resume', { planId: '0'.repeat(26), how: 'undo' }],
      ] as const)
        await assert.rejects(
          fixture.run(command, {
            ...argument,
            uri: pathToFileURL(path.join(elsewhere, 'web.identity.yaml')).href,
          }),
          /no folder and no document that is open here/,
          command,
        );
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
    assert.equal(asked(), before, 'nobody was asked to say yes to any of it');
    await isThere();
  });

  it('the person is shown what will happen, whatever the caller calls it', async () => {
    await issued(() => ({ confirmed: false }));
    await fixture.run('idac.run', {
      verb: 'revoke',
      identity: IDENTITY,
      because: 'routine\nNothing is revoked',
      title: 'Renew everything',
      summary: 'harmless',
      typedName: '',
    });
    const asked = fixture.client.received('identity/confirm').at(-1)?.params as Asked;
    assert.equal(asked.title, `Revoke ${IDENTITY}?`);
    assert.equal(asked.typedName, 'web');
    assert.equal(asked.plan.verb, 'revoke');
    assert.ok(!JSON.stringify({ ...asked, plan: { ...asked.plan, again: undefined } }).includes('harmless'));
    await isThere();
  });
});
