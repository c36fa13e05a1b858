import * as vscode from 'vscode';
import type { Feature } from '../session.ts';

const LANGUAGE = 'identity-yaml';

/** Starts a manifest from the same snippet that completion offers. */
export const newManifest: Feature = () =>
  vscode.commands.registerCommand('identity.newManifest', async () => {
    const document = await vscode.workspace.openTextDocument({ language: LANGUAGE });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('editor.action.insertSnippet', {
      langId: LANGUAGE,
      name: 'Certificate',
    });
  });
