import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, lensesOf, open, until } from './editor.ts';
import { MISTAKE, SUBJECT } from './subject.ts';

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
      'identity.signInToBackend',
      'identity.checkConnection',
      'idac.login',
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

  it('shows no lenses where they are switched off', async () => {
    const { document } = await open(SUBJECT.manifest);
    const settings = vscode.workspace.getConfiguration('idac.codeLens');
    await settings.update('enabled', false, vscode.ConfigurationTarget.Global);
    await until('the lenses are gone', async () =>
      (await lensesOf(document, SUBJECT.name)).length === 0 ? true : undefined,
    );
    await settings.update('enabled', undefined, vscode.ConfigurationTarget.Global);
    await until('the lenses are back', async () =>
      (await lensesOf(document, SUBJECT.name)).length > 0 ? true : undefined,
    );
  });

  it('is quiet about files that are none of ours', async () => {
    const other = vscode.Uri.joinPath(folder(), 'values.yaml');
    await vscode.workspace.fs.writeFile(other, Buffer.from('kind: Certificate\nspec: wrong\n'));
    const document = await vscode.workspace.openTextDocument(other);
    assert.notEqual(document.languageId, 'identity-yaml');
    assert.deepEqual(vscode.languages.getDiagnostics(other), []);
  });

  it('has its mistake in Problems, on the wrong token only, with rule, page and a preferred fix', async () => {
    const uri = vscode.Uri.joinPath(folder(), MISTAKE.manifest);
    const known = await until('the mistake is known before its file is opened', () => problemsIn(uri)[0]);
    const { document } = await open(MISTAKE.manifest);
    const problem = await until('the mistake is reported in the editor', () => problemsIn(uri)[0]);
    assert.ok(problem.range.isEqual(known.range), 'both say the same');
    assert.equal(document.getText(problem.range), MISTAKE.wrong);
    assert.ok(typeof problem.code === 'object', 'the code links to a page');
    assert.match(String(problem.code.value), /^[a-z-]+\/[a-z-]+$/);

    const fixes = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      problem.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const preferred = fixes.find((fix) => fix.isPreferred);
    assert.ok(preferred?.edit, `a preferred fix among: ${fixes.map((fix) => fix.title).join(', ')}`);
    await vscode.workspace.applyEdit(preferred.edit);
    assert.ok(document.getText().includes(`machines: [${MISTAKE.right}] #`), 'the fix writes the right name');
    await until('the mistake is gone', () => problemsIn(uri).length === 0 || undefined);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a new manifest starts from a snippet', async () => {
    await vscode.commands.executeCommand('identity.newManifest', 'Certificate');
    const { document } = await until('an untitled manifest', () =>
      vscode.window.activeTextEditor?.document.isUntitled ? vscode.window.activeTextEditor : undefined,
    );
    assert.equal(document.languageId, 'identity-yaml');
    assert.match(document.getText(), /^apiVersion: identity-as-code\/v1\nkind: Certificate/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are checked by a task as a pipeline does it, and it fails where there is an error', async () => {
    const [task] = await vscode.tasks.fetchTasks({ type: 'idac' });
    assert.equal(task?.name, 'check');
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== task.name || execution.task.source !== task.source) return;
        listener.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 1);
  });
});

function problemsIn(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'idac');
}
