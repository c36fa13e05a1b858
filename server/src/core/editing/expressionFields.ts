/** Fields of manifests inside the CEL expressions of a policy: what can stand at a cursor, and what a word means. */
import { documentAt } from '../manifest/documentAt.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import { type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { VARIABLES } from '../policy/cel/environment.ts';
import { fieldsBelow, kindsOf, schemasAt } from '../policy/cel/fields.ts';
import type { Selector } from '../schema/generated/specs.ts';
import type { Position, Range } from '../text/position.ts';

interface Inside {
  /** The scalar's source up to the cursor, and from there. */
  readonly before: string;
  readonly after: string;
  readonly kinds: readonly string[];
}

/** Undefined: the position is in no expression. */
function inside(document: ManifestDocument, position: Position): Inside | undefined {
  const at = document.pathAt(position);
  if (at === undefined || at.part !== 'value' || !isExpression(at.path)) return undefined;
  const kind = valueAt(document.value, ['kind']);
  if (kind !== 'Policy') return undefined;
  const { text, lines, startLine } = document;
  const offsetOf = ({ line, character }: Position): number =>
    lines.offsetAt({ line: line - startLine, character });
  const cursor = offsetOf(position);
  return {
    before: text.slice(offsetOf(at.range.start), cursor),
    after: text.slice(cursor, offsetOf(at.range.end)),
    kinds: kindsOf(selectorOf(document.value)),
  };
}

/** `spec.customRules[0].expression`. */
function isExpression(path: ManifestPath): boolean {
  return path.length === 4 && path[1] === 'customRules' && path[3] === 'expression';
}

/** Whatever is typed there: only kinds that there are count. */
function selectorOf(value: JsonValue | undefined): Selector | undefined {
  const kinds = valueAt(value, ['spec', 'selector', 'matchKinds']);
  const known = Array.isArray(kinds) ? kinds.filter((kind) => schemasAt([String(kind)], []).length > 0) : [];
  return known.length === 0 ? undefined : ({ matchKinds: known } as Selector);
}

export function isInExpression(file: ManifestFile, position: Position): boolean {
  const document = documentAt(file, position.line);
  return document !== undefined && inside(document, position) !== undefined;
}

export interface FieldOffer {
  readonly label: string;
  readonly detail: string;
  /** What its documentation is made from; undefined for a function. */
  readonly about: { readonly kind: string; readonly path: ManifestPath } | undefined;
  /** Characters before the cursor that it replaces. */
  readonly typed: number;
  /** Those behind it that belong to the same word. */
  readonly rest: number;
}

/** Undefined: the position is in no expression. */
export function expressionOffers(
  document: ManifestDocument,
  position: Position,
): readonly FieldOffer[] | undefined {
  const here = inside(document, position);
  if (here === undefined) return undefined;
  const { before, after, kinds } = here;
  const rest = /^\w*/.exec(after)?.[0].length ?? 0;
  const chain = /(?:^|[^\w.\])'"])([A-Za-z_][\w]*(?:\??\.\w+|\[[^[\]]*\])*)\??\.(\w*)$/.exec(before);
  if (chain === null) {
    const typed = /(\w*)$/.exec(before)?.[1]?.length ?? 0;
    return [...Object.keys(VARIABLES), ...scopeOf(before).keys()].map((label) => ({
      label,
      detail: 'variable',
      about: label === 'identity' ? { kind: kinds[0] ?? 'Certificate', path: [] } : undefined,
      typed,
      rest,
    }));
  }
  const [, holder = '', word = ''] = chain;
  const path = pathOf(holder, scopeOf(before));
  if (path === undefined) return [];
  const own = { typed: word.length, rest };
  const fields = [...fieldsBelow(kinds, path)].map(([label, having]): FieldOffer => {
    const all = having.length === kinds.length;
    const about = { kind: having[0] ?? 'Certificate', path: [...path, label] };
    const title = schemasAt([about.kind], about.path)[0]?.schema.title ?? label;
    return { label, detail: all ? title : `${title} · ${having.join(', ')}`, about, ...own };
  });
  const types = new Set(schemasAt(kinds, path).map(({ schema }) => schema.type));
  const functions = fields.length > 0 ? [] : [...types].flatMap((type) => FUNCTIONS[String(type)] ?? []);
  return [
    ...fields,
    ...functions.map((label): FieldOffer => ({ label, detail: 'function', about: undefined, ...own })),
  ];
}

const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  array: ['all', 'exists', 'exists_one', 'filter', 'map', 'size'],
  string: ['startsWith', 'endsWith', 'contains', 'matches', 'size'],
  object: ['all', 'exists', 'size'],
};

/** What loops give their items' names to: `identity.spec.deliverTo.all(d, …)`. */
function scopeOf(before: string): ReadonlyMap<string, ManifestPath> {
  const scope = new Map<string, ManifestPath>();
  const loops =
    /([A-Za-z_][\w.?]{0,300})\.(?:all|exists|exists_one|map|filter)\(\s{0,20}([A-Za-z_]\w{0,60})\s{0,20},/g;
  for (const [, holder = '', name = ''] of before.matchAll(loops)) {
    const path = pathOf(holder, scope);
    if (path !== undefined) scope.set(name, [...path, 0]);
  }
  return scope;
}

/** `identity.spec.deliverTo[0].path` as a path; undefined where it begins with none of ours. */
function pathOf(chain: string, scope: ReadonlyMap<string, ManifestPath>): ManifestPath | undefined {
  const [root = '', ...steps] = chain.split(/\??\.|(?=\[)/);
  const start = root === 'identity' ? [] : root === 'labels' ? ['metadata', 'labels'] : scope.get(root);
  if (start === undefined) return undefined;
  return [...start, ...steps.map((step) => (step.startsWith('[') ? keyOf(step) : step))];
}

/** `['tier']`, `[0]`, `[i]`. */
function keyOf(step: string): string | number {
  return /^\[\\?["']([^"'\\]*)\\?["']\]$/.exec(step)?.[1] ?? 0;
}

export type WordMeaning =
  | { readonly is: 'field'; readonly kind: string; readonly path: ManifestPath; readonly range: Range }
  | { readonly is: 'variable'; readonly name: string; readonly text: string; readonly range: Range };

/** What the word at a position means. */
export function expressionWord(document: ManifestDocument, position: Position): WordMeaning | undefined {
  const here = inside(document, position);
  if (here === undefined) return undefined;
  const { before, after, kinds } = here;
  const behind = /^\w*/.exec(after)?.[0] ?? '';
  const [chain = ''] = /[A-Za-z_]?[\w.?[\]'"\\]*$/.exec(before) ?? [];
  const word = /\w*$/.exec(before)?.[0] ?? '';
  const range = {
    start: { line: position.line, character: position.character - word.length },
    end: { line: position.line, character: position.character + behind.length },
  };
  const path = pathOf(chain.replace(/^[^A-Za-z_]+/, '') + behind, scopeOf(before));
  const name = word + behind;
  if (chain === word && Object.hasOwn(VARIABLES, name))
    return { is: 'variable', name, text: VARIABLES[name] ?? '', range };
  const [known] = path === undefined ? [] : schemasAt(kinds, path);
  return path === undefined || known === undefined
    ? undefined
    : { is: 'field', kind: known.kind, path, range };
}
