import * as vscode from 'vscode';
import type { Inventory } from '../inventory.ts';
import type { TreeGroup, TreeGroups, TreeRow } from '../treeProtocol.ts';
import { moreNode, PAGE } from './moreNode.ts';
import { type RowNode, rowNode } from './rowNode.ts';
import type { TreeNode, TreeSection } from './treeNode.ts';

export interface IdentitySection extends TreeSection, vscode.Disposable {
  /** What stands in it now; undefined before the first answer. */
  readonly shown: TreeGroups | undefined;
  /** Asks for the groups again, and has only what changed drawn anew. */
  look(): Promise<void>;
}

export interface IdentitySectionOptions {
  readonly inventory: Inventory;
  question(): { readonly groupBy: string; readonly filter: string };
  groupItem(group: TreeGroup, shown: TreeGroups): vscode.TreeItem;
}

interface Kept {
  readonly revision: string;
  readonly total: number;
  readonly rows: readonly RowNode[];
}

/** The most that the server gives at once. */
const LARGEST_PAGE = 1000;

/** Identities in groups. A group is asked for its rows when it is opened, a page at a time; pages stay over a refresh. */
export function identitySection({ inventory, question, groupItem }: IdentitySectionOptions): IdentitySection {
  const changed = new vscode.EventEmitter<TreeNode | undefined>();
  let asked: ReturnType<typeof question> | undefined;
  let shown: TreeGroups | undefined;
  let groupLimit = PAGE;
  const limits = new Map<string, number>();
  const kept = new Map<string, Kept>();
  /** Under another filter groups open and close by themselves. */
  const idOf = (group: TreeGroup): string => `${asked?.groupBy}\n${asked?.filter}\n${group.id}`;

  const groupNode = (group: TreeGroup): TreeNode => ({
    id: idOf(group),
    item: () => groupItem(group, shown ?? { groups: [], total: 0, matching: 0, rows: 0 }),
    children: () => rowNodes(group),
  });

  /** Rows that are known already are not asked for again, as long as the group is what it was. */
  const fetched = async (group: TreeGroup): Promise<Kept> => {
    const before = kept.get(group.id);
    const known = before?.revision === group.revision ? before.rows : [];
    const limit = limits.get(group.id) ?? PAGE;
    if (before !== undefined && known.length >= Math.min(limit, before.total)) return before;
    const of = question();
    const { rows, total, revision } = await pages(known.length, limit, (page) =>
      inventory.rows({ ...of, ...page }, group.id),
    );
    const made = rows.map((row) =>
      rowNode(row, { groupId: idOf(group), isByExpiry: of.groupBy === 'expiry', whole: inventory.whole }),
    );
    // Between two pages the group became another one: then all of it is read again.
    const isWhole = known.length === 0 || revision === group.revision;
    if (!isWhole) kept.delete(group.id);
    const now = { revision, total, rows: isWhole ? [...known, ...made] : [] };
    if (!isWhole) return fetched({ ...group, revision });
    kept.set(group.id, now);
    return now;
  };

  const rowNodes = async (group: TreeGroup): Promise<readonly TreeNode[]> => {
    const { rows, total } = await fetched(group);
    const left = total - rows.length;
    if (left <= 0) return rows;
    const more = moreNode(idOf(group), left, async () => {
      limits.set(group.id, rows.length + PAGE);
      const now = await fetched(group);
      changed.fire(groupNode(group));
      return now.rows[rows.length];
    });
    return [...rows, more];
  };

  const ask = async (): Promise<TreeGroups> => {
    const of = question();
    if (asked?.groupBy !== of.groupBy || asked.filter !== of.filter) {
      groupLimit = PAGE;
      limits.clear();
      kept.clear();
      shown = undefined;
      asked = of;
    }
    let all: TreeGroup[] = [];
    for (;;) {
      const limit = Math.min(groupLimit - all.length, LARGEST_PAGE);
      const page = await inventory.groups({ ...of, offset: all.length, limit });
      all = [...all, ...page.groups];
      if (page.groups.length === 0 || all.length >= Math.min(groupLimit, page.total))
        return { ...page, groups: all };
    }
  };

  return {
    get shown() {
      return shown;
    },
    onDidChange: changed.event,
    async roots() {
      // While the server starts the view says so; once it runs everybody is told to look.
      if (shown === undefined && !inventory.isReady) return [];
      shown ??= await ask();
      const { groups, total } = shown;
      const nodes = groups.map(groupNode);
      const left = total - groups.length;
      if (left <= 0) return nodes;
      const more = moreNode('', left, async () => {
        groupLimit = groups.length + PAGE;
        shown = await ask();
        changed.fire(undefined);
        const first = shown.groups[groups.length];
        return first === undefined ? undefined : groupNode(first);
      });
      return [...nodes, more];
    },
    async look() {
      if (!inventory.isReady) return;
      const before = shown;
      const now = await ask();
      shown = now;
      const sameGroups =
        before !== undefined &&
        before.total === now.total &&
        before.groups.length === now.groups.length &&
        before.groups.every(({ id }, place) => id === now.groups[place]?.id);
      if (!sameGroups) {
        for (const id of kept.keys()) if (!now.groups.some((group) => group.id === id)) kept.delete(id);
        changed.fire(undefined);
        return;
      }
      for (const [place, group] of now.groups.entries())
        if (before.groups[place]?.revision !== group.revision) changed.fire(groupNode(group));
    },
    dispose: () => changed.dispose(),
  };
}

/** Rows from `offset` up to `limit`, in as many questions as that takes. */
async function pages(
  offset: number,
  limit: number,
  ask: (page: { offset: number; limit: number }) => ReturnType<Inventory['rows']>,
): Promise<{ readonly rows: readonly TreeRow[]; readonly total: number; readonly revision: string }> {
  let rows: readonly TreeRow[] = [];
  for (;;) {
    const page = await ask({
      offset: offset + rows.length,
      limit: Math.min(limit - offset - rows.length, LARGEST_PAGE),
    });
    rows = [...rows, ...page.rows];
    const reached = offset + rows.length;
    if (page.rows.length === 0 || reached >= Math.min(limit, page.total)) return { ...page, rows };
  }
}
