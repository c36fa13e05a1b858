import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import { TrustGrantedNotification } from '../messages.ts';
import type { Feature } from '../session.ts';

/** Trust is VS Code's alone. Granted after the start, the server is told; before, it was told at the start. */
export const workspaceTrust: Feature = ({ client, inventory }) =>
  vscode.workspace.onDidGrantWorkspaceTrust(async () => {
    if (client.state !== State.Running) return;
    await client.sendNotification(TrustGrantedNotification);
    await inventory.refresh();
  });
