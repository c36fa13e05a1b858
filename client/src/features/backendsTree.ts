import * as vscode from 'vscode';
import { isRefusal } from '../protocol.ts';
import type { Feature, Session } from '../session.ts';
import { backendNode } from '../tree/backendNode.ts';
import { openTree } from '../tree/openTree.ts';
import type { TreeNode } from '../tree/treeNode.ts';
import type { BackendItem } from '../treeProtocol.ts';
import { readyToAct } from './actions.ts';
import { checkQuietly } from './backends.ts';
import { offer, showRefusal } from './outcome.ts';

/** The systems that make and keep credentials, as they were seen last. To open the view contacts none of them. */
export const backendsTree: Feature = (session) => {
  const { inventory, log } = session;
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  let shown: readonly BackendItem[] | undefined;
  const failed = (error: unknown): void => log.error(`Backends: ${String(error)}`);
  const tree = openTree(
    'identity.backends',
    {
      onDidChange: changed.event,
      async roots() {
        if (shown === undefined && !inventory.isReady) return [];
        shown ??= await inventory.backends();
        return shown.map(backendNode);
      },
    },
    { failed },
  );
  const look = async (): Promise<void> => {
    const before = shown;
    const now = await inventory.backends();
    shown = now;
    if (before?.length !== now.length || before.some(({ id }, place) => id !== now[place]?.id)) {
      changed.fire(undefined);
      return;
    }
    for (const [place, item] of now.entries())
      if (JSON.stringify(before[place]) !== JSON.stringify(item)) changed.fire(backendNode(item));
  };
  const update = (): void => {
    if (tree.view.visible && inventory.isReady) look().catch(failed);
  };
  return vscode.Disposable.from(
    tree,
    changed,
    inventory.onDidChange(update),
    tree.view.onDidChangeVisibility(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.commands.registerCommand('identity.checkAllBackends', () => checkAll(session)),
  );
};

/** One after another: a person may be asked for a PIN. */
async function checkAll(session: Session): Promise<void> {
  const { t } = vscode.l10n;
  const { inventory, log } = session;
  const all = await inventory.backends();
  if (all.length === 0) {
    void vscode.window.showInformationMessage(t('No backend is declared in this workspace.'));
    return;
  }
  if (!(await readyToAct(session))) return;
  const wrong: string[] = [];
  let looked = 0;
  await vscode.window.withProgress(
    { location: { viewId: 'identity.backends' }, title: t('Check all backends'), cancellable: false },
    async () => {
      for (const { backend, uri } of all) {
        const check = await checkQuietly(session, { backend, uri });
        if (isRefusal(check)) {
          await showRefusal(check);
          return;
        }
        looked += 1;
        if (!check.ok) wrong.push(backend);
      }
    },
  );
  if (looked === 0) return;
  const message =
    wrong.length === 0
      ? t('{0} backends checked, all good.', looked)
      : t('{0} backends checked. Not good: {1}.', looked, wrong.join(', '));
  void offer(wrong.length === 0 ? 'info' : 'warning', message, [
    { title: t('Show Checks'), run: () => log.show() },
  ]);
}
