import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CAPABILITIES,
  CONFIRMING,
  type Diagnostic,
  type Fixture,
  IDENTITY,
  openFixture,
  type Report,
} from './fixture.ts';

const CREATING = {
  ...CAPABILITIES,
  workspace: {
    ...CAPABILITIES.workspace,
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
};
const PASSWORD = `Kq${'7w'}Zp93dL`;
const ENV = `NAME=shop\nDB_PASSWORD=${PASSWORD}\n`;
const JUDGEMENTS = '.identity/not-secrets.yaml';

interface Edit {
  range: Diagnostic['range'];
  newText: string;
}
interface DocumentChange {
  kind?: string;
  uri?: string;
  textDocument?: { uri: string };
  edits?: Edit[];
}
interface Action {
  title: string;
  isPreferred?: boolean;
  edit?: { documentChanges: DocumentChange[] };
  command?: { command: string; arguments: [object] };
}

interface Judged extends Action {
  refused?: boolean;
  code?: string;
  file: string;
}

function actionsOn(fixture: Fixture, file: string, diagnostics: readonly Diagnostic[]): Promise<Action[]> {
  return fixture.client.request('textDocument/codeAction', {
    textDocument: { uri: fixture.uri(file) },
    range: diagnostics[0]?.range,
    context: { diagnostics },
  });
}

/** Applies what was offered, as an editor does. */
function applied(fixture: Fixture, file: string, action: Action | undefined, before = ''): string {
  const change = action?.edit?.documentChanges.find(({ edits }) => edits !== undefined);
  assert.equal(change?.textDocument?.uri, fixture.uri(file));
  let text = before;
  for (const { range, newText } of change?.edits ?? []) {
    const at = ({ line, character }: Diagnostic['range']['start']): number =>
      text.split('\n').slice(0, line).join('\n').length + (line === 0 ? 0 : 1) + character;
    text = text.slice(0, at(range.start)) + newText + text.slice(at(range.end));
  }
  fixture.write(file, text);
  fixture.client.notify('workspace/didChangeWatchedFiles', {
    changes: [{ uri: fixture.uri(file), type: 2 }],
  });
  return text;
}

async function pulled(fixture: Fixture, file: string, fits: (report: Report) => boolean): Promise<Report> {
  for (;;) {
    const report = await fixture.pull(file);
    if (fits(report)) return report;
    await pause(50);
  }
}

describe('language server: answers to a secret that was found', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    execFileSync('git', [...who, ...args], { cwd: fixture.box.folder, stdio: 'ignore' });
  };
  /** Of the record that the command line wrote. */
  const told = async (): Promise<void> => {
    await fixture.client.request('identity/inventory', { uri: fixture.uri('') });
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri('.identity/records/default'), type: 1 }],
    });
    await fixture.client.next('workspace/diagnostic/refresh');
  };
  const scanned = async (): Promise<readonly { file: string; rule: string }[]> =>
    (await fixture.box.json(['scan', '--format', 'json'])).data['findings'] as never;

  it('rotates the identity whose key it is, from a lens above the key and from a quick fix', async () => {
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
    });
    assert.equal((await fixture.box.idac(['issue', IDENTITY, '--yes'])).code, 0);
    fixture.write('debug.txt', `from the log:\n${fixture.read('tls/web.key.pem')}`);
    await told();
    fixture.open('debug.txt', undefined, 'plaintext');
    const { items } = await pulled(fixture, 'debug.txt', ({ items: [first] }) =>
      / in use/.test(first?.message ?? ''),
    );
    const lenses = await fixture.lenses('debug.txt');
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title]),
      [
        [1, `the key of ${IDENTITY}`],
        [1, 'Rotate…'],
      ],
    );
    const argument = lenses[1]?.command?.arguments?.[0] as { verb: string; identity: string; uri: string };
    assert.deepEqual([argument.verb, argument.identity], ['rotate', IDENTITY]);
    const [rotate] = await actionsOn(fixture, 'debug.txt', items);
    assert.equal(rotate?.title, 'Rotate now…');
    assert.deepEqual(rotate?.command?.arguments[0], argument);
    const { result } = await fixture.run('idac.run', argument);
    assert.equal(result.state, 'done');
    // The key that stands there is the former one now.
    const after = await pulled(
      fixture,
      'debug.txt',
      ({ items: [first] }) => !/ in use/.test(first?.message ?? ''),
    );
    assert.match(after.items[0]?.message ?? '', /idac revoke .* --former/);
    const again = await fixture.lenses('debug.txt');
    assert.deepEqual(
      again.map(({ command }) => command?.title),
      [`the key of ${IDENTITY}`, 'Revoke what was replaced…'],
    );
  });

  it('offers no verb where nothing is trusted, and names nobody that no record tells of', async () => {
    fixture = await openFixture({ trusted: false });
    assert.equal((await fixture.box.idac(['issue', IDENTITY, '--yes'])).code, 0);
    fixture.write('debug.txt', fixture.read('tls/web.key.pem'));
    await told();
    fixture.open('debug.txt', undefined, 'plaintext');
    const { items } = await pulled(fixture, 'debug.txt', ({ items: [first] }) =>
      / in use/.test(first?.message ?? ''),
    );
    const titles = (await actionsOn(fixture, 'debug.txt', items)).map(({ title }) => title);
    assert.ok(!titles.some((title) => /Rotate|gitignore|Not a secret/.test(title)), titles.join());
    assert.ok(!(await fixture.lensTitles('debug.txt')).some((title) => title.startsWith('Rotate')));
    const [{ code: rule, range } = {}] = items;
    const judged = { uri: fixture.uri('debug.txt'), rule, range, reason: 'example', until: '2099-01-01' };
    const { refused, code } = await fixture.run<Judged>('idac.notASecret', judged);
    assert.deepEqual([refused, code], [true, 'refused/untrusted']);
  });

  it('judges it to be no secret: an entry to complete, which counts here and on the command line', async () => {
    fixture = await openFixture({ capabilities: CREATING });
    fixture.write('app.py', `PASSWORD = "${PASSWORD}"\n`);
    fixture.open('app.py', undefined, 'python');
    const { items } = await fixture.pull('app.py');
    assert.equal(items.length, 1);
    const action = (await actionsOn(fixture, 'app.py', items)).find(({ title }) => title === 'Not a secret…');
    const text = applied(fixture, JUDGEMENTS, action);
    assert.ok(!text.includes(PASSWORD));
    fixture.open(JUDGEMENTS, text, 'yaml');
    const [incomplete] = (await fixture.pull(JUDGEMENTS)).items;
    assert.match(incomplete?.message ?? '', /say why it is no secret/);
    assert.equal((await fixture.pull('app.py')).items.length, 1);
    const complete = text.replace(/reason: .*/, 'reason: made up for the docs');
    fixture.write(JUDGEMENTS, complete);
    fixture.change(JUDGEMENTS, 2, [{ text: complete }]);
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(JUDGEMENTS), type: 2 }],
    });
    assert.deepEqual((await pulled(fixture, 'app.py', ({ items: left }) => left.length === 0)).items, []);
    assert.deepEqual((await fixture.pull(JUDGEMENTS)).items, []);
    assert.deepEqual(await scanned(), []);
    // Another value at the same place is another finding, and the entry is told to be stale.
    const other = `PASSWORD = "${PASSWORD}x"\n`;
    fixture.change('app.py', 2, [{ text: other }]);
    assert.equal((await fixture.pull('app.py')).items.length, 1);
    fixture.write('app.py', other);
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri('app.py') } });
    const [stale] = (await fixture.pull(JUDGEMENTS)).items;
    assert.equal(stale?.code, 'not-a-secret/stale');
  });

  it('asks a client that can ask for reason and day, and refuses a judgement without them', async () => {
    fixture = await openFixture({
      capabilities: { ...CREATING, experimental: { identityNotASecret: true } },
    });
    fixture.open('.env', ENV, 'dotenv');
    const { items } = await fixture.pull('.env');
    const action = (await actionsOn(fixture, '.env', items)).find(({ title }) => title === 'Not a secret…');
    assert.equal(action?.command?.command, 'idac.notASecret');
    const finding = action?.command?.arguments[0] ?? {};
    const asked = (more: object) => fixture.run<Judged>('idac.notASecret', { ...finding, ...more });
    assert.equal((await asked({ reason: 'example', until: '2020-01-01' })).refused, true);
    assert.equal((await asked({ reason: ' ', until: '2099-01-01' })).refused, true);
    const answer = await asked({ reason: 'example', until: '2099-01-01' });
    assert.equal(answer.file, fixture.uri(JUDGEMENTS));
    applied(fixture, JUDGEMENTS, answer);
    assert.deepEqual((await pulled(fixture, '.env', ({ items: left }) => left.length === 0)).items, []);
  });

  it('adds a file that git would take along to .gitignore, and says of one that it tracks what to do', async () => {
    fixture = await openFixture({ capabilities: CREATING });
    fixture.write('new #1.env', ENV);
    fixture.write('deploy/.env', ENV);
    fixture.open('deploy/.env', undefined, 'dotenv');
    const { items } = await fixture.pull('deploy/.env');
    const ignore = (await actionsOn(fixture, 'deploy/.env', items)).find(({ title }) =>
      title.includes('.gitignore'),
    );
    applied(fixture, '.gitignore', ignore, fixture.read('.gitignore'));
    execFileSync('git', ['check-ignore', '-q', 'deploy/.env'], { cwd: fixture.box.folder });
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri('.gitignore') } });
    const after = await actionsOn(fixture, 'deploy/.env', items);
    assert.ok(!after.some(({ title }) => title.includes('git')), JSON.stringify(after));
    git('add', '-f', 'deploy/.env');
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri('deploy/.env') } });
    const tracked = (await actionsOn(fixture, 'deploy/.env', items)).find(({ title }) =>
      title.includes('git'),
    );
    assert.equal(tracked?.title, 'Take it out of git…');
    await fixture.run(tracked?.command?.command ?? '', tracked?.command?.arguments[0] ?? {});
    const { message } = await fixture.client.next<{ message: string }>('window/showMessage');
    assert.match(message, /git rm --cached -- deploy\/\.env/);
    assert.ok(message.includes(`In ${fixture.box.folder}, run`), message);
    // A repository may call its files as it likes.
    const file = '$(touch gone).env';
    await fixture.run('idac.tellTracked', { uri: fixture.uri(''), file });
    const next = await fixture.client.next<{ message: string }>('window/showMessage');
    assert.ok(next.message.includes(`git rm --cached -- '${file}'`), next.message);
    assert.match(message, /The history keeps what was committed/);
    assert.ok(
      !fixture.client
        .received('window/showMessage')
        .some(({ params }) => JSON.stringify(params).includes(PASSWORD)),
    );
  });

  it('sends no part of a value to the client', async () => {
    fixture = await openFixture({ capabilities: CREATING });
    fixture.write('.env', ENV);
    fixture.open('.env', undefined, 'dotenv');
    const { items } = await fixture.pull('.env');
    await actionsOn(fixture, '.env', items);
    const sent = fixture.client
      .trace()
      .split('\n')
      .filter((line) => line.startsWith('←'));
    assert.ok(sent.length > 3 && !sent.some((line) => line.includes(PASSWORD)));
  });
});
