import type * as vscode from 'vscode';

/** One line of a tree. A node is made anew with each answer of the server; its id says which one it is. */
export interface TreeNode {
  /** Unique in its tree and the same after each refresh: what was open stays open, what was selected stays selected. */
  readonly id: string;
  /** Its `id` is set by the tree. */
  item(): vscode.TreeItem;
  /** Asked for when the node is opened, and again when it changed. */
  children?(): Promise<readonly TreeNode[]>;
  /** What is costly to tell, asked for when the pointer rests on it. */
  tooltip?(): Promise<vscode.MarkdownString | undefined>;
}

/** What stands at the top level of a tree, beside other sections. */
export interface TreeSection {
  roots(): Promise<readonly TreeNode[]>;
  /** A node: its item and its children; undefined: the roots. Only what is on the screen is asked for again. */
  readonly onDidChange: vscode.Event<TreeNode | undefined>;
}
