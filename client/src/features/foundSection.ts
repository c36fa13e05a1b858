import * as vscode from 'vscode';
import type { FoundLook, FoundProject } from '../foundLook.ts';
import type { FoundFile, FoundItem } from '../foundProtocol.ts';
import type { TreeNode, TreeSection } from '../tree/treeNode.ts';

/** A node of the section, as commands of its menu are given it. */
export interface FoundNode extends TreeNode {
  readonly found: { readonly root: string; readonly item: FoundItem };
}

export function isFoundNode(node: unknown): node is FoundNode {
  return typeof node === 'object' && node !== null && 'found' in node;
}

/** *Found in this folder*: credentials that lie there, whether a manifest declares them or not. */
export function foundSection(look: FoundLook): TreeSection {
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  let shown = 0;
  look.onDidChange(() => {
    void look.projects().then((projects) => {
      const roots = rootsOf(projects);
      // A root that is there stays open; one that comes or goes is for the whole tree.
      if (roots.length !== shown) changed.fire(undefined);
      else for (const root of roots) changed.fire(root);
    });
  });
  const rootsOf = (projects: readonly FoundProject[]): readonly TreeNode[] => {
    const some = projects.filter(({ total }) => total > 0);
    return some.map((project) => rootNode(project, some.length > 1));
  };
  return {
    onDidChange: changed.event,
    async roots() {
      const roots = rootsOf(await look.projects());
      shown = roots.length;
      return roots;
    },
  };
}

function rootNode(project: FoundProject, isOneOfSeveral: boolean): TreeNode {
  const { t } = vscode.l10n;
  const { root, name, total, adoptable, items, cut } = project;
  return {
    id: `found\n${root}`,
    item() {
      const label = isOneOfSeveral ? t('Found in {0}', name) : t('Found in this folder');
      const item = new vscode.TreeItem(
        label,
        adoptable > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
      );
      item.description = adoptable > 0 ? t('{0}, {1} can be adopted', total, adoptable) : String(total);
      item.iconPath = new vscode.ThemeIcon('search');
      item.contextValue = adoptable > 0 ? 'foundRoot adoptable' : 'foundRoot';
      item.accessibilityInformation = {
        label: t('{0}: {1} credentials, {2} of which can be adopted', label, total, adoptable),
      };
      if (cut.length > 0) item.tooltip = t('Not all was looked at: {0}', cut.join('; '));
      return item;
    },
    children: async () => [
      ...items.map((item) => itemNode(root, item)),
      ...(items.length < total ? [moreNode(root, total - items.length)] : []),
    ],
  };
}

function itemNode(root: string, found: FoundItem): FoundNode {
  const { t } = vscode.l10n;
  const { id, title, status, files } = found;
  return {
    id: `found\n${root}\n${id}`,
    found: { root, item: found },
    item() {
      const several = files.length > 1;
      const item = new vscode.TreeItem(
        title,
        several ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
      );
      item.description = status;
      item.iconPath = iconOf(found);
      item.contextValue = [
        'found',
        ...(found.adopt === null ? [] : ['adoptable']),
        ...(found.fingerprintSha256 === null ? [] : ['fingerprint']),
      ].join(' ');
      item.accessibilityInformation = {
        label: [title, kindLabel(found), status, ...files.map(({ file }) => file)].join(', '),
      };
      const [first] = files;
      if (first !== undefined) item.command = openCommand(root, first);
      return item;
    },
    children: async () => files.map((file) => fileNode(root, id, file)),
    tooltip: async () => {
      const facts: readonly (readonly [string, string | null])[] = [
        [t('Status'), status],
        [t('Subject'), found.subject],
        [t('Issuer'), found.issuer],
        [t('Ends'), found.notAfter],
        [t('Key'), found.keyAlgorithm],
        [t('SHA-256'), found.fingerprintSha256],
        [t('SHA-256 of the public key'), found.spkiSha256],
        ...found.warnings.map((warning) => [t('Attention'), warning] as const),
        [t('Adopt'), found.why],
      ];
      const text = new vscode.MarkdownString();
      text
        .appendMarkdown('**')
        .appendText(`${kindLabel(found)} ${title}`)
        .appendMarkdown('**\n\n');
      for (const [name, value] of facts) {
        if (value !== null && value !== '') text.appendText(`${name}: ${value}`).appendMarkdown('  \n');
      }
      return text;
    },
  };
}

function fileNode(root: string, id: string, file: FoundFile): TreeNode {
  const { t } = vscode.l10n;
  return {
    id: `found\n${root}\n${id}\n${file.file}`,
    item() {
      const uri = uriOf(root, file);
      const item = new vscode.TreeItem(uri);
      item.label = file.file;
      item.description = [
        file.holds.join(', '),
        ...(file.encrypted ? [t('encrypted')] : []),
        ...gitLabel(file),
      ].join(' · ');
      item.iconPath = vscode.ThemeIcon.File;
      item.contextValue = 'foundFile';
      item.command = openCommand(root, file);
      item.accessibilityInformation = { label: `${file.file}, ${item.description}` };
      return item;
    },
  };
}

function moreNode(root: string, left: number): TreeNode {
  const { t } = vscode.l10n;
  return {
    id: `found\n${root}\nmore`,
    item() {
      const item = new vscode.TreeItem(t('Show more'));
      item.description = t('{0} not shown', left);
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: 'identity.moreFound', title: t('Show more'), arguments: [root] };
      return item;
    },
  };
}

function uriOf(root: string, { file }: FoundFile): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.parse(root), file);
}

/** A credential is laid out in the viewer, which shows nothing private; a manifest is text. */
function openCommand(root: string, file: FoundFile): vscode.Command {
  const command = file.holds.includes('manifest') ? 'vscode.open' : 'identity.openCredential';
  return { command, title: vscode.l10n.t('Open'), arguments: [uriOf(root, file)] };
}

function gitLabel({ git }: FoundFile): readonly string[] {
  switch (git) {
    case 'tracked':
      return [vscode.l10n.t('in git')];
    case 'ignored':
      return [vscode.l10n.t('ignored by git')];
    case 'untracked':
      return [vscode.l10n.t('not ignored by git')];
    case null:
      return [];
    default:
      return git satisfies never;
  }
}

/** Shape first, colour second. */
function iconOf({ kind, daysLeft, warnings }: FoundItem): vscode.ThemeIcon {
  if (daysLeft !== null && daysLeft < 0)
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  if (warnings.length > 0)
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  switch (kind) {
    case 'certificate':
      return new vscode.ThemeIcon('verified');
    case 'authority':
      return new vscode.ThemeIcon('organization');
    case 'ssh-certificate':
    case 'ssh-key':
    case 'private-key':
    case 'public-key':
      return new vscode.ThemeIcon('key');
    case 'request':
      return new vscode.ThemeIcon('git-pull-request-create');
    case 'key-store':
      return new vscode.ThemeIcon('archive');
    case 'cert-manager':
      return new vscode.ThemeIcon('eye');
    default:
      return kind satisfies never;
  }
}

function kindLabel({ kind }: FoundItem): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'certificate':
      return t('Certificate');
    case 'authority':
      return t('Certificate authority');
    case 'ssh-certificate':
      return t('SSH certificate');
    case 'ssh-key':
      return t('SSH key');
    case 'private-key':
      return t('Private key');
    case 'public-key':
      return t('Public key');
    case 'request':
      return t('Certificate request');
    case 'key-store':
      return t('Key store');
    case 'cert-manager':
      return t('Certificate of cert-manager');
    default:
      return kind satisfies never;
  }
}
