import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, open, withPerson } from './editor.ts';
import { SUBJECT } from './subject.ts';

const EXTENSION = 'identity-as-code.identity-as-code';
const IDENTITY = `Certificate/${SUBJECT.namespace}/${SUBJECT.name}`;

interface Contributions {
  readonly commands: readonly { readonly command: string }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  readonly views: { readonly identity: readonly { readonly id: string }[] };
}

describe('the views of the side bar', () => {
  it('are three, each can be opened, and every command of their menus is there', async () => {
    await open(SUBJECT.manifest);
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension);
    const { contributes } = extension.packageJSON as { readonly contributes: Contributions };
    const views = contributes.views.identity.map(({ id }) => id);
    assert.deepEqual(views, ['identity.expiry', 'identity.inventory', 'identity.backends']);
    for (const view of views) await vscode.commands.executeCommand(`${view}.focus`);
    const declared = new Set(contributes.commands.map(({ command }) => command));
    const known = new Set(await vscode.commands.getCommands(true));
    for (const { command } of Object.values(contributes.menus).flat()) {
      assert.ok(declared.has(command), `${command} is declared`);
      assert.ok(known.has(command), `${command} is registered`);
    }
  });

  it('a row opens its manifest where it is declared now, also after lines came above it', async () => {
    const { document } = await open(SUBJECT.manifest);
    const above = new vscode.WorkspaceEdit();
    above.insert(document.uri, new vscode.Position(0, 0), '# one\n# two\n');
    await vscode.workspace.applyEdit(above);
    const place = async () => {
      await vscode.commands.executeCommand('identity.openManifest', {
        identity: IDENTITY,
        uri: folder().toString(),
      });
      const editor = vscode.window.activeTextEditor;
      return editor?.document.getText(editor.selection);
    };
    let text = await place();
    while (text !== SUBJECT.name) text = await place();
    assert.equal(text, SUBJECT.name);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('of what no manifest declares any more it says so', async () => {
    const { messages } = await withPerson({}, () =>
      vscode.commands.executeCommand('identity.openManifest', {
        identity: 'Certificate/tracking/gone',
        uri: folder().toString(),
      }),
    );
    assert.match(messages[0]?.text ?? '', /^No manifest declares Certificate\/tracking\/gone any more/);
  });
});
