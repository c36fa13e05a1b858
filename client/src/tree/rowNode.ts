import * as vscode from 'vscode';
import { formatIdentity, type InventoryRow } from '../protocol.ts';
import { type RowAddress, rowAddress } from '../rowAddress.ts';
import type { ExpiryGroup, TreeRow, WholeRow } from '../treeProtocol.ts';
import type { TreeNode } from './treeNode.ts';

/** One machine's share of an identity. Commands of the menu are given it: its address is on it. */
export interface RowNode extends TreeNode, RowAddress {
  readonly row: TreeRow;
}

interface RowPlace {
  /** It may stand in several groups. */
  readonly groupId: string;
  readonly isByExpiry: boolean;
  whole(address: RowAddress): Promise<WholeRow | null>;
}

export function rowNode(row: TreeRow, place: RowPlace): RowNode {
  const address = rowAddress(row);
  const node: RowNode = {
    id: `${place.groupId}\n${row.id}`,
    ...address,
    row,
    item: () => rowItem(node, place.isByExpiry),
    async tooltip() {
      const found = await place.whole(address);
      return found === null ? undefined : tooltip(found.row);
    },
  };
  return node;
}

function rowItem(node: RowNode, isByExpiry: boolean): vscode.TreeItem {
  const { row } = node;
  const { identity, machine, status, project, owner } = row;
  const item = new vscode.TreeItem(identity.name);
  const kind = identity.kind === 'Certificate' || row.isObserved ? [] : [identity.kind];
  // Groups by expiry say that of all their rows.
  const state = isByExpiry && row.expiry === 'notIssued' ? [] : [status];
  const on = machine === null || machine === identity.name ? [] : [machine];
  // What tells a row from its neighbours stands first: when it ends, or where it is.
  const parts = isByExpiry ? [...kind, ...state, ...on] : [...kind, ...on, ...state];
  item.description = [...parts, ...(project === undefined ? [] : [project])].join(' · ');
  item.iconPath = expiryIcon(row.expiry);
  item.contextValue = [
    row.isLogin ? 'login' : 'identity',
    ...row.verbs.map((verb) => `verb:${verb}`),
    ...(row.isDeclared ? ['declared'] : []),
    ...(row.isIssued ? ['issued'] : []),
  ].join(' ');
  item.accessibilityInformation = {
    label: [
      [identity.kind, [identity.namespace, identity.name].filter((part) => part !== '').join('/')].join(' '),
      status,
      ...(machine === null ? [] : [vscode.l10n.t('on {0}', machine)]),
      ...(owner === null ? [] : [vscode.l10n.t('owned by {0}', owner)]),
      ...(project === undefined ? [] : [vscode.l10n.t('in {0}', project)]),
    ].join(', '),
  };
  if (row.isDeclared) {
    item.command = {
      command: 'identity.openManifest',
      title: vscode.l10n.t('Open Manifest'),
      arguments: [node],
    };
  }
  return item;
}

/** Shape first, colour second: each group has an icon of its own. */
export function expiryIcon(group: ExpiryGroup): vscode.ThemeIcon {
  const themed = (name: string, color?: string): vscode.ThemeIcon =>
    new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
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
function tooltip(row: InventoryRow): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const facts: readonly (readonly [string, string | null])[] = [
    [t('Status'), row.status],
    [t('Machine'), row.machine],
    [t('Backend'), row.backend],
    [t('Issuer'), row.issuer],
    [t('Key store'), row.keyStore],
    [t('Delivered to'), row.targets.join(', ') || null],
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
