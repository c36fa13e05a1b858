import type * as vscode from 'vscode';
import { withoutServer } from '../withoutServer.ts';

/** In a browser with no machine behind it: there is nothing that could run the language server. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(withoutServer(context));
}
