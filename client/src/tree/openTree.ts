import * as vscode from 'vscode';
import { createCalm } from './calm.ts';
import { isMoreNode, type MoreNode } from './moreNode.ts';
import type { TreeNode, TreeSection } from './treeNode.ts';

export interface OpenTree extends vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  /** What stands above the rows; empty: nothing. */
  say(message: string): void;
}

export interface TreeOptions {
  readonly canSelectMany?: boolean;
  /** A section that cannot tell its nodes: the rest of the tree stays. */
  failed(error: unknown): void;
}

/** A view of the side bar over what a section says. The command of a menu is given the node that was pressed. */
export function openTree(viewId: string, section: TreeSection, options: TreeOptions): OpenTree {
  const showMore = `${viewId}.showMore`;
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  /** What VS Code holds, by id: it knows nodes by themselves. */
  const held = new Map<string, TreeNode>();
  /** What a section told since of a node that VS Code holds. */
  const latest = new Map<string, TreeNode>();
  const parents = new WeakMap<TreeNode, TreeNode>();

  const calm = createCalm(() => {
    held.clear();
    latest.clear();
    changed.fire(undefined);
  });

  const now = (node: TreeNode): TreeNode => latest.get(node.id) ?? node;
  const children = async (node: TreeNode | undefined): Promise<TreeNode[]> => {
    try {
      const parent = node === undefined ? undefined : now(node);
      const nodes = [...(await (parent === undefined ? section.roots() : (parent.children?.() ?? [])))];
      for (const child of nodes) {
        held.set(child.id, child);
        latest.delete(child.id);
        if (node !== undefined) parents.set(child, node);
      }
      return nodes;
    } catch (error) {
      options.failed(error);
      return [];
    }
  };
  const view = vscode.window.createTreeView<TreeNode>(viewId, {
    showCollapseAll: true,
    canSelectMany: options.canSelectMany ?? false,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (node) => calm.read(() => children(node)),
      getParent: (node) => parents.get(node),
      getTreeItem(node) {
        const item = now(node).item();
        item.id = node.id;
        if (item.collapsibleState === vscode.TreeItemCollapsibleState.Expanded) calm.expect();
        if (isMoreNode(node))
          item.command = { command: showMore, title: vscode.l10n.t('Show More'), arguments: [node] };
        return item;
      },
      async resolveTreeItem(item, node) {
        item.tooltip = await now(node)
          .tooltip?.()
          .catch(() => undefined);
        return item;
      },
    },
  });
  const more = vscode.commands.registerCommand(showMore, async (node: MoreNode) => {
    const first = await node.show();
    // The row that was pressed is gone: whoever uses the keyboard goes on at the first that came.
    if (first !== undefined) await view.reveal(first, { select: true, focus: true });
  });
  const subscription = section.onDidChange((node) => {
    if (node === undefined) {
      calm.whenCalm();
      return;
    }
    const known = held.get(node.id);
    if (known === undefined) return;
    latest.set(node.id, node);
    changed.fire(known);
  });
  return {
    view,
    say(message) {
      if ((view.message ?? '') === message) return;
      calm.stir();
      view.message = message;
    },
    dispose() {
      more.dispose();
      subscription.dispose();
      calm.dispose();
      view.dispose();
      changed.dispose();
    },
  };
}
