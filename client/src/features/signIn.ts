import * as vscode from 'vscode';
import type { StoreState } from '../sealedStore.ts';
import type { Feature } from '../session.ts';

/** The sealed store opens by itself where it can; these two are for when it cannot, and for when it should not be open. */
export const signIn: Feature = ({ sealedStore }) =>
  vscode.Disposable.from(
    vscode.commands.registerCommand('identity.signIn', async () => {
      if (await sealedStore.signIn()) {
        vscode.window.setStatusBarMessage(vscode.l10n.t('Identity: the sealed store is open'), 5000);
        return;
      }
      showStoreFailure(sealedStore.state);
      if (!vscode.workspace.isTrusted) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('In restricted mode nothing is unlocked. Trust the workspace first.'),
        );
      }
    }),
    vscode.commands.registerCommand('identity.lock', () => sealedStore.lock()),
  );

/** Whoever gave up knows; whoever could not is told. */
export function showStoreFailure(state: StoreState): void {
  if (state.is === 'failed') void vscode.window.showErrorMessage(`${state.what} ${state.hint}`.trim());
}
