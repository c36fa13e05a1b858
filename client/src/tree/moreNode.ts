import * as vscode from 'vscode';
import type { TreeNode } from './treeNode.ts';
import { count } from './words.ts';

/** As many rows as one opening of a group shows, and as each *Show more* adds. */
export const PAGE = 200;

/** Stands below a page that is not the last one. Pressed, the tree shows the next one and goes to its first row. */
export interface MoreNode extends TreeNode {
  /** Gives the first of the rows that came. */
  show(): Promise<TreeNode | undefined>;
}

export function moreNode(id: string, left: number, show: MoreNode['show']): MoreNode {
  return {
    id: `${id}\nmore`,
    show,
    item() {
      const next = Math.min(PAGE, left);
      const item = new vscode.TreeItem(vscode.l10n.t('Show {0} more', next));
      item.description = left > next ? vscode.l10n.t('{0} left', count(left)) : '';
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.contextValue = 'more';
      return item;
    },
  };
}

export function isMoreNode(node: TreeNode): node is MoreNode {
  return 'show' in node;
}
