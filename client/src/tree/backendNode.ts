import * as vscode from 'vscode';
import type { BackendItem } from '../treeProtocol.ts';
import type { TreeNode } from './treeNode.ts';
import { count } from './words.ts';

/** A declared backend. Commands of the menu are given it: its name and its project are on it. */
export interface BackendNode extends TreeNode {
  readonly backend: string;
  readonly uri: string;
  readonly declaredAt: BackendItem['declaredAt'];
}

export function backendNode(of: BackendItem): BackendNode {
  const { id, backend, uri, declaredAt } = of;
  return { id, backend, uri, declaredAt, item: () => backendItem(of), children: async () => facts(of) };
}

function backendItem(of: BackendItem): vscode.TreeItem {
  const { t } = vscode.l10n;
  const { backend, type, project, title, owner } = of;
  const { text, icon, color } = standing(of);
  const item = new vscode.TreeItem(backend, vscode.TreeItemCollapsibleState.Collapsed);
  item.description = [type, text, ...(project === undefined ? [] : [project])].join(' · ');
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = ['backend', ...(of.signIn ? ['signIn'] : [])].join(' ');
  item.tooltip = `${backend}\n${title}`;
  item.accessibilityInformation = {
    label: [
      t('Backend {0}', backend),
      title,
      text,
      holdingsText(of),
      ...(owner === null ? [] : [t('owned by {0}', owner)]),
      ...(project === undefined ? [] : [t('in {0}', project)]),
    ].join(', '),
  };
  return item;
}

/** Shape first, colour second. */
function standing({ standing: is, signIn }: BackendItem): {
  readonly text: string;
  readonly icon: string;
  readonly color?: string;
} {
  const { t } = vscode.l10n;
  switch (is) {
    case 'untrusted':
      return { text: t('not looked at: the folder is not trusted'), icon: 'shield' };
    case 'broken':
      return { text: t('its manifest has errors'), icon: 'error', color: 'list.errorForeground' };
    case 'unconfirmed':
      return { text: t('address not confirmed'), icon: 'question', color: 'list.warningForeground' };
    case 'missing':
      return { text: t('not signed in'), icon: 'key', color: 'list.warningForeground' };
    case 'refused':
      return { text: t('login refused'), icon: 'key', color: 'list.errorForeground' };
    case 'failed':
      return { text: t('a check failed'), icon: 'warning', color: 'list.warningForeground' };
    case 'reachable':
      return signIn
        ? { text: t('not signed in'), icon: 'key', color: 'list.warningForeground' }
        : { text: t('reachable'), icon: 'pass', color: 'testing.iconPassed' };
    case 'unknown':
      return signIn
        ? { text: t('not signed in'), icon: 'key', color: 'list.warningForeground' }
        : { text: t('not checked yet'), icon: 'circle-outline' };
    default:
      return is satisfies never;
  }
}

function holdingsText({ holds: { issues, keys, delivered } }: BackendItem): string {
  return vscode.l10n.t('issues {0}, keeps {1} keys, holds {2} deliveries', issues, keys, delivered);
}

function facts(of: BackendItem): readonly TreeNode[] {
  const { t } = vscode.l10n;
  const { id, backend, roles, address, owner, contact, login, checks, at, holds } = of;
  const fact = (key: string, label: string, text: string, icon: string): TreeNode => ({
    id: `${id}\n${key}`,
    item: () => leaf(label, text, icon),
  });
  /** Leads to those identities in the view *Inventory*. */
  const holding = (key: string, label: string, number: number, filter: string): TreeNode => ({
    id: `${id}\n${key}`,
    item() {
      const item = leaf(label, count(number), 'list-unordered');
      item.tooltip = t('Show them in the view Inventory');
      item.command = { command: 'identity.showInInventory', title: t('Show'), arguments: [filter] };
      return item;
    },
  });
  return [
    ...(roles.length === 0 ? [] : [fact('roles', t('Roles'), roles.join(', '), 'list-tree')]),
    ...(address === null ? [] : [fact('address', t('Address'), address, 'link')]),
    ...(owner === null
      ? []
      : [
          fact(
            'owner',
            t('Owner'),
            [owner, ...(contact === null ? [] : [contact])].join(', '),
            'organization',
          ),
        ]),
    ...(login === null ? [] : [fact('login', t('Login'), loginText(login), 'key')]),
    ...(holds.issues === 0 ? [] : [holding('issues', t('Issues'), holds.issues, `backend:=${backend}`)]),
    ...(holds.keys === 0 ? [] : [holding('keys', t('Keeps keys of'), holds.keys, `keystore:${backend}`)]),
    ...(holds.delivered === 0
      ? []
      : [holding('delivered', t('Holds deliveries of'), holds.delivered, `target:${backend}`)]),
    ...(checks.length === 0 ? [] : [checksNode(id, checks, at)]),
  ];
}

function leaf(label: string, text: string, icon: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = text;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: `${label}: ${text}` };
  return item;
}

function loginText({ method, expiresAt, reach }: NonNullable<BackendItem['login']>): string {
  const { t } = vscode.l10n;
  return [
    t('by {0}', method),
    ...(expiresAt === null ? [] : [t('ends {0}', moment(expiresAt))]),
    ...(reach.length === 0 ? [] : [t('may use {0}', reach.join(', '))]),
  ].join(' · ');
}

function checksNode(id: string, checks: BackendItem['checks'], at: string | null): TreeNode {
  const { t } = vscode.l10n;
  const wrong = checks.filter(({ ok }) => !ok).length;
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const result =
    wrong === 0 ? t('{0} checks, all good', checks.length) : t('{0} of {1} failed', wrong, checks.length);
  const text = at === null ? result : t('{0} · {1}', result, moment(at));
  return {
    id: `${id}\nchecks`,
    item() {
      const item = leaf(t('Last check'), text, 'checklist');
      item.collapsibleState = wrong === 0 ? Collapsed : Expanded;
      return item;
    },
    children: async () => checks.map((check, place) => checkNode(`${id}\ncheck ${place}`, check)),
  };
}

function checkNode(id: string, { what, ok, detail, hint }: BackendItem['checks'][number]): TreeNode {
  const { t } = vscode.l10n;
  return {
    id,
    item() {
      const item = new vscode.TreeItem(what);
      item.description = detail;
      item.tooltip = [`${what}: ${detail}`, ...(hint === undefined ? [] : [hint])].join('\n');
      item.iconPath = ok
        ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
        : new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      item.accessibilityInformation = {
        label: [
          ok ? t('{0} is good', what) : t('{0} failed', what),
          detail,
          ...(hint === undefined ? [] : [hint]),
        ].join(', '),
      };
      return item;
    },
  };
}

/** In the person's own time and language. */
function moment(text: string): string {
  const format = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
  return format.format(new Date(text));
}
