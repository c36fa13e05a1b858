import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, lensesOf, open, until } from './editor.ts';
import { SUBJECT } from './subject.ts';

const EXTENSION = 'identity-as-code.identity-as-code';

describe('a manifest in VS Code', () => {
  it('has a language of its own, and opening one starts the extension', async () => {
    const { document } = await open(SUBJECT.manifest);
    assert.equal(document.languageId, 'identity-yaml');
    await until(
      'the extension is active',
      () => vscode.extensions.getExtension(EXTENSION)?.isActive || undefined,
    );
  });

  it('is started by manifests only', () => {
    const manifest: unknown = vscode.extensions.getExtension(EXTENSION)?.packageJSON;
    assert.ok(typeof manifest === 'object' && manifest !== null && 'activationEvents' in manifest);
    assert.ok(Array.isArray(manifest.activationEvents));
    assert.ok(!manifest.activationEvents.some((event) => event === '*' || event === 'onStartupFinished'));
  });

  it('shows every command that the extension declares', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const command of [
      'identity.plan',
      'identity.rotate',
      'identity.signIn',
      'idac.run',
      'idac.verify',
    ]) {
      assert.ok(known.has(command), command);
    }
  });

  it('shows its state above each identity, before what can be done', async () => {
    const { document } = await open(SUBJECT.manifest);
    const lenses = await until('the lenses of the sample', async () => {
      const found = await lensesOf(document, SUBJECT.name);
      return found.length > 1 ? found : undefined;
    });
    assert.match(lenses[0] ?? '', /not issued yet/);
    assert.ok(lenses.includes('Issue'), lenses.join(', '));
    assert.ok(!lenses.includes('Revoke'), 'what was not issued is not offered for revocation');
  });

  it('is quiet about files that are none of ours', async () => {
    const other = vscode.Uri.joinPath(folder(), 'values.yaml');
    await vscode.workspace.fs.writeFile(other, Buffer.from('kind: Certificate\nspec: wrong\n'));
    const document = await vscode.workspace.openTextDocument(other);
    assert.notEqual(document.languageId, 'identity-yaml');
    assert.deepEqual(vscode.languages.getDiagnostics(other), []);
  });

  it('has its mistake in Problems, on the wrong token only, with rule, page and a preferred fix', async () => {
    const editor = await open(SUBJECT.manifest);
    const { document } = editor;
    const start = document.getText().indexOf('algorithm: ECDSA-P256') + 'algorithm: '.length;
    assert.ok(start > 20, 'the sample names an algorithm');
    const wrong = new vscode.Range(
      document.positionAt(start),
      document.positionAt(start + 'ECDSA-P256'.length),
    );
    await editor.edit((edit) => edit.replace(wrong, 'ECDSA-P265'));
    const problem = await until('the mistake is reported', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ range }) => range.isEqual(wrong)),
    );
    assert.equal(document.getText(problem.range), 'ECDSA-P265');
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(problem.source, 'idac');
    assert.ok(typeof problem.code === 'object', 'the code links to a page');
    assert.match(String(problem.code.value), /^[a-z-]+\/[a-z-]+$/);

    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const preferred = fixes.find((fix) => fix.isPreferred);
    assert.ok(preferred?.edit, `a preferred fix among ${fixes.map((fix) => fix.title).join(', ')}`);
    await vscode.workspace.applyEdit(preferred.edit);
    assert.equal(document.getText(wrong), 'ECDSA-P256');
    await until('the mistake is gone', () =>
      vscode.languages.getDiagnostics(document.uri).some(({ severity }) => severity === 0) ? undefined : true,
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a new manifest starts from a snippet', async () => {
    await vscode.commands.executeCommand('identity.newManifest');
    const { document } = await until('an untitled manifest', () =>
      vscode.window.activeTextEditor?.document.isUntitled ? vscode.window.activeTextEditor : undefined,
    );
    assert.equal(document.languageId, 'identity-yaml');
    assert.match(document.getText(), /^apiVersion: identity-as-code\/v1\nkind: Certificate/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });
});
