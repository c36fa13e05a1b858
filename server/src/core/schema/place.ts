import type { Severity } from '../finding.ts';
import type { LocalFinding, LocalFix } from '../manifest/localFinding.ts';
import type { ManifestPath, PathPart } from '../manifest/path.ts';
import { nodeAt, spanAt, type TreeNode } from '../manifest/tree.ts';
import type { LineIndex } from '../text/lineIndex.ts';
import type { Range } from '../text/position.ts';

interface Details {
  readonly part?: PathPart;
  readonly severity?: Severity;
  readonly related?: LocalFinding['related'];
  readonly fixes?: readonly LocalFix[];
}

/** Makes findings and edits at paths of one document. */
export interface Place {
  finding(rule: string, message: string, path: ManifestPath, details?: Details): LocalFinding;
  range(path: ManifestPath, part: PathPart): Range;
  replaceKey(path: ManifestPath, key: string, preferred: boolean): LocalFix;
  replaceValue(path: ManifestPath, value: string, preferred: boolean): LocalFix;
  /** Several items of a list in place of one. */
  replaceByItems(path: ManifestPath, items: readonly string[]): LocalFix;
  /** Another text for a value, as it is to be written. */
  replaceSource(path: ManifestPath, newText: string, title: string): LocalFix;
  /** A value where there is none yet, or an empty text; undefined where something stands. */
  fillIn(path: ManifestPath, value: string): LocalFix | undefined;
  /** Puts an entry into a map of its own under another key; undefined where it has lines of its own. */
  wrap(path: ManifestPath, key: string): LocalFix | undefined;
  /** Takes an entry of a map or an item of a list away; undefined where it is the only one. */
  remove(path: ManifestPath): LocalFix | undefined;
  /** Undefined where the map's layout leaves no simple place for it. */
  addField(parent: ManifestPath, key: string, value: string, preferred: boolean): LocalFix | undefined;
  /** The text of a scalar, as written. */
  source(path: ManifestPath): string;
}

/** A text as YAML: plain where that reads as the same text, else in double quotes. */
export function yamlText(value: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9 ._/@:-]*$/.test(value) &&
    !/: |:$| $|^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  const startsWithDigit =
    /^[0-9][0-9A-Za-z]*[A-Za-z-]/.test(value) &&
    /^[0-9A-Za-z.-]+$/.test(value) &&
    !/^0[xob]|^[0-9.]+e[0-9+-]+$/i.test(value);
  return isPlain || startsWithDigit ? value : JSON.stringify(value);
}

/** The nearest place on the way to `path` that is there. */
export function nearestSpan(
  root: TreeNode,
  path: ManifestPath,
  part: PathPart,
): { start: number; end: number } {
  const exact = path.length === 0 ? undefined : spanAt(root, path, part);
  if (exact !== undefined) return exact;
  for (let length = path.length - 1; length > 0; length--) {
    const span = spanAt(root, path.slice(0, length), 'key');
    if (span !== undefined) return firstKey(root, path.slice(0, length)) ?? span;
  }
  const kind = root.entries.find((entry) => entry.key === 'kind') ?? root.entries[0];
  if (kind !== undefined) return { start: kind.keyStart, end: kind.keyEnd };
  const first = root.items[0] ?? root;
  return { start: first.start, end: first.end };
}

/** A list item that is a map has no key of its own: its first key stands for it. */
function firstKey(root: TreeNode, path: ManifestPath): { start: number; end: number } | undefined {
  if (typeof path.at(-1) !== 'number') return undefined;
  const entry = nodeAt(root, path)?.entries[0];
  return entry === undefined ? undefined : { start: entry.keyStart, end: entry.keyEnd };
}

/** The entries or items beside one, in the order of the text. */
function siblingsOf(
  root: TreeNode,
  path: ManifestPath,
): readonly { readonly start: number; readonly end: number; readonly isIt: boolean }[] {
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (parent === undefined) return [];
  if (typeof last === 'number')
    return parent.items.map(({ start, end }, index) => ({ start, end, isIt: index === last }));
  return parent.entries.map(({ key, keyStart, keyEnd, value }) => ({
    start: keyStart,
    end: Math.max(keyEnd, value.end),
    isIt: key === last,
  }));
}

export function placeIn(text: string, lines: LineIndex, root: TreeNode): Place {
  const rangeOf = (path: ManifestPath, part: PathPart): Range => {
    const { start, end } = nearestSpan(root, path, part);
    return lines.range(start, end);
  };
  const quoted = (start: number): string | undefined =>
    text[start] === '"' || text[start] === "'" ? text[start] : undefined;
  const inPlace = (value: string, start: number): string => {
    const quote = quoted(start);
    if (quote === '"') return JSON.stringify(value);
    return quote === "'" ? `'${value.replaceAll("'", "''")}'` : yamlText(value);
  };

  return {
    range: rangeOf,
    source: (path) => {
      const span = spanAt(root, path, 'value');
      return span === undefined ? '' : text.slice(span.start, span.end);
    },
    finding: (rule, message, path, details = {}) => ({
      rule,
      severity: details.severity ?? 'error',
      message,
      range: rangeOf(path, details.part ?? 'value'),
      related: details.related ?? [],
      fixes: details.fixes ?? [],
    }),
    replaceKey: (path, key, preferred) => {
      const { start, end } = nearestSpan(root, path, 'key');
      const newText = quoted(start) === undefined ? key : JSON.stringify(key);
      return { title: `Change to "${key}"`, preferred, edits: [{ range: lines.range(start, end), newText }] };
    },
    replaceValue: (path, value, preferred) => {
      const { start, end } = nearestSpan(root, path, 'value');
      return {
        title: `Change to "${value}"`,
        preferred,
        edits: [{ range: lines.range(start, end), newText: inPlace(value, start) }],
      };
    },
    replaceByItems: (path, items) => {
      const { start, end } = nearestSpan(root, path, 'value');
      const list = nodeAt(root, path.slice(0, -1));
      const isFlow = list?.flow === true || text[list?.start ?? 0] === '[';
      const column = lines.positionAt(start).character;
      const between = isFlow ? ', ' : `\n${' '.repeat(Math.max(0, column - 2))}- `;
      const newText = items.map((item) => inPlace(item, start)).join(between);
      return {
        title: `Make it ${items.length} items`,
        preferred: true,
        edits: [{ range: lines.range(start, end), newText }],
      };
    },
    replaceSource: (path, newText, title) => ({
      title,
      preferred: true,
      edits: [{ range: rangeOf(path, 'value'), newText }],
    }),
    fillIn: (path, value) => {
      const node = nodeAt(root, path);
      if (node === undefined) return undefined;
      const written = text.slice(node.start, node.end);
      const { end } = nearestSpan(root, path, 'value');
      const title = `Name "${value}"`;
      if (written === '') {
        const colon = text.indexOf(':', end);
        if (colon === -1) return undefined;
        return {
          title,
          preferred: true,
          edits: [{ range: lines.range(colon + 1, colon + 1), newText: ` ${value}` }],
        };
      }
      if (!/^(?:""|''|null|~)$/.test(written)) return undefined;
      const newText =
        written === 'null' && text.trimStart().startsWith('{')
          ? JSON.stringify(value)
          : inPlace(value, node.start);
      return { title, preferred: true, edits: [{ range: lines.range(node.start, node.end), newText }] };
    },
    wrap: (path, key) => {
      const name = spanAt(root, path, 'key');
      const node = nodeAt(root, path);
      if (name === undefined || node === undefined || (node.kind !== 'scalar' && !node.flow))
        return undefined;
      const outer = quoted(name.start) === undefined ? key : JSON.stringify(key);
      const end = Math.max(name.end, node.end);
      return {
        title: `Move it into "${key}"`,
        preferred: true,
        edits: [
          { range: lines.range(name.start, name.start), newText: `${outer}: { ` },
          { range: lines.range(end, end), newText: ' }' },
        ],
      };
    },
    remove: (path) => {
      const siblings = siblingsOf(root, path);
      const index = siblings.findIndex(({ isIt }) => isIt);
      const it = siblings[index];
      const before = siblings[index - 1];
      const after = siblings[index + 1];
      if (it === undefined) return undefined;
      const edit =
        before !== undefined
          ? lines.range(before.end, it.end)
          : after !== undefined
            ? lines.range(it.start, after.start)
            : undefined;
      if (edit === undefined) return undefined;
      return { title: 'Remove it', preferred: true, edits: [{ range: edit, newText: '' }] };
    },
    addField: (parent, key, value, preferred) => {
      const node = nodeAt(root, parent);
      const first = node?.entries[0];
      if (node === undefined || node.kind !== 'map' || first === undefined) return undefined;
      const at = lines.range(first.keyStart, first.keyStart);
      const isFlow = node.flow || text[node.start] === '{';
      const isQuoted = quoted(first.keyStart) === '"';
      const name = isQuoted ? JSON.stringify(key) : key;
      const indent = ' '.repeat(at.start.character);
      const isAlone =
        text.slice(text.lastIndexOf('\n', first.keyStart - 1) + 1, first.keyStart).trim() === '';
      const newText = isFlow
        ? `${name}: ${isQuoted ? JSON.stringify(value) : yamlText(value)},${isAlone ? `\n${indent}` : ' '}`
        : `${name}: ${yamlText(value)}\n${indent}`;
      return { title: `Add "${key}"`, preferred, edits: [{ range: at, newText }] };
    },
  };
}
