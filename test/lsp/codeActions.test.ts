import assert from 'node:assert/strict';
import type { Range } from '../support/lspClient.ts';
import { CAPABILITIES, type Diagnostic, type Fixture, openFixture, WEB } from './fixture.ts';

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
