import * as vscode from 'vscode';
import type { Inventory } from './inventory.ts';
import { formatIdentity, type Verb } from './protocol.ts';
import type { TreeRow } from './treeProtocol.ts';

/** More than anybody reads; who does not find it types on. */
const MOST = 100;
/** Between two keys of one word nobody is asked. */
const PAUSE_MILLISECONDS = 120;

interface Item extends vscode.QuickPickItem {
  readonly row?: TreeRow;
}

/** Which identity? Found by the server while somebody types; `verb`: only those for which it can be done now. */
export async function pickRow(inventory: Inventory, verb: Verb | undefined): Promise<TreeRow | undefined> {
  const { t } = vscode.l10n;
  const question = (query: string) => ({ query, limit: MOST, ...(verb === undefined ? {} : { verb }) });
  const none = new vscode.CancellationTokenSource();
  const first = await inventory.find(question(''), none.token).finally(() => none.dispose());
  if (first.rows.length === 0) {
    void vscode.window.showInformationMessage(
      verb === undefined
        ? t('No identity is declared in this workspace.')
        : t('There is no identity here for which this can be done now.'),
    );
    return undefined;
  }
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = t('Which identity?');
  pick.placeholder = t('Type a part of its name, owner, machine or backend');
  const show = ({ rows, more }: typeof first): void => {
    pick.items = [
      ...rows.map(itemOf),
      ...(more ? [{ label: t('There are more: type on to find yours.'), alwaysShow: true }] : []),
    ];
  };
  show(first);

  let asking: vscode.CancellationTokenSource | undefined;
  let pause: NodeJS.Timeout | undefined;
  const ask = async (query: string): Promise<void> => {
    asking?.cancel();
    const source = new vscode.CancellationTokenSource();
    asking = source;
    pick.busy = true;
    try {
      const found = await inventory.find(question(query), source.token);
      if (!source.token.isCancellationRequested) show(found);
    } catch (error) {
      if (!source.token.isCancellationRequested) throw error;
    } finally {
      if (asking === source) pick.busy = false;
      source.dispose();
    }
  };
  return new Promise<TreeRow | undefined>((resolve, reject) => {
    pick.onDidChangeValue((query) => {
      clearTimeout(pause);
      pause = setTimeout(() => void ask(query).catch(reject), PAUSE_MILLISECONDS);
    });
    pick.onDidAccept(() => {
      const row = pick.selectedItems[0]?.row;
      if (row === undefined) return;
      resolve(row);
      pick.hide();
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  }).finally(() => {
    clearTimeout(pause);
    asking?.cancel();
    pick.dispose();
  });
}

/** The server found it, whether the list would or not. */
function itemOf(row: TreeRow): Item {
  return {
    label: formatIdentity(row.identity),
    description: [row.machine, row.status, row.project].filter((part) => part != null).join(' · '),
    alwaysShow: true,
    row,
  };
}
