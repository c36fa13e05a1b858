import * as vscode from 'vscode';
import { GROUPINGS, groupingName, labelGrouping, readGrouping, withoutIt } from '../inventoryFields.ts';
import type { Feature } from '../session.ts';
import { identitySection } from '../tree/identitySection.ts';
import { openTree } from '../tree/openTree.ts';
import { count, identities, needAttention } from '../tree/words.ts';
import type { TreeGroup } from '../treeProtocol.ts';

const GROUP_BY = 'identity.inventory.groupBy';
/** With no more rows than these left by a filter, all groups stand open. */
const FEW = 100;
/** Other sections stand below what is declared. */
const FIRST = 0;

/** What there is, grouped by what somebody asks about, and filtered. Features that have more to show add a section. */
export const inventoryTree: Feature = ({ context, inventory, inventorySections, log }) => {
  const { t } = vscode.l10n;
  let groupBy = readGrouping(context.workspaceState.get(GROUP_BY)) ?? 'kind';
  let filter = '';
  const section = identitySection({
    inventory,
    question: () => ({ groupBy, filter }),
    groupItem: (group, { matching }) => groupItem(group, groupBy, filter !== '' && matching <= FEW),
  });
  const added = inventorySections.add(section, FIRST);
  const failed = (error: unknown): void => log.error(`Inventory: ${String(error)}`);
  const tree = openTree('identity.inventory', inventorySections, { canSelectMany: true, failed });
  const { view } = tree;

  const describe = (): void => {
    view.description = t('by {0}', groupingName(groupBy));
    const { matching = 0, rows = 0 } = section.shown ?? {};
    tree.say(
      filter === ''
        ? ''
        : t('Filter: {0} · {1} of {2}. Change or clear it above.', filter, count(matching), count(rows)),
    );
    void vscode.commands.executeCommand('setContext', 'identity.inventory.filtered', filter !== '');
  };
  const look = async (): Promise<void> => {
    if (view.visible) await section.look().catch(failed);
    describe();
  };
  const group = async (): Promise<void> => {
    const chosen = await chooseGrouping(groupBy);
    if (chosen === undefined) return;
    groupBy = chosen;
    await context.workspaceState.update(GROUP_BY, groupBy);
    await look();
  };
  const setFilter = async (text: string | undefined): Promise<void> => {
    if (text === undefined) return;
    filter = text.trim();
    await look();
  };
  const askAndFilter = async (given: unknown): Promise<void> =>
    setFilter(typeof given === 'string' ? given : await askForFilter(filter));
  describe();
  return vscode.Disposable.from(
    tree,
    added,
    section,
    inventory.onDidChange(look),
    view.onDidChangeVisibility(look),
    vscode.commands.registerCommand('identity.groupInventory', group),
    vscode.commands.registerCommand('identity.filterInventory', askAndFilter),
    // The same with another icon, which says that something is left out.
    vscode.commands.registerCommand('identity.changeInventoryFilter', askAndFilter),
    vscode.commands.registerCommand('identity.showInInventory', async (given: string) => {
      await vscode.commands.executeCommand('identity.inventory.focus');
      await setFilter(given);
    }),
    vscode.commands.registerCommand('identity.clearInventoryFilter', () => setFilter('')),
  );
};

function groupItem(group: TreeGroup, groupBy: string, isOpen: boolean): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { value, project, count: rows, attention } = group;
  const label = value ?? withoutIt(groupBy);
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, isOpen ? Expanded : Collapsed);
  item.description = [count(rows), needAttention(attention) ?? [], project ?? []].flat().join(' · ');
  item.iconPath =
    attention === 0
      ? new vscode.ThemeIcon(groupIcon(groupBy))
      : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.tooltip = value ?? undefined;
  item.accessibilityInformation = {
    label: [
      label,
      identities(rows),
      needAttention(attention) ?? [],
      project === undefined ? [] : t('in {0}', project),
    ]
      .flat()
      .join(', '),
  };
  return item;
}

function groupIcon(groupBy: string): string {
  switch (groupBy) {
    case 'kind':
      return 'list-unordered';
    case 'backend':
      return 'server';
    case 'issuer':
      return 'verified';
    case 'owner':
      return 'organization';
    case 'machine':
      return 'vm';
    case 'algorithm':
      return 'key';
    case 'file':
      return 'file';
    default:
      return 'tag';
  }
}

async function chooseGrouping(now: string): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const byLabel = t('Another label…');
  const items = [
    ...GROUPINGS.map((grouping) => ({
      label: groupingName(grouping),
      description: grouping === now ? t('as now') : '',
      grouping,
    })),
    { label: byLabel, description: now.startsWith('label:') ? groupingName(now) : '', grouping: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: t('Group the inventory by what?') });
  if (chosen === undefined || chosen.grouping !== undefined) return chosen?.grouping;
  const key = await vscode.window.showInputBox({
    title: t('Group by which label?'),
    placeHolder: 'environment',
  });
  return key === undefined || key.trim() === '' ? undefined : labelGrouping(key.trim());
}

function askForFilter(now: string): Thenable<string | undefined> {
  const { t } = vscode.l10n;
  return vscode.window.showInputBox({
    title: t('Filter the inventory'),
    value: now,
    prompt: t(
      'Words that must all be there. A field narrows: owner:shop, state:due, label:environment=production.',
    ),
    placeHolder: 'payments owner:shop',
  });
}
