import * as vscode from 'vscode';
import type { TreeNode, TreeSection } from './treeNode.ts';

/** The sections of one tree: any feature may add one, before or after the tree is opened. */
export interface Sections extends TreeSection, vscode.Disposable {
  /** Sections with a smaller place stand higher. */
  add(section: TreeSection, place: number): vscode.Disposable;
}

interface Placed {
  readonly section: TreeSection;
  readonly place: number;
}

export function createSections(): Sections {
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  let all: readonly Placed[] = [];
  return {
    onDidChange: changed.event,
    add(section, place) {
      const added = { section, place };
      all = [...all, added].sort((one, other) => one.place - other.place);
      const listener = section.onDidChange((node) => changed.fire(node));
      changed.fire(undefined);
      return new vscode.Disposable(() => {
        listener.dispose();
        all = all.filter((each) => each !== added);
        changed.fire(undefined);
      });
    },
    async roots() {
      const roots = await Promise.all(all.map(({ section }) => section.roots()));
      return roots.flat();
    },
    dispose: () => changed.dispose(),
  };
}
