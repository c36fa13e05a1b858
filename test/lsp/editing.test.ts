/** What helps while a manifest is written, over the real connection. */
import assert from 'node:assert/strict';
import type { Position, Range } from '../support/lspClient.ts';
import { RpcError } from '../support/lspClient.ts';
import {
  BACKEND,
  CAPABILITIES,
  type Diagnostic,
  type Fixture,
  IDENTITY,
  openFixture,
  WEB,
} from './fixture.ts';

const FILE = 'web.identity.yaml';
const CA = 'ca.identity.yaml';

interface TextEdit {
  range: Range;
  newText: string;
}
interface Item {
  label: string;
  sortText: string;
  filterText: string;
  insertTextFormat: number;
  textEdit: { newText: string; range?: Range; insert?: Range; replace?: Range };
  documentation?: { kind: string; value: string };
  data: unknown;
}
interface DocumentChange {
  textDocument: { uri: string; version: number | null };
  edits: (TextEdit & { annotationId?: string; snippet?: { value: string } })[];
}
interface WorkspaceEdit {
  changes?: Record<string, TextEdit[]>;
  documentChanges?: DocumentChange[];
  changeAnnotations?: Record<string, { label: string }>;
}
interface Action {
  title: string;
  kind: string;
  edit: WorkspaceEdit;
}

const { textDocument, workspace } = CAPABILITIES;
const RICH = {
  ...CAPABILITIES,
  textDocument: {
    ...textDocument,
    completion: {
      completionItem: {
        snippetSupport: true,
        insertReplaceSupport: true,
        documentationFormat: ['markdown', 'plaintext'],
        insertTextModeSupport: { valueSet: [1, 2] },
      },
    },
    rename: { prepareSupport: true },
  },
  workspace: {
    ...workspace,
    inlayHint: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {}, snippetEditSupport: true },
  },
};

describe('language server: writing manifests', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const document = (file = FILE) => ({ textDocument: { uri: fixture.uri(file) } });
  /** Opens the text without its cursor, and gives where it was. */
  const openAt = (marked: string, file = FILE): Position => {
    const before = marked.slice(0, marked.indexOf('│'));
    fixture.open(file, marked.replace('│', ''));
    return { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
  };
  const complete = async (position: Position, file = FILE): Promise<readonly Item[]> =>
    (
      await fixture.client.request<{ items: Item[] }>('textDocument/completion', {
        ...document(file),
        position,
      })
    ).items;
  const ask = <T>(method: string, position: Position, more: object = {}) =>
    fixture.client.request<T>(method, { ...document(), position, ...more });
  const apply = (file: string, version: number, edits: readonly TextEdit[]): void =>
    fixture.change(
      file,
      version,
      [...edits]
        .sort(
          (a, b) =>
            b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
        )
        .map(({ range, newText }) => ({ range, text: newText })),
    );

  it('completes keys and values, sorted as the schema has them, and documents them when asked', async () => {
    fixture = await openFixture({ capabilities: RICH });
    const items = await complete(openAt(WEB.replace('  duration: 47d\n', '  du│\n')));
    assert.ok(items.every(({ sortText }, at) => at === 0 || sortText > (items[at - 1]?.sortText ?? '')));
    assert.equal(items[0]?.label, 'machines');
    const duration = items.find(({ label }) => label === 'duration');
    assert.deepEqual(
      [duration?.insertTextFormat, duration?.textEdit.newText, duration?.textEdit.insert?.start.character],
      [2, 'duration: $1', 2],
    );
    const resolved = await fixture.client.request<Item>('completionItem/resolve', duration);
    assert.equal(resolved.documentation?.kind, 'markdown');
    assert.match(resolved.documentation.value, /spec\.duration[\s\S]+How long/);

    const [issuer] = await complete(
      openAt(WEB.replace('issuer: local-ca', 'issuer: │'), 'other.identity.yaml'),
      'other.identity.yaml',
    );
    assert.equal(issuer?.label, 'local-ca');
    const card = await fixture.client.request<Item>('completionItem/resolve', issuer);
    assert.match(card.documentation?.value ?? '', /CertificateAuthority/);
    assert.deepEqual(await fixture.client.request('completionItem/resolve', { label: 'x', data: 3 }), {
      label: 'x',
      data: 3,
    });
  });

  it('writes plain text for clients without snippets', async () => {
    fixture = await openFixture();
    const position = openAt('│');
    const items = await complete(position);
    const manifest = items.find(({ label }) => label === 'Certificate');
    assert.equal(manifest?.insertTextFormat, 1);
    assert.deepEqual(manifest.textEdit.range, { start: position, end: position });
    apply(FILE, 2, [{ range: { start: position, end: position }, newText: manifest.textEdit.newText }]);
    assert.deepEqual((await fixture.pull(FILE)).items, []);
  });

  it('leads from a reference to its manifest and back, and shows all places of a name', async () => {
    fixture = await openFixture({ capabilities: RICH });
    const position = openAt(WEB.replace('issuer: local-ca', 'issuer: loc│al-ca'));
    const definition = await ask<{ uri: string; range: Range }>('textDocument/definition', position);
    assert.equal(definition.uri, fixture.uri(CA));
    assert.deepEqual(definition.range, { start: { line: 3, character: 8 }, end: { line: 3, character: 16 } });
    const context = { context: { includeDeclaration: true } };
    const all = await ask<{ uri: string }[]>('textDocument/references', position, context);
    assert.deepEqual(
      all.map(({ uri }) => uri),
      [CA, FILE, FILE, FILE].map(fixture.uri),
    );
    const only = await ask<unknown[]>('textDocument/references', position, {
      context: { includeDeclaration: false },
    });
    assert.equal(only.length, 3);
    assert.equal((await ask<unknown[]>('textDocument/documentHighlight', position)).length, 3);
    const card = await ask<{ contents: { value: string } }>('textDocument/hover', position);
    assert.match(card.contents.value, /Backend\/local\\?-ca[\s\S]+platform/);
    assert.equal(await ask('textDocument/definition', { line: 0, character: 3 }), null);
  });

  it('renames across files, open or not, and keeps the record', async () => {
    fixture = await openFixture({ capabilities: RICH });
    const position = openAt(WEB.replace('name: web', 'name: w│eb'));
    assert.deepEqual(await ask('textDocument/prepareRename', position), {
      range: { start: { line: 3, character: 8 }, end: { line: 3, character: 11 } },
      placeholder: 'web',
    });
    const edit = await ask<WorkspaceEdit>('textDocument/rename', position, { newName: 'shop' });
    assert.deepEqual(Object.keys(edit.changeAnnotations ?? {}), ['name', 'record']);
    const [change] = edit.documentChanges ?? [];
    assert.equal(change?.textDocument.version, 1);
    apply(FILE, 2, change.edits);
    assert.deepEqual((await fixture.pull(FILE)).items, []);

    const backend = WEB.split('\n').findIndex((line) => line.includes('issuer:'));
    const ca = await ask<WorkspaceEdit>(
      'textDocument/rename',
      { line: backend + 1, character: 12 },
      { newName: 'issuing' },
    );
    assert.deepEqual(
      ca.documentChanges?.map(({ textDocument: { uri, version }, edits }) => [uri, version, edits.length]),
      [
        [fixture.uri(CA), null, 1],
        [fixture.uri(FILE), 2, 3],
      ],
    );
    await assert.rejects(
      ask('textDocument/rename', { line: 3, character: 9 }, { newName: 'Not A Name' }),
      (error) => error instanceof RpcError && /no name for a Certificate/.test(error.message),
    );
    assert.equal(await ask('textDocument/prepareRename', { line: 0, character: 2 }), null);
  });

  it('finds any manifest by name, and folds, selects and colours', async () => {
    fixture = await openFixture({ capabilities: RICH });
    fixture.open(FILE);
    const symbols = await fixture.client.request<{ name: string; location: { uri: string } }[]>(
      'workspace/symbol',
      { query: 'certweb' },
    );
    assert.deepEqual(
      symbols.map(({ name, location }) => [name, location.uri]),
      [[IDENTITY, fixture.uri(FILE)]],
    );
    const folds = await fixture.client.request<{ startLine: number }[]>(
      'textDocument/foldingRange',
      document(),
    );
    assert.ok(folds.some(({ startLine }) => startLine === 4));
    // Null, not none: then the editor folds other YAML by itself.
    const others = { textDocument: { uri: fixture.uri('values.yaml') } };
    assert.equal(await fixture.client.request('textDocument/foldingRange', others), null);
    const [selection] = await fixture.client.request<{ range: Range; parent?: { range: Range } }[]>(
      'textDocument/selectionRange',
      { ...document(), positions: [{ line: 3, character: 9 }] },
    );
    assert.deepEqual(selection?.range, { start: { line: 3, character: 8 }, end: { line: 3, character: 11 } });
    assert.equal(selection.parent?.range.start.character, 2);
  });

  it('sends of the colours only what a key changed', async () => {
    fixture = await openFixture({ capabilities: RICH });
    fixture.open(FILE);
    const full = await fixture.client.request<{ resultId: string; data: number[] }>(
      'textDocument/semanticTokens/full',
      document(),
    );
    const line = WEB.split('\n').findIndex((each) => each.includes('duration:'));
    const at = { line, character: 12 };
    fixture.change(FILE, 2, [{ range: { start: at, end: { line, character: 14 } }, text: '147' }]);
    const delta = await fixture.client.request<{
      resultId: string;
      edits: { start: number; deleteCount: number; data?: number[] }[];
    }>('textDocument/semanticTokens/full/delta', { ...document(), previousResultId: full.resultId });
    const now = [...full.data];
    for (const { start, deleteCount, data = [] } of delta.edits) now.splice(start, deleteCount, ...data);
    assert.ok(delta.edits.every(({ data = [] }) => data.length <= 5));
    const again = await fixture.client.request<{ data: number[] }>(
      'textDocument/semanticTokens/full',
      document(),
    );
    assert.deepEqual(now, again.data);
    const lost = await fixture.client.request<{ data?: number[] }>('textDocument/semanticTokens/full/delta', {
      ...document(),
      previousResultId: 'of another session',
    });
    assert.deepEqual(lost.data, again.data);
    const some = await fixture.client.request<{ data: number[] }>('textDocument/semanticTokens/range', {
      ...document(),
      range: { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } },
    });
    assert.ok(some.data.length > 0);
  });

  it('links files that are there, and shows the days that are left, unless switched off', async () => {
    let enabled = true;
    fixture = await openFixture({
      capabilities: { ...RICH, experimental: { identityConfirm: true } },
      answers: {
        'identity/confirm': () => ({ confirmed: true }),
        'workspace/configuration': () => [{ inlayHints: { enabled } }],
        'workspace/inlayHint/refresh': () => null,
      },
    });
    fixture.open(FILE);
    const hints = () =>
      fixture.client.request<{ position: Position; label: string }[]>('textDocument/inlayHint', {
        ...document(),
        range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
      });
    const links = () => fixture.client.request<{ target: string }[]>('textDocument/documentLink', document());
    assert.deepEqual(await links(), []);
    assert.deepEqual(await hints(), [
      { position: { line: 3, character: 11 }, label: 'not issued yet', paddingLeft: true },
    ]);
    await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY, uri: fixture.uri(FILE) });
    await fixture.client.next('workspace/inlayHint/refresh');
    assert.match((await hints())[0]?.label ?? '', /^valid · 4[67] days left$/);
    assert.deepEqual(
      (await links()).map(({ target }) => target),
      ['tls/web.pem', 'tls/web.key.pem'].map(fixture.uri),
    );
    enabled = false;
    fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
    await fixture.client.next('workspace/inlayHint/refresh');
    while ((await hints()).length > 0) await fixture.client.next('workspace/inlayHint/refresh');
  });

  it('fixes all that is surely meant, only when asked for it by its kind', async () => {
    const text = WEB.replace('usages:', 'usage:').replace('issuer: local-ca', 'issuer: local-c');
    fixture = await openFixture({ files: { [FILE]: text }, capabilities: RICH });
    fixture.open(FILE);
    const actions = (only?: readonly string[]) =>
      fixture.client.request<Action[]>('textDocument/codeAction', {
        ...document(),
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
      });
    assert.deepEqual(await actions(), []);
    for (const only of ['source.fixAll.idac', 'source.fixAll', 'source']) {
      const [fix] = await actions([only]);
      assert.equal(fix?.kind, 'source.fixAll.idac');
    }
    const [fix] = await actions(['source.fixAll.idac']);
    apply(FILE, 2, fix?.edit.documentChanges?.[0]?.edits ?? []);
    assert.deepEqual((await fixture.pull(FILE)).items, []);
    assert.deepEqual(await actions(['source.fixAll.idac']), []);
  });

  it('ignores a finding for a while, once a reason is written', async () => {
    const text = WEB.replace('  owner: { team: shop, contact: shop@example.com }\n', '');
    fixture = await openFixture({ files: { [FILE]: text }, capabilities: RICH });
    fixture.open(FILE);
    const { items } = await fixture.pull(FILE);
    assert.deepEqual(
      items.map(({ code }) => code),
      ['owner/missing'],
    );
    const ignoreOf = async (diagnostics: readonly Diagnostic[]) =>
      (
        await fixture.client.request<Action[]>('textDocument/codeAction', {
          ...document(),
          range: diagnostics[0]?.range,
          context: { diagnostics },
        })
      ).filter(({ title }) => title.startsWith('Ignore'));
    const [ignore] = await ignoreOf(items);
    const edit = ignore?.edit.documentChanges?.[0]?.edits[0];
    assert.match(
      edit?.snippet?.value ?? '',
      /^ {2}# idac-ignore owner\/missing until \d{4}-\d{2}-\d{2}: \$\{1:why\}\n$/,
    );
    const comment = edit?.snippet?.value.replace(/\$\{1:why\}/, '') ?? '';
    apply(FILE, 2, [{ range: edit?.range ?? items[0]?.range ?? fail(), newText: comment }]);
    const incomplete = await fixture.pull(FILE);
    assert.deepEqual(incomplete.items.map(({ code }) => code).sort(), ['ignore/malformed', 'owner/missing']);
    assert.deepEqual(await ignoreOf(incomplete.items.filter(({ code }) => code === 'ignore/malformed')), []);
    const end = { line: 3, character: comment.trimEnd().length };
    fixture.change(FILE, 3, [{ range: { start: end, end }, text: ' the team is being founded' }]);
    assert.deepEqual((await fixture.pull(FILE)).items, []);
  });

  it('offers to ignore nothing that a policy makes no exception of', async () => {
    const policy = (waivable: boolean): string =>
      `apiVersion: identity-as-code/v1\nkind: Policy\nmetadata: { name: lives }\nspec:\n  rules:\n    certificate/validity-too-long: { severity: error, maximum: 1d, waivable: ${waivable} }\n`;
    for (const waivable of [true, false]) {
      fixture = await openFixture({
        files: { [FILE]: WEB, 'policy.identity.yaml': policy(waivable) },
        capabilities: RICH,
      });
      fixture.open(FILE);
      const diagnostics = (await fixture.pull(FILE)).items;
      assert.deepEqual(
        diagnostics.map(({ code }) => code),
        ['certificate/validity-too-long'],
      );
      const actions = await fixture.client.request<Action[]>('textDocument/codeAction', {
        ...document(),
        range: diagnostics[0]?.range,
        context: { diagnostics },
      });
      assert.equal(
        actions.some(({ title }) => title.startsWith('Ignore')),
        waivable,
      );
      if (waivable) await fixture.end();
    }
  });

  it('answers for files that are not ours, and for text that is broken, with nothing or with what it knows', async () => {
    fixture = await openFixture({
      capabilities: RICH,
      files: { 'other.yaml': 'a: 1\n', 'broken.identity.yaml': BACKEND.replace('spec:', 'spec: {') },
    });
    const start = { line: 1, character: 1 };
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    for (const file of ['other.yaml', 'broken.identity.yaml']) {
      fixture.open(file);
      for (const [method, params] of Object.entries({
        'textDocument/completion': { position: start },
        'textDocument/definition': { position: start },
        'textDocument/references': { position: start, context: { includeDeclaration: true } },
        'textDocument/documentHighlight': { position: start },
        'textDocument/prepareRename': { position: start },
        'textDocument/documentLink': {},
        'textDocument/foldingRange': {},
        'textDocument/selectionRange': { positions: [start] },
        'textDocument/inlayHint': { range },
        'textDocument/semanticTokens/full': {},
        'textDocument/semanticTokens/range': { range },
      }))
        await fixture.client.request(method, { ...document(file), ...params });
    }
  });
});

function fail(): never {
  throw new Error('there is no range');
}
