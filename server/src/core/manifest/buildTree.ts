import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { MANIFEST_LIMITS } from './limits.ts';
import type { JsonValue } from './path.ts';
import type { Span, Tree, TreeEntry } from './tree.ts';

/** A mistake that the tree shows and the grammar does not. */
export type TreeProblem = Span &
  (
    | { readonly what: 'bad-key' | 'too-many-aliases' | 'bad-merge' }
    | { readonly what: 'no-space'; readonly colon: number }
    | { readonly what: 'unknown-alias'; readonly name: string; readonly anchors: readonly string[] }
    | {
        readonly what: 'duplicate-key';
        readonly key: string;
        /** The key that is there before it. */
        readonly first: Span;
        /** The whole second entry, and whether it says the same as the first. */
        readonly entry: Span;
        readonly same: boolean;
        readonly flow: boolean;
      }
  );

interface Built extends Tree {
  /** Values in it, itself included. */
  readonly size: number;
}

interface MapParts {
  readonly entries: TreeEntry[];
  readonly value: Record<string, JsonValue>;
  size: number;
}

class TooManyAliases extends Error {}

function define(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  // A plain assignment to `__proto__` would change the object's prototype.
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function spanOf(node: unknown, fallback: number): Span {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  const start = range?.[0] ?? fallback;
  return { start, end: Math.max(start, range?.[1] ?? start) };
}

/** Plain data and places of a parsed document. Aliases and merge keys (`<<`) are resolved, within limits. */
export function buildTree(document: Document.Parsed): {
  tree: Tree | undefined;
  problems: readonly TreeProblem[];
} {
  const problems: TreeProblem[] = [];
  const anchors = new Map<string, Built>();
  let aliased = 0;

  function build(node: unknown, fallback: number): Built {
    const span = spanOf(node, fallback);
    const built = isAlias(node)
      ? buildAlias(node.source, span)
      : isMap(node)
        ? buildMap(node, span)
        : isSeq(node)
          ? buildList(node.items, node.flow === true, span)
          : buildScalar(node, span);
    const anchor = (node as { anchor?: unknown } | null)?.anchor;
    if (typeof anchor === 'string') anchors.set(anchor, built);
    return built;
  }

  function leaf(value: JsonValue, span: Span): Built {
    return { value, size: 1, root: { kind: 'scalar', ...span, flow: false, entries: [], items: [] } };
  }

  function buildScalar(node: unknown, span: Span): Built {
    if (!isScalar(node)) return leaf(null, span);
    const { value } = node;
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      return leaf(value, span);
    }
    return leaf(node.source ?? String(value), span);
  }

  function buildAlias(name: string, span: Span): Built {
    const target = anchors.get(name);
    if (target === undefined) {
      problems.push({ what: 'unknown-alias', ...span, name, anchors: [...anchors.keys()] });
      return leaf(null, span);
    }
    aliased += target.size;
    if (aliased > MANIFEST_LIMITS.aliasedValues) {
      problems.push({ what: 'too-many-aliases', ...span });
      throw new TooManyAliases();
    }
    return { ...target, root: { ...target.root, ...span, flow: true } };
  }

  function buildList(items: readonly unknown[], flow: boolean, span: Span): Built {
    const built = items.map((item) => build(item, span.start));
    const end = flow ? span.end : (built.at(-1)?.root.end ?? span.end);
    return {
      value: built.map(({ value }) => value),
      size: built.reduce((sum, { size }) => sum + size, 1),
      root: { kind: 'list', start: span.start, end, flow, entries: [], items: built.map(({ root }) => root) },
    };
  }

  function buildMap(node: YAMLMap, span: Span): Built {
    const parts: MapParts = { entries: [], value: {}, size: 1 };
    const merges: Built[] = [];
    const seen = new Map<string, Span>();
    // The library counts blank lines and comments behind the last value as a block's own.
    let end = span.end;
    for (const pair of node.items as Pair[]) {
      const keySpan = spanOf(pair.key, span.start);
      const key = keyOf(pair.key);
      if (key === undefined) {
        problems.push({ what: 'bad-key', ...keySpan });
        build(pair.value, keySpan.end);
        continue;
      }
      const built = build(pair.value, keySpan.end);
      if (node.flow !== true) end = built.root.end;
      if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merges.push(...mergeSources(built));
        continue;
      }
      const first = seen.get(key);
      if (first !== undefined) {
        const entry = { start: keySpan.start, end: Math.max(keySpan.end, built.root.end) };
        const same = JSON.stringify(built.value) === JSON.stringify(parts.value[key]);
        const flow = node.flow === true;
        problems.push({ what: 'duplicate-key', key, first, ...keySpan, entry, same, flow });
        continue;
      }
      seen.set(key, keySpan);
      // In braces `tier:web` is a key without a value: YAML wants a space behind the colon.
      const colon = /^[\w-]+:(?=[^\s:/])/.exec(key)?.[0].length;
      if (colon !== undefined && node.flow === true && pair.value === null)
        problems.push({ what: 'no-space', ...keySpan, colon: keySpan.start + colon });
      add(
        parts,
        { key, keyStart: keySpan.start, keyEnd: keySpan.end, value: built.root },
        built.value,
        built.size,
      );
    }
    for (const source of merges) merge(parts, source, seen);
    return {
      value: parts.value,
      size: parts.size,
      root: {
        kind: 'map',
        start: span.start,
        end,
        flow: node.flow === true,
        entries: parts.entries,
        items: [],
      },
    };
  }

  /** YAML merge key (yaml.org/type/merge.html): a map or a list of maps; the map's own keys win, then earlier sources. */
  function mergeSources(built: Built): Built[] {
    const { root, value } = built;
    if (root.kind === 'map') return [built];
    if (root.kind === 'list' && Array.isArray(value)) {
      const items = root.items.flatMap((item, index) => {
        const itemValue: JsonValue | undefined = value[index];
        return item.kind === 'map' && itemValue !== undefined
          ? [{ root: item, value: itemValue, size: 1 }]
          : [];
      });
      if (items.length === root.items.length) return items;
    }
    // An alias that names nothing was said already.
    const said = problems.at(-1);
    if (said?.what !== 'unknown-alias' || said.start !== root.start)
      problems.push({ what: 'bad-merge', start: root.start, end: root.end });
    return [];
  }

  function merge(parts: MapParts, source: Built, seen: Map<string, Span>): void {
    for (const entry of source.root.entries) {
      if (seen.has(entry.key)) continue;
      seen.set(entry.key, { start: entry.keyStart, end: entry.keyEnd });
      const value = (source.value as Record<string, JsonValue>)[entry.key];
      add(parts, entry, value ?? null, 1);
    }
  }

  function add(parts: MapParts, entry: TreeEntry, value: JsonValue, size: number): void {
    parts.entries.push(entry);
    define(parts.value, entry.key, value);
    parts.size += size;
  }

  try {
    if (document.contents === null) return { tree: undefined, problems };
    const { root, value } = build(document.contents, 0);
    const isEmpty = value === null && root.start === root.end;
    return { tree: isEmpty ? undefined : { root, value }, problems };
  } catch (error) {
    if (error instanceof TooManyAliases) return { tree: undefined, problems };
    throw error;
  }
}

function keyOf(key: unknown): string | undefined {
  if (key === null) return '';
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value ?? ''));
}
