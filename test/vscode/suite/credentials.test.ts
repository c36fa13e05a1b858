import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { folder, until } from './editor.ts';
import { SUBJECT } from './subject.ts';

const VIEW = 'identity.credential';
const PANEL = 'identity.certificate';

/** Tabs that the viewer fills: a file's, or a panel's of an identity. */
function viewers(): readonly string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input, label }) => {
      if (input instanceof vscode.TabInputCustom && input.viewType.startsWith(VIEW))
        return [`${input.viewType} ${label}`];
      return input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL)
        ? [`panel ${label}`]
        : [];
    });
}

describe('the credential viewer in VS Code', () => {
  const made: vscode.Uri[] = [];
  const write = async (name: string, content: Uint8Array): Promise<vscode.Uri> => {
    const file = vscode.Uri.joinPath(folder(), name);
    await vscode.workspace.fs.writeFile(file, content);
    made.push(file);
    return file;
  };
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const file of made) await vscode.workspace.fs.delete(file);
  });

  it('opens what is binary by itself, and leaves text to the text editor until it is asked for', async () => {
    const binary = await write('suite.der', Uint8Array.of(0x30, 0x00));
    await vscode.commands.executeCommand('vscode.open', binary);
    await until('the viewer of a DER file', () => viewers().find((each) => each === `${VIEW} suite.der`));
    const text = await write('suite.pem', new TextEncoder().encode('Nothing to see here.\n'));
    await vscode.commands.executeCommand('vscode.open', text);
    await until(
      'the text editor',
      () => vscode.window.activeTextEditor?.document.uri.path.endsWith('/suite.pem') || undefined,
    );
    assert.ok(!viewers().some((each) => each.endsWith('suite.pem')));
    await vscode.commands.executeCommand('identity.openCredential', text);
    await until('the viewer of a PEM file', () => viewers().find((each) => each === `${VIEW}Text suite.pem`));
  });

  it('shows what is recorded of an identity, in one panel however often it is asked for', async () => {
    const address = {
      identity: `Certificate/${SUBJECT.namespace}/${SUBJECT.name}`,
      uri: folder().toString(),
    };
    await vscode.commands.executeCommand('identity.showCertificate', address);
    await until('its panel', () => viewers().find((each) => each === `panel ${SUBJECT.name}`));
    await vscode.commands.executeCommand('identity.showCertificate', address);
    assert.equal(viewers().filter((each) => each === `panel ${SUBJECT.name}`).length, 1);
  });
});
