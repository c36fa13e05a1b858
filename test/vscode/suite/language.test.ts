import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import snippets from '../../../client/language/snippets.json';
import { folder, until } from './editor.ts';

/** What typing does in a manifest: keys as a person presses them, in an editor of its own for each test. */
describe('the language of manifests in an editor', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  /** An editor with this text; `|` is where the cursor stands, `<word>` what is selected. */
  const editing = async (text: string): Promise<vscode.TextEditor> => {
    const content = text.replace(/[|<>]/g, '');
    const document = await vscode.workspace.openTextDocument({ language: 'identity-yaml', content });
    const editor = await vscode.window.showTextDocument(document);
    const at = text.search(/[|<]/);
    const end = text.includes('>') ? text.indexOf('>') - 1 : at;
    editor.selection = new vscode.Selection(document.positionAt(at), document.positionAt(end));
    return editor;
  };
  const type = (text: string): Thenable<unknown> => vscode.commands.executeCommand('type', { text });
  const lines = ({ document }: vscode.TextEditor): readonly string[] => document.getText().split('\n');

  it('is indented by two spaces', async () => {
    const { options } = await editing('|');
    assert.deepEqual([options.tabSize, options.insertSpaces], [2, true]);
  });

  it('comments lines out and in again', async () => {
    const editor = await editing('spec:\n  iss|uer: local-ca\n');
    await vscode.commands.executeCommand('editor.action.commentLine');
    assert.equal(lines(editor)[1], '  # issuer: local-ca');
    await vscode.commands.executeCommand('editor.action.commentLine');
    assert.equal(lines(editor)[1], '  issuer: local-ca');
  });

  for (const [what, before, after] of [
    ['below a key', 'spec:|', ['spec:', '  x']],
    ['below a key of an item', 'steps:\n  - checks:|', ['steps:', '  - checks:', '      x']],
    ['below a key with its value', 'spec:\n  issuer: local-ca|', ['spec:', '  issuer: local-ca', '  x']],
    [
      'below the first key of an item',
      'steps:\n  - name: contain|',
      ['steps:', '  - name: contain', '    x'],
    ],
    [
      'below a later key of an item',
      'steps:\n  - a: b\n    c: d|',
      ['steps:', '  - a: b', '    c: d', '    x'],
    ],
    ['below an item that is a name', 'names:\n  - a.example.com|', ['names:', '  - a.example.com', '  x']],
    ['below an item', 'deliverTo:\n  - { path: a }|', ['deliverTo:', '  - { path: a }', '  x']],
    ['below a comment that ends like a key', '# owner:|', ['# owner:', 'x']],
    ['below the line between two manifests', 'kind: Key\n---|', ['kind: Key', '---', 'x']],
  ] as const)
    it(`a new line stands right ${what}`, async () => {
      const editor = await editing(before);
      await type('\n');
      await type('x');
      assert.deepEqual(lines(editor), after);
    });

  it('a new line within braces has room of its own', async () => {
    const editor = await editing('spec:\n  owner: {|}');
    await type('\n');
    await type('x');
    assert.deepEqual(lines(editor), ['spec:', '  owner: {', '    x', '  }']);
  });

  for (const [what, before, typed, after] of [
    ['closes a brace', 'owner: |', '{', 'owner: {}'],
    ['closes a bracket', 'machines: |', '[', 'machines: []'],
    ['closes a placeholder within a quotation', 'path: "deploy/|"', '{', 'path: "deploy/{}"'],
    ['goes over the end that it wrote itself', 'owner: |', '{}', 'owner: {}'],
    ['puts quotes around what is selected', 'path: <deploy>', '"', 'path: "deploy"'],
    ['puts brackets around what is selected', 'machines: <web>', '[', 'machines: [web]'],
  ] as const)
    it(`typing ${what}`, async () => {
      const editor = await editing(before);
      for (const key of typed) await type(key);
      assert.deepEqual(lines(editor), [after]);
    });

  it('typing closes a quotation, and leaves apostrophes in comments alone', async () => {
    // Whether it is in a comment VS Code knows once it has coloured the text.
    const editor = await until('a quotation is closed', async () => {
      const tried = await editing('path: |\n# don\n');
      await type('"');
      if (lines(tried)[0] === 'path: ""') return tried;
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      return undefined;
    });
    const end = new vscode.Position(1, 5);
    editor.selection = new vscode.Selection(end, end);
    await type("'");
    await type('t');
    assert.equal(lines(editor)[1], "# don't");
  });

  it('takes a name with its dots and dashes as one word', async () => {
    const { document } = await editing('dnsNames: [api-1.fernweh.example]|');
    const word = document.getWordRangeAtPosition(new vscode.Position(0, 18));
    assert.equal(word && document.getText(word), 'api-1.fernweh.example');
  });

  it('completes a key, and what it writes is indented where it stands', async () => {
    const editor = await editing(
      'apiVersion: identity-as-code/v1\nkind: Key\nmetadata: { name: a }\nspec:\n  own|\n',
    );
    await until('the key is proposed', async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        editor.selection.active,
      );
      return (
        items.some(({ label }) => (typeof label === 'string' ? label : label.label) === 'owner') || undefined
      );
    });
  });
});

describe('what folds', () => {
  const folded = async (text: string, name: string): Promise<readonly string[]> => {
    const file = vscode.Uri.joinPath(folder(), name);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    const { uri } = await vscode.workspace.openTextDocument(file);
    return until(`what folds in ${name}`, async () => {
      const found = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        'vscode.executeFoldingRangeProvider',
        uri,
      );
      return found.length > 0 ? found.map(({ start, end }) => `${start}-${end}`) : undefined;
    }).finally(() => vscode.workspace.fs.delete(file));
  };

  it('are parts of a manifest, and regions', async () => {
    const folds = await folded(
      '# region old\nkind: Key\nspec:\n  owner:\n    team: a\n    contact: b\n# endregion\n',
      'folds.identity.yaml',
    );
    for (const fold of ['0-6', '2-5', '3-5'])
      assert.ok(folds.includes(fold), `${fold} in ${folds.join(' ')}`);
  });

  it('are parts of other YAML, as ever', async () => {
    assert.deepEqual(await folded('image:\n  name: a\n  tag: b\n', 'folds.yaml'), ['0-2']);
  });
});

describe('snippets in a manifest', () => {
  const file = vscode.Uri.joinPath(folder(), 'snippets.identity.yaml');
  const BROKEN =
    'apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: last }\nspec: { type: abacus }\n';

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(file);
  });

  it('each gives a manifest without a mistake, with its first hole selected', async () => {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(''));
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
    for (const name of Object.keys(snippets)) {
      const start = editor.document.getText().length;
      await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'identity-yaml', name });
      const text = editor.document.getText();
      assert.ok(
        text.slice(start).startsWith('apiVersion: identity-as-code/v1\n'),
        `${name}:\n${text.slice(start)}`,
      );
      assert.doesNotMatch(text.slice(start), /\$\{?\d|\\\}/, `${name} has no hole that is not filled`);
      assert.ok(!editor.selection.isEmpty, `${name}: its first hole is selected`);
      await vscode.commands.executeCommand('leaveSnippet');
      const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
      await editor.edit((edit) => edit.insert(end, '---\n'));
      const cursor = editor.document.lineAt(editor.document.lineCount - 1).range.end;
      editor.selection = new vscode.Selection(cursor, cursor);
    }
    // Once the mistake of the last one is told, so is everything above it.
    const last = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(last, BROKEN));
    const findings = await until('the mistake on purpose', () => {
      const all = vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'idac');
      return all.some(({ range }) => editor.document.getText(range).includes('abacus')) ? all : undefined;
    });
    const errors = findings
      .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
      // The samples declare some of these names, and a time of renewal for whatever does not say its own.
      .filter(({ code }) => !/duplicate-identity|before-longer-than-duration/.test(JSON.stringify(code)))
      // What the samples' own policies want besides, no snippet can know.
      .filter(({ message }) => !/\(policy [\w-]+\)/.test(message))
      .map(({ range, message }) => [editor.document.lineAt(range.start.line).text.trim(), message]);
    assert.deepEqual(
      errors.filter(([line]) => !line?.includes('abacus')),
      [],
    );
  });

  it('the key for fixes applies the preferred one where the cursor is', async () => {
    const document = await vscode.workspace.openTextDocument(file);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, document.lineCount, 0), BROKEN));
    const at = document.positionAt(document.getText().indexOf('spec:')).translate(0, 10);
    const misspelt = new vscode.Range(at.with(undefined, 8), at.with(undefined, 12));
    assert.equal(document.getText(misspelt), 'type');
    await editor.edit((edit) => edit.replace(misspelt, 'tpye'));
    editor.selection = new vscode.Selection(misspelt.start, misspelt.start);
    await until('the key is written right', async () => {
      await vscode.commands.executeCommand('editor.action.autoFix');
      return document.getText().includes('spec: { type: abacus }') || undefined;
    });
  });

  it('all preferred fixes of a file are applied at once', async () => {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      file,
      whole,
      'apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: last }\nspec: { typ: vm, ownr: { team: a, contact: a@example.com } }\n',
    );
    await vscode.workspace.applyEdit(edit);
    const fixed = await until('the fixes of the file', async () => {
      const [all] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        file,
        new vscode.Range(0, 0, document.lineCount, 0),
        vscode.CodeActionKind.SourceFixAll.value,
      );
      return all?.edit;
    });
    await vscode.workspace.applyEdit(fixed);
    assert.match(document.getText(), /^spec: \{ type: vm, owner: \{ team: a/m);
  });
});
