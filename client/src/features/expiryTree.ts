import * as vscode from 'vscode';
import type { ExpiryGroup } from '../expiryGroups.ts';
import { byExpiry, EXPIRY_GROUPS, expiryGroup, wantsAction } from '../expiryGroups.ts';
import type { PlacedRow } from '../inventory.ts';
import { placedRows } from '../inventory.ts';
import { formatIdentity } from '../protocol.ts';
import type { Feature, Session } from '../session.ts';
import { openTree } from '../tree/openTree.ts';
import type { TreeNode } from '../tree/treeNode.ts';

/** The question the whole product answers: what ends next? One row for each credential, nearest end first. */
export const expiryTree: Feature = ({ inventory, log }) => {
  const changed = new vscode.EventEmitter<undefined>();
  const tree = openTree(
    'identity.expiry',
    { onDidChange: changed.event, roots: async () => groups(inventory) },
    { failed: (error) => log.error(String(error)) },
  );
  const { view } = tree;
  const update = (): void => {
    const waiting = placedRows(inventory).filter(({ row }) => wantsAction(row)).length;
    view.badge =
      waiting === 0
        ? undefined
        : { value: waiting, tooltip: vscode.l10n.t('{0} identities need attention', waiting) };
    view.message = vscode.workspace.isTrusted
      ? ''
      : vscode.l10n.t('Restricted mode: shown from the records; nothing can be run.');
    changed.fire(undefined);
  };
  update();
  return vscode.Disposable.from(
    tree,
    changed,
    inventory.onDidChange(update),
    vscode.workspace.onDidGrantWorkspaceTrust(update),
    vscode.commands.registerCommand('identity.refresh', () => inventory.refresh()),
  );
};

function groups(inventory: Session['inventory']): readonly TreeNode[] {
  const rows = [...placedRows(inventory)].sort((a, b) => byExpiry(a.row, b.row));
  const severalProjects = inventory.projects.length > 1;
  return EXPIRY_GROUPS.map((group) => ({
    group,
    rows: rows.filter(({ row }) => expiryGroup(row) === group),
  }))
    .filter(({ rows }) => rows.length > 0)
    .map((of) => ({
      id: of.group,
      item: () => groupItem(of),
      children: async () => of.rows.map((placed) => rowNode(placed, severalProjects)),
    }));
}

function rowNode(placed: PlacedRow, severalProjects: boolean): TreeNode & PlacedRow {
  const { project, row } = placed;
  return {
    ...placed,
    id: [project.root, formatIdentity(row), row.machine ?? ''].join('\n'),
    item: () => rowItem(placed, severalProjects),
    tooltip: async () => tooltip(placed),
  };
}

function groupItem({
  group,
  rows,
}: {
  readonly group: ExpiryGroup;
  readonly rows: readonly PlacedRow[];
}): vscode.TreeItem {
  const item = new vscode.TreeItem(groupLabel(group), vscode.TreeItemCollapsibleState.Expanded);
  item.description = String(rows.length);
  item.accessibilityInformation = {
    label: vscode.l10n.t('{0}, {1} identities', groupLabel(group), rows.length),
  };
  return item;
}

function rowItem(placed: PlacedRow, severalProjects: boolean): vscode.TreeItem {
  const { project, row } = placed;
  const item = new vscode.TreeItem(row.name);
  item.description = [
    ...(row.kind === 'Certificate' || row.managedBy !== undefined ? [] : [row.kind]),
    // The group says it already.
    ...(expiryGroup(row) === 'notIssued' ? [] : [row.status]),
    ...(row.machine === null || row.machine === row.name ? [] : [row.machine]),
    ...(severalProjects ? [project.name] : []),
  ].join(' · ');
  item.iconPath = icon(placed);
  item.contextValue = [
    row.login === undefined ? 'identity' : 'login',
    ...row.verbs.map((verb) => `verb:${verb}`),
    ...(row.declaredAt === null ? [] : ['declared']),
    ...(row.fingerprintSha256 === null ? [] : ['issued']),
  ].join(' ');
  item.accessibilityInformation = {
    label: [
      [row.kind, [row.namespace, row.name].filter((part) => part !== '').join('/')].join(' '),
      row.status,
      ...(row.machine === null ? [] : [vscode.l10n.t('on {0}', row.machine)]),
      ...(row.owner === null ? [] : [vscode.l10n.t('owned by {0}', row.owner)]),
    ].join(', '),
  };
  if (row.declaredAt !== null) {
    item.command = {
      command: 'identity.openManifest',
      title: vscode.l10n.t('Open Manifest'),
      arguments: [placed],
    };
  }
  return item;
}

/** Shape first, colour second: each group has an icon of its own. */
function icon({ row }: PlacedRow): vscode.ThemeIcon {
  const themed = (name: string, color?: string): vscode.ThemeIcon =>
    new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
  const group = expiryGroup(row);
  switch (group) {
    case 'expired':
      return themed('error', 'list.errorForeground');
    case 'within7Days':
      return themed('warning', 'list.warningForeground');
    case 'within30Days':
      return themed('clock', 'list.warningForeground');
    case 'within90Days':
      return themed('pass', 'testing.iconPassed');
    case 'later':
      return themed('pass-filled', 'testing.iconPassed');
    case 'notIssued':
      return themed('circle-outline');
    case 'notSignedIn':
      return themed('key');
    case 'elsewhere':
      return themed('eye');
    case 'other':
      return themed('circle-slash');
    default:
      return group satisfies never;
  }
}

/** Plain text in a Markdown frame: what a credential says is never read as Markdown. */
function tooltip({ row }: PlacedRow): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const facts: readonly (readonly [string, string | null])[] = [
    [t('Status'), row.status],
    [t('Machine'), row.machine],
    [t('Backend'), row.backend],
    [t('Owner'), [row.owner, row.contact].filter((part) => part !== null).join(', ') || null],
    [t('Ends'), row.notAfter],
    [t('Key'), row.algorithm],
    [t('Serial number'), row.serialNumber],
    [t('SHA-256'), row.fingerprintSha256],
    [t('Signs in by'), row.login?.method ?? null],
    [t('May use'), row.login?.reach.join(', ') || null],
    [t('Seen'), row.login?.seenAt ?? null],
    [t('Consumers'), row.consumers.join(', ') || null],
  ];
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(formatIdentity(row)).appendMarkdown('**\n\n');
  for (const [name, value] of facts) {
    if (value !== null) text.appendText(`${name}: ${value}`).appendMarkdown('  \n');
  }
  return text;
}

function groupLabel(group: ExpiryGroup): string {
  switch (group) {
    case 'expired':
      return vscode.l10n.t('Expired');
    case 'within7Days':
      return vscode.l10n.t('Within 7 days');
    case 'within30Days':
      return vscode.l10n.t('Within 30 days');
    case 'within90Days':
      return vscode.l10n.t('Within 90 days');
    case 'later':
      return vscode.l10n.t('Later');
    case 'notIssued':
      return vscode.l10n.t('Not issued yet');
    case 'notSignedIn':
      return vscode.l10n.t('Not signed in');
    case 'elsewhere':
      return vscode.l10n.t('Renewed elsewhere');
    case 'other':
      return vscode.l10n.t('Revoked and other');
    default:
      return group satisfies never;
  }
}
