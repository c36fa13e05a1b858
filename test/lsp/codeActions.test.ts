import assert from 'node:assert/strict';
import type { Range } from '../support/lspClient.ts';
import {
  CAPABILITIES,
  CONFIRMING,
  type Diagnostic,
  type Fixture,
  IDENTITY,
  openFixture,
  WEB,
} from './fixture.ts';

const FILE = 'web.identity.yaml';
const MISSPELT = WEB.replace('usages:', 'usage:');

interface Edit {
  range: Range;
  newText: string;
}
interface Action {
  title: string;
  kind: string;
  isPreferred: boolean;
  diagnostics: Diagnostic[];
  command?: { title: string; command: string; arguments: [object] };
  edit: {
    changes?: Record<string, Edit[]>;
    documentChanges?: { textDocument: { uri: string; version: number | null }; edits: Edit[] }[];
  };
}

describe('language server: quick fixes', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const actionsFor = (diagnostics: readonly Diagnostic[], only?: readonly string[]) =>
    fixture.client.request<Action[]>('textDocument/codeAction', {
      textDocument: { uri: fixture.uri(FILE) },
      range: diagnostics[0]?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics, ...(only === undefined ? {} : { only }) },
    });

  it('offers the meant spelling first, and it repairs the file', async () => {
    fixture = await openFixture({ files: { [FILE]: MISSPELT } });
    fixture.open(FILE);
    const { items } = await fixture.pull(FILE);
    const actions = await actionsFor(items);
    const [first] = actions;
    assert.equal(first?.isPreferred, true);
    assert.equal(actions.filter(({ isPreferred }) => isPreferred).length, 1);
    assert.match(first.title, /usages/);
    const [change] = first.edit.documentChanges ?? [];
    assert.deepEqual(change?.textDocument, { uri: fixture.uri(FILE), version: 1 });
    fixture.change(
      FILE,
      2,
      change.edits.map(({ range, newText }) => ({ range, text: newText })),
    );
    assert.deepEqual((await fixture.pull(FILE)).items, []);
    // The old fix does not fit the new text.
    assert.deepEqual(await actionsFor(items), []);
  });

  it('serves clients without data support and without document changes', async () => {
    const { workspaceEdit: _, ...workspace } = CAPABILITIES.workspace;
    fixture = await openFixture({
      files: { [FILE]: MISSPELT },
      capabilities: { ...CAPABILITIES, workspace },
    });
    fixture.open(FILE);
    const { items } = await fixture.pull(FILE);
    const bare = items.map(({ data: _data, ...rest }) => rest);
    const [first] = await actionsFor(bare);
    assert.deepEqual(Object.keys(first?.edit.changes ?? {}), [fixture.uri(FILE)]);
  });

  it('stays out of what it was not asked for', async () => {
    fixture = await openFixture({ files: { [FILE]: MISSPELT } });
    fixture.open(FILE);
    const { items } = await fixture.pull(FILE);
    assert.deepEqual(await actionsFor(items, ['refactor']), []);
    assert.ok((await actionsFor(items, ['quickfix'])).length > 0);
    assert.ok((await actionsFor(items, [''])).length > 0);
    const foreign = items.map((item) => ({ ...item, source: 'yaml' }));
    assert.deepEqual(await actionsFor(foreign), []);
    const spoiled = items.map((item) => ({ ...item, data: { fixes: 'none' } }));
    assert.ok(Array.isArray(await actionsFor(spoiled)));
  });
});

describe('language server: quick fixes that act', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const nameOf = (text: string): Range => {
    const line = text.split('\n').indexOf('  name: web');
    return { start: { line, character: 9 }, end: { line, character: 9 } };
  };
  const actionsAt = (range: Range, diagnostics: readonly unknown[]) =>
    fixture.client.request<Action[]>('textDocument/codeAction', {
      textDocument: { uri: fixture.uri(FILE) },
      range,
      context: { diagnostics },
    });
  /** Those that act, once the record was read. */
  const acting = async (range: Range, diagnostics: readonly unknown[] = []) => {
    await fixture.client.request('identity/inventory', { uri: fixture.uri(FILE) });
    return (await actionsAt(range, diagnostics)).filter(({ command }) => command !== undefined);
  };
  const titles = (actions: readonly Action[]) => actions.map(({ title }) => title);
  const press = (actions: readonly Action[], title: string) => {
    const command = actions.find((each) => each.title === title)?.command;
    assert.ok(command, `no ${title} in ${titles(actions).join(', ')}`);
    return fixture.run(command.command, command.arguments[0]);
  };
  const asked = () =>
    fixture.client.received('identity/confirm').map(({ params }) => (params as { title: string }).title);
  const person = (params: unknown) => {
    const { typedName } = params as { typedName?: string };
    return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
  };

  it('issues what was never issued from its name, and renews what the manifest has outgrown; the person is asked', async () => {
    let answer: (params: unknown) => unknown = () => ({ confirmed: false });
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': (params) => answer(params) },
    });
    fixture.open(FILE);
    const offered = await acting(nameOf(WEB));
    assert.deepEqual(titles(offered), ['Issue now…']);
    assert.ok(offered.every(({ kind, isPreferred }) => kind === 'quickfix' && !isPreferred));
    assert.deepEqual(await acting({ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }), []);

    assert.equal((await press(offered, 'Issue now…')).result.code, 'refused/not-confirmed');
    answer = person;
    const issued = await press(offered, 'Issue now…');
    assert.equal(issued.result.state, 'done', issued.message);
    assert.deepEqual(asked(), [`Issue ${IDENTITY}?`, `Issue ${IDENTITY}?`]);
    assert.deepEqual(await acting(nameOf(WEB)), [], 'it is in use and as it should be');

    const grown = WEB.replace('[shop.example.com]', '[shop.example.com, www.example.com]');
    fixture.write(FILE, grown);
    fixture.change(FILE, 2, [{ text: grown }]);
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri(FILE) } });
    await fixture.client.request('identity/summary', { refresh: true });
    const { items } = await fixture.pull(FILE);
    assert.deepEqual(
      items.map(({ code }) => code),
      ['certificate/out-of-date'],
    );
    const [mark, ...others] = await fixture.client.request<
      { uri: string; badge: string; tone: string; text: string }[]
    >('identity/fileMarks', {});
    assert.deepEqual([mark?.uri, mark?.badge, mark?.tone, others], [fixture.uri(FILE), '!', 'attention', []]);
    assert.match(mark?.text ?? '', new RegExp(`^${IDENTITY}: `));
    const renewing = await acting(nameOf(grown), items);
    assert.deepEqual(titles(renewing), ['Renew now…', 'Rotate now…']);
    assert.ok(renewing.every(({ diagnostics }) => diagnostics[0]?.code === 'certificate/out-of-date'));
    // Also for clients that do not give data back.
    const bare = items.map(({ data: _data, ...rest }) => rest);
    assert.deepEqual(titles(await acting(nameOf(grown), bare)), ['Renew now…', 'Rotate now…']);
    const renewed = await press(renewing, 'Renew now…');
    assert.equal(renewed.result.state, 'done', renewed.message);
    assert.deepEqual((await fixture.pull(FILE)).items, []);
    assert.deepEqual(await fixture.client.request('identity/fileMarks', {}), []);
  });

  it("revokes one machine's share only with its name typed", async () => {
    const machine = (name: string) =>
      `---\napiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: ${name} }\nspec: { type: server, owner: { team: shop } }\n`;
    const both = WEB.replace('  usages:', '  machines: [web-1, web-2]\n  usages:').replaceAll(
      /path: tls\/web([a-z.]+)/g,
      'path: "tls/{machine}$1"',
    );
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': person },
      files: { [FILE]: both, 'machines.identity.yaml': `${machine('web-1')}${machine('web-2')}` },
    });
    fixture.open(FILE);
    assert.equal((await press(await acting(nameOf(both)), 'Issue now…')).result.state, 'done');
    const one = both.replace('[web-1, web-2]', '[web-1]');
    fixture.write(FILE, one);
    fixture.change(FILE, 2, [{ text: one }]);
    fixture.client.notify('textDocument/didSave', { textDocument: { uri: fixture.uri(FILE) } });
    await fixture.client.request('identity/summary', { refresh: true });
    const left = (await fixture.pull(FILE)).items.filter(({ code }) => code === 'record/left-on-machine');
    const offered = await acting(left[0]?.range ?? nameOf(one), left);
    assert.deepEqual(titles(offered), ['Revoke on web-2 now…']);

    fixture.client.answer('identity/confirm', () => ({ confirmed: true }));
    assert.equal((await press(offered, 'Revoke on web-2 now…')).result.refused, true);
    fixture.client.answer('identity/confirm', person);
    const revoked = await press(offered, 'Revoke on web-2 now…');
    assert.equal(revoked.result.state, 'done', revoked.message);
    assert.equal(asked().at(-1), `Revoke ${IDENTITY} on web-2?`);
  });

  it('offers nothing in a folder that is not trusted, and nothing that a made-up diagnostic asks for', async () => {
    fixture = await openFixture({ trusted: false });
    fixture.open(FILE);
    assert.deepEqual(await acting(nameOf(WEB)), []);
    await fixture.end();

    fixture = await openFixture({ capabilities: CONFIRMING });
    fixture.open(FILE);
    const made = (acts: unknown) => ({
      range: nameOf(WEB),
      source: 'idac',
      code: 'certificate/expired',
      message: '',
      data: { fixes: [], acts },
    });
    // From the name alone.
    for (const acts of [
      { identity: IDENTITY, verbs: ['destroy', 'verify', '__proto__', 7] },
      { identity: 'Certificate/default/another', verbs: ['issue'] },
      { identity: IDENTITY, verbs: ['issue'], machine: 'web-1' },
      { identity: { name: 'web' }, verbs: ['issue'] },
      { identity: IDENTITY, verbs: 'issue' },
      'issue',
    ])
      assert.deepEqual(titles(await acting(nameOf(WEB), [made(acts)])), ['Issue now…'], JSON.stringify(acts));
  });
});
