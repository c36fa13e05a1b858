import * as vscode from 'vscode';
import type { Feature } from '../session.ts';
import { identitySection } from '../tree/identitySection.ts';
import { openTree } from '../tree/openTree.ts';
import { expiryIcon } from '../tree/rowNode.ts';
import { count, identities, needAttention } from '../tree/words.ts';
import type { ExpiryGroup, Summary, TreeGroup } from '../treeProtocol.ts';

/** With no more rows than these all groups stand open at first. */
const FEW = 300;
const OPEN_AT_FIRST: readonly string[] = ['expired', 'within7Days', 'within30Days'] satisfies ExpiryGroup[];

/** The question the whole product answers: what ends next? One row for each credential, nearest end first. */
export const expiryTree: Feature = ({ inventory, log }) => {
  const section = identitySection({
    inventory,
    question: () => ({ groupBy: 'expiry', filter: '' }),
    groupItem: (group, { rows }) => groupItem(group, rows <= FEW || OPEN_AT_FIRST.includes(group.id)),
  });
  const failed = (error: unknown): void => log.error(`Expiry: ${String(error)}`);
  const tree = openTree('identity.expiry', section, { canSelectMany: true, failed });
  const { view } = tree;
  const update = (): void => {
    const waiting = inventory.summary?.attention ?? 0;
    const tooltip = needAttention(waiting);
    view.badge = tooltip === undefined ? undefined : { value: waiting, tooltip };
    tree.say(message(inventory.summary));
    // Before that nobody is told that there is nothing.
    void vscode.commands.executeCommand('setContext', 'identity.known', isKnown(inventory.summary));
    if (view.visible) section.look().catch(failed);
  };
  update();
  return vscode.Disposable.from(
    tree,
    section,
    inventory.onDidChange(update),
    view.onDidChangeVisibility(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.commands.registerCommand('identity.refresh', () => inventory.readAgain()),
  );
};

function isKnown(summary: Summary | undefined): boolean {
  return summary !== undefined && (summary.total > 0 || summary.reading === undefined);
}

/** Where there is nothing the view itself says more, which it does not beside a message. */
function message(summary: Summary | undefined): string {
  const { t } = vscode.l10n;
  if (summary === undefined || summary.total === 0) return '';
  const { reading } = summary;
  if (reading !== undefined)
    return t('Reading: {0} of {1} files so far.', count(reading.done), count(reading.total));
  return vscode.workspace.isTrusted ? '' : t('Restricted mode: shown from the records; nothing can be run.');
}

function groupItem({ id, count: rows, attention }: TreeGroup, isOpen: boolean): vscode.TreeItem {
  const label = groupLabel(id as ExpiryGroup);
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, isOpen ? Expanded : Collapsed);
  item.description = count(rows);
  item.iconPath = expiryIcon(id as ExpiryGroup);
  item.accessibilityInformation = {
    label: [label, identities(rows), needAttention(attention) ?? []].flat().join(', '),
  };
  return item;
}

function groupLabel(group: ExpiryGroup): string {
  const { t } = vscode.l10n;
  switch (group) {
    case 'expired':
      return t('Expired');
    case 'within7Days':
      return t('Within 7 days');
    case 'within30Days':
      return t('Within 30 days');
    case 'within90Days':
      return t('Within 90 days');
    case 'later':
      return t('Later');
    case 'notIssued':
      return t('Not issued yet');
    case 'notSignedIn':
      return t('Not signed in');
    case 'elsewhere':
      return t('Renewed elsewhere');
    case 'other':
      return t('Revoked and other');
    default:
      return group satisfies never;
  }
}
