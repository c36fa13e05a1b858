import * as vscode from 'vscode';
import snippets from '../../language/snippets.json';
import type { Feature } from '../session.ts';

const LANGUAGE = 'identity-yaml';

/** Starts a manifest from the same snippet that completion offers. A caller may name it; a person is asked. */
export const newManifest: Feature = () =>
  vscode.commands.registerCommand('identity.newManifest', async (given: unknown) => {
    const name = typeof given === 'string' && Object.hasOwn(snippets, given) ? given : await choose();
    if (name === undefined) return;
    const document = await vscode.workspace.openTextDocument({ language: LANGUAGE });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: LANGUAGE, name });
  });

async function choose(): Promise<string | undefined> {
  const items = Object.entries(snippets).map(([label, { description }]) => ({ label, description }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('New Manifest'),
    placeHolder: vscode.l10n.t('What is it to declare?'),
    matchOnDescription: true,
  });
  return chosen?.label;
}
