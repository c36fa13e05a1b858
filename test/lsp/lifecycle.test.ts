import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { hasProgram, needs } from '../support/needs.ts';
import {
  CAPABILITIES,
  CONFIRMING,
  type Fixture,
  IDENTITY,
  type Outcome,
  openFixture,
  WEB,
} from './fixture.ts';

const FILE = 'web.identity.yaml';

interface Plan {
  id: string;
  hash: string;
  verb: string;
  steps: { n: number; keyChanges: boolean }[];
  confirmation: { mode: string; name: string };
}

describe('language server: an identity from the lens to the record', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  /** A person who confirms everything and types what is asked for. */
  const confirmAll = (params: unknown) => {
    const { typedName } = params as { typedName?: string };
    return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
  };
  const records = (): string[] => {
    const folder = path.join(fixture.box.folder, '.identity/records/default/Certificate/web');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const pressLens = async (title: string): Promise<Outcome> => {
    const lens = (await fixture.lenses(FILE)).find((each) => each.command?.title === title);
    assert.ok(lens?.command, `no lens ${title}`);
    return fixture.run(lens.command.command, (lens.command.arguments?.[0] ?? {}) as object);
  };
  const spki = (): string =>
    execFileSync(
      'openssl',
      ['x509', '-in', path.join(fixture.box.folder, 'tls/web.pem'), '-noout', '-pubkey'],
      {
        encoding: 'utf8',
      },
    );

  it('issues, rotates and revokes for real, and every face of it follows', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } });
    fixture.open(FILE);
    const before = await fixture.lenses(FILE);
    assert.deepEqual(
      before.map((lens) => lens.command?.title),
      ['not issued yet · local-ca', 'Issue'],
    );
    assert.equal(before[0]?.range.start.line, 0);

    const issued = await pressLens('Issue');
    assert.equal(issued.result.state, 'done', issued.message);
    assert.deepEqual(issued.files, [fixture.uri('tls/web.pem')]);
    assert.equal(issued.resume, null);
    assert.ok(records().length >= 2);
    await fixture.client.next('identity/changed');
    assert.ok(fixture.client.received('workspace/codeLens/refresh').length > 0);
    const [state, ...verbs] = await fixture.lensTitles(FILE);
    assert.match(state ?? '', /^valid · 4[67] days left · local-ca$/);
    assert.deepEqual(verbs, ['Renew', 'Rotate', 'Revoke', 'Verify', 'Destroy']);

    const verified = await fixture.run<{ ok: boolean; machines: unknown[] }>('idac.verify', {
      identity: IDENTITY,
    });
    assert.deepEqual([verified.ok, verified.machines.length], [true, 1]);

    const firstKey = spki();
    const rotated = await pressLens('Rotate');
    assert.equal(rotated.result.state, 'done', rotated.message);
    assert.notEqual(spki(), firstKey);

    const revoked = await pressLens('Revoke');
    assert.equal(revoked.result.state, 'done', revoked.message);
    assert.match((await fixture.lensTitles(FILE))[0] ?? '', /^revoked/);
    const crl = execFileSync(
      'openssl',
      ['crl', '-in', path.join(fixture.box.folder, 'pki/ca.crl.pem'), '-noout', '-text'],
      {
        encoding: 'utf8',
      },
    );
    assert.match(crl, /Revoked Certificates:/);

    const asked = fixture.client.received('identity/confirm').map((message) => message.params) as {
      title: string;
      identity: string;
      backend: string;
      consequence: string;
      typedName?: string;
    }[];
    assert.deepEqual(
      asked.map(({ title, identity, backend, typedName }) => [title, identity, backend, typedName]),
      [
        [`Issue ${IDENTITY}?`, IDENTITY, 'local-ca', undefined],
        [`Rotate ${IDENTITY}?`, IDENTITY, 'local-ca', undefined],
        [`Revoke ${IDENTITY}?`, IDENTITY, 'local-ca', 'web'],
      ],
    );
    for (const { consequence } of asked) assert.notEqual(consequence, '');

    const log = await fixture.client.request<{ type: string }[]>('identity/log', { identity: IDENTITY });
    assert.deepEqual(log.filter(({ type }) => type === 'issued').length, 2);
    assert.ok(log.some(({ type }) => type === 'revoked'));
    const [project] = await fixture.client.request<{ root: string; rows: { state: string }[] }[]>(
      'identity/inventory',
      {},
    );
    assert.deepEqual(
      project?.rows.map((row) => row.state),
      ['revoked'],
    );
  });

  it('shows on hover what the record says, and what a field means', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } });
    fixture.open(FILE);
    await pressLens('Issue');
    const hover = (line: number, character: number) =>
      fixture.client.request<{ contents: { kind: string; value: string } } | null>('textDocument/hover', {
        textDocument: { uri: fixture.uri(FILE) },
        position: { line, character },
      });
    const lines = WEB.split('\n');
    const name = await hover(3, (lines[3] ?? '').indexOf('web'));
    assert.equal(name?.contents.kind, 'markdown');
    for (const part of [
      /expires in 4[67] days/,
      /Issuer/,
      /Serial/,
      /SHA-256 of the key/,
      /tls\/web\.pem/,
      /local-ca/,
    ]) {
      assert.match(name?.contents.value ?? '', part);
    }
    const field = await hover(
      lines.findIndex((line) => line.includes('issuer:')),
      3,
    );
    assert.match(field?.contents.value ?? '', /spec\.issuer/);
    assert.equal(await hover(40, 0), null);

    const symbols = await fixture.client.request<{ name: string; detail: string; selectionRange: unknown }[]>(
      'textDocument/documentSymbol',
      { textDocument: { uri: fixture.uri(FILE) } },
    );
    assert.deepEqual(
      symbols.map(({ name, detail, selectionRange }) => [name, detail, selectionRange]),
      [
        [
          'web',
          'Certificate in default',
          { start: { line: 3, character: 8 }, end: { line: 3, character: 11 } },
        ],
      ],
    );
  });

  it('plans without changing anything, and executes that plan only', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } });
    const plan = await fixture.run<Plan>('idac.plan', { verb: 'issue', identity: IDENTITY });
    assert.equal(plan.verb, 'issue');
    assert.ok(plan.steps.length > 0);
    assert.deepEqual(records(), []);

    const wrong = await fixture.run('idac.execute', { planId: plan.id, hash: `${plan.hash.slice(0, -1)}0x` });
    assert.equal(wrong.result.code, 'refused/plan-changed');
    const unknown = await fixture.run('idac.execute', { planId: 'nonsense', hash: plan.hash });
    assert.equal(unknown.result.code, 'refused/unknown-plan');
    assert.equal(fixture.client.received('identity/confirm').length, 0);
    assert.deepEqual(records(), []);

    const right = await fixture.run('idac.execute', { planId: plan.id, hash: plan.hash });
    assert.equal(right.result.state, 'done', right.message);
    // Asked, although the caller had the plan and its hash.
    assert.equal(fixture.client.received('identity/confirm').length, 1);
    const twice = await fixture.run('idac.execute', { planId: plan.id, hash: plan.hash });
    assert.equal(twice.result.refused, true);
  });

  it("acts on one machine's share, and names it in every question and answer", async () => {
    const machine = (name: string) =>
      `---\napiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: ${name} }\nspec: { type: server, owner: { team: shop } }\n`;
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': confirmAll },
      files: {
        [FILE]: WEB.replace('  usages:', '  machines: [web-1, web-2]\n  usages:').replaceAll(
          /path: tls\/web([a-z.]+)/g,
          'path: "tls/{machine}$1"',
        ),
        'machines.identity.yaml': `${machine('web-1')}${machine('web-2')}`,
      },
    });
    const rows = async () => {
      const [project] = await fixture.run<
        { rows: { machine: string; state: string; serialNumber: string }[] }[]
      >('idac.inventory', {});
      return (
        project?.rows.map(({ machine, state, serialNumber }) => ({ machine, state, serialNumber })) ?? []
      );
    };
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
    const [first, second] = await rows();

    const plan = await fixture.run<Plan & { machine: string; summary: string }>('idac.plan', {
      verb: 'revoke',
      identity: IDENTITY,
      machine: 'web-1',
    });
    assert.equal(plan.machine, 'web-1');
    assert.match(plan.summary, /^revoke Certificate\/default\/web on web-1: one certificate/);
    const revoked = await fixture.run('idac.run', { verb: 'revoke', identity: IDENTITY, machine: 'web-1' });
    assert.equal(revoked.result.state, 'done', revoked.message);
    assert.match(revoked.message, /^Revoked Certificate\/default\/web on web-1\./);
    const asked = fixture.client.received('identity/confirm').at(-1)?.params as { title: string };
    assert.equal(asked.title, 'Revoke Certificate/default/web on web-1?');
    assert.deepEqual(await rows(), [{ ...first, state: 'revoked' }, second]);

    const report = await fixture.run<{ ok: boolean; machines: unknown[] }>('idac.verify', {
      identity: IDENTITY,
      machine: 'web-2',
    });
    assert.deepEqual([report.ok, report.machines.length], [true, 1]);
    const refused = await fixture.run('idac.run', { verb: 'rotate', identity: IDENTITY, machine: 'web-3' });
    assert.equal(refused.result.code, 'refused/not-on-machine');
  });

  it('refuses a plan whose manifest changed since, and a buffer that is not saved', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } });
    fixture.open(FILE);
    const plan = await fixture.run<Plan>('idac.plan', { verb: 'issue', identity: IDENTITY });
    const edited = WEB.replace('47d', '30d');
    fixture.write(FILE, edited);
    fixture.change(FILE, 2, [{ text: edited }]);
    const changed = await fixture.run('idac.execute', { planId: plan.id, hash: plan.hash });
    assert.equal(changed.result.refused, true, changed.message);

    fixture.change(FILE, 3, [{ text: WEB.replace('47d', '20d') }]);
    const dirty = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(dirty.result.refused, true);
    assert.match(dirty.message, /save/i);
    assert.deepEqual(records(), []);
  });

  it('does nothing when the person says no, or types another name', async () => {
    let typed: string | undefined;
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: {
        'identity/confirm': () => (typed === undefined ? { confirmed: false } : { confirmed: true, typed }),
      },
    });
    const no = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(no.result.code, 'refused/not-confirmed');
    typed = 'whatever';
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
    const count = records().length;
    const other = await fixture.run('idac.run', { verb: 'revoke', identity: IDENTITY, reason: 'superseded' });
    assert.equal(other.result.refused, true, other.message);
    assert.equal(records().length, count);
  });

  it('without the confirmation dialog: asks with a message, and leaves revoke and destroy to the command line', async () => {
    const shown: { message: string; actions: { title: string }[] }[] = [];
    fixture = await openFixture({
      capabilities: CAPABILITIES,
      answers: {
        'window/showMessageRequest': (params) => {
          const question = params as { message: string; actions: { title: string }[] };
          shown.push(question);
          return question.actions.find(({ title }) => title === 'Issue') ?? null;
        },
      },
    });
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
    assert.deepEqual(
      shown[0]?.actions.map(({ title }) => title),
      ['Issue', 'Cancel'],
    );
    const ended = await fixture.client.next<{ message: string; actions: { title: string }[] }>(
      'window/showMessageRequest',
      ({ message }) => message.startsWith('Issued'),
    );
    assert.deepEqual(
      ended.actions.map(({ title }) => title),
      ['Open'],
    );
    for (const verb of ['revoke', 'destroy']) {
      const refused = await fixture.run('idac.run', { verb, identity: IDENTITY });
      assert.equal(refused.result.code, 'refused/needs-confirmation');
      assert.match(refused.result.hint ?? '', new RegExp(`idac ${verb} Certificate/`));
    }
    // The question went unanswered: the client closed it.
    fixture.client.answer('window/showMessageRequest', () => null);
    const dismissed = await fixture.run('idac.run', { verb: 'rotate', identity: IDENTITY });
    assert.equal(dismissed.result.code, 'refused/not-confirmed');
  });

  it('shows progress, and is stopped by its button: at once, or between two steps', async () => {
    fixture = await openFixture({ capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } });
    const press = (params: unknown) =>
      fixture.client.notify('window/workDoneProgress/cancel', { token: (params as { token: string }).token });
    fixture.client.answer('window/workDoneProgress/create', (params) => {
      press(params);
      return null;
    });
    const atOnce = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(atOnce.result.state, 'cancelled', atOnce.message);
    assert.deepEqual(records(), []);

    fixture.client.answer('window/workDoneProgress/create', () => null);
    const running = fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    const isReport = ({ value }: { value: { kind: string } }) => value.kind === 'report';
    press(await fixture.client.next('$/progress', isReport));
    const stopped = await running;
    // Too fast to be stopped, or stopped and taken back: never half done.
    assert.ok(['cancelled', 'done'].includes(stopped.result.state ?? ''), stopped.message);
    assert.equal(existsSync(path.join(fixture.box.folder, 'tls/web.pem')), stopped.result.state === 'done');
    assert.deepEqual(await fixture.run('idac.unfinished', {}), []);

    const given = await fixture.run(
      'idac.run',
      { verb: stopped.result.state === 'done' ? 'rotate' : 'issue', identity: IDENTITY },
      { workDoneToken: 'mine' },
    );
    assert.equal(given.result.state, 'done', given.message);
    const mine = fixture.client
      .received('$/progress')
      .map(({ params }) => params as { token: string; value: { kind: string } })
      .filter(({ token }) => token === 'mine')
      .map(({ value }) => value.kind);
    assert.equal(mine[0], 'begin');
    assert.equal(mine.at(-1), 'end');
    assert.ok(mine.includes('report'));
  });

  it('offers Resume for what a killed server left, and finishes it', async () => {
    const confirming = { capabilities: CONFIRMING, answers: { 'identity/confirm': confirmAll } };
    const killed = await openFixture(confirming);
    fixture = killed;
    const running = fixture.run('idac.run', { verb: 'issue', identity: IDENTITY }).catch(() => undefined);
    await fixture.client.next<{ value: { kind: string; message?: string } }>(
      '$/progress',
      ({ value }) => value.kind === 'report' && !(value.message ?? '').startsWith('1/'),
    );
    fixture.client.process.kill('SIGKILL');
    await running;

    fixture = await openFixture({ ...confirming, box: killed.box });
    fixture.open(FILE);
    const titles = await fixture.lensTitles(FILE);
    assert.ok(titles.includes('Issue is unfinished'), titles.join());
    assert.equal(titles.includes('Issue'), false);
    const resumed = await pressLens('Resume');
    assert.equal(resumed.result.state, 'done', resumed.message);
    assert.match((await fixture.lensTitles(FILE))[0] ?? '', /^valid/);
  });
});
