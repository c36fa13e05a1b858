import type { JsonValue, ManifestPath, PathPart } from './path.ts';

/** A node of the syntax tree: only places. Offsets count from the start of the document's text; `end` is exclusive. */
export interface TreeNode {
  readonly kind: 'scalar' | 'map' | 'list';
  readonly start: number;
  readonly end: number;
  /** Written with brackets or as an alias, so that lines cannot be added to it. */
  readonly flow: boolean;
  readonly entries: readonly TreeEntry[];
  readonly items: readonly TreeNode[];
}

export interface TreeEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: TreeNode;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Tree {
  readonly root: TreeNode;
  readonly value: JsonValue;
}

function entryOf(node: TreeNode, key: string): TreeEntry | undefined {
  return node.entries.find((entry) => entry.key === key);
}

export function nodeAt(root: TreeNode, path: ManifestPath): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = typeof step === 'number' ? node.items[step] : entryOf(node, step)?.value;
  }
  return node;
}

/** Exactly there, or undefined. An empty value (`owner:`) has the place of its key. A list item has no key: its value. */
export function spanAt(root: TreeNode, path: ManifestPath, part: PathPart): Span | undefined {
  const last = path.at(-1);
  if (last === undefined) return { start: root.start, end: root.end };
  const parent = nodeAt(root, path.slice(0, -1));
  if (parent === undefined) return undefined;
  if (typeof last === 'number') {
    const item = parent.items[last];
    return item === undefined ? undefined : { start: item.start, end: item.end };
  }
  const entry = entryOf(parent, last);
  if (entry === undefined) return undefined;
  const isEmpty = entry.value.start === entry.value.end;
  return part === 'key' || isEmpty
    ? { start: entry.keyStart, end: entry.keyEnd }
    : { start: entry.value.start, end: entry.value.end };
}

export interface Found extends Span {
  readonly path: ManifestPath;
  readonly part: PathPart;
}

/** What stands at an offset; `column` is the offset's column, which decides on lines where nothing stands. */
export function findAt(
  root: TreeNode,
  offset: number,
  column: number,
  columnOf: (offset: number) => number,
): Found {
  const path: (string | number)[] = [];
  let node = root;
  const here = (part: PathPart, span: Span): Found => ({ path, part, start: span.start, end: span.end });
  for (;;) {
    const inside = offset >= node.start && offset <= node.end;
    if (node.kind === 'map') {
      const entry = node.entries
        .filter((each) => each.keyStart <= offset && each.keyStart >= node.start)
        .at(-1);
      if (entry === undefined) return here('value', node);
      if (offset <= entry.keyEnd) {
        path.push(entry.key);
        return here('key', { start: entry.keyStart, end: entry.keyEnd });
      }
      const { value } = entry;
      const covers = offset >= value.start && offset <= value.end && value.start !== value.end;
      const deeper =
        value.kind !== 'scalar' && !value.flow && column >= columnOf(value.start) && offset >= value.start;
      const emptyBelow = value.start === value.end && column > columnOf(entry.keyStart);
      if (!covers && !deeper && !emptyBelow) return here('value', node);
      path.push(entry.key);
      node = value;
      continue;
    }
    if (node.kind === 'list') {
      const index = node.items.findLastIndex((item) => item.start <= offset && item.start >= node.start);
      const item = node.items[index];
      if (item === undefined) return here('value', node);
      const covers = offset <= item.end;
      const deeper = item.kind !== 'scalar' && !item.flow && column >= columnOf(item.start);
      if (!covers && !deeper) return here('value', node);
      path.push(index);
      node = item;
      continue;
    }
    return here('value', inside ? node : { start: offset, end: offset });
  }
}
