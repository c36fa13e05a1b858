import {
  CERT_MANAGER_CERTIFICATE,
  CERT_MANAGER_KINDS,
  CERT_MANAGER_VERSION,
  isTemplate,
  qualifiedKind,
} from '../identity/certManager.ts';
import { API_VERSION, DEFAULT_NAMESPACE, formatIdentity } from '../identity/identityId.ts';
import { documentAt } from '../manifest/documentAt.ts';
import { isOursByName, isPolicyTestFile, POLICY_TEST } from '../manifest/fileName.ts';
import { shiftRange } from '../manifest/localFinding.ts';
import type { ManifestFile } from '../manifest/manifestFile.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import { type Defaults, defaultsFor } from '../policy/defaults.ts';
import type { FieldAsks } from '../policy/fieldAsks.ts';
import { LINT_RULE_NAMES } from '../rules/generated/otherRules.ts';
import { yamlText } from '../schema/place.ts';
import { isNamespaced, KINDS, resolve, schemaAt, schemaBelow, schemaOf } from '../schema/schemaAt.ts';
import { requiredFields, type Schema } from '../schema/schemaNode.ts';
import type { Position, Range } from '../text/position.ts';
import { askedFor, withDefault } from './askedValues.ts';
import { type ValueOffer, valueOffers } from './completionValues.ts';
import {
  below,
  type Draft,
  escapeSnippet,
  type Written,
  writeDraft,
  writeInline,
  writeJson,
} from './draft.ts';
import { expressionOffers, type FieldOffer } from './expressionFields.ts';
import { type Outline, outline, type Spot, written } from './outline.ts';
import { manifestDraft, type Surroundings, valueDraft } from './schemaDraft.ts';
import { wordsInUse } from './wordsInUse.ts';

export interface Completion {
  readonly label: string;
  readonly is: 'field' | 'item' | 'manifest' | ValueOffer['is'];
  readonly detail: string;
  /** What is replaced when the rest of the word is to go; it begins where the word begins. */
  readonly replace: Range;
  /** The same up to the cursor. */
  readonly insert: Range;
  readonly text: Written;
  /** What is compared with what was typed. */
  readonly filter: string;
  /** What its documentation is made from. */
  readonly about:
    | {
        readonly is: 'field';
        readonly kind: string;
        readonly path: ManifestPath;
        readonly type: string | null;
      }
    | { readonly is: 'resource'; readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Where a manifest is typed. */
export interface CompletionSurroundings extends Surroundings {
  /** What policies ask of the fields of this manifest. */
  readonly asksOf?: (resource: Resource) => FieldAsks;
}

interface Context extends Surroundings {
  readonly asked: FieldAsks;
  /** What the manifest comes to where it says nothing. */
  readonly filledIn: Defaults | undefined;
  readonly spot: Spot;
  readonly outline: Outline;
  readonly kind: string | undefined;
  readonly root: Schema | undefined;
  /** What manifests of all kinds of its apiVersion have. */
  readonly common: Schema;
  readonly type: string | undefined;
  readonly json: boolean;
}

/** What can stand at a position, likeliest first: also in text that is broken, before or after the cursor. */
export function completionsAt(
  file: ManifestFile,
  position: Position,
  { asksOf, ...around }: CompletionSurroundings,
): readonly Completion[] {
  const document = documentAt(file, position.line);
  if (document === undefined) return [];
  const inExpression = expressionOffers(document, position);
  if (inExpression !== undefined) return inExpression.map((offer) => wordOf(offer, position));
  const { text, lines, startLine } = document;
  const cursor = lines.offsetAt({ line: position.line - startLine, character: position.character });
  const seen = outline(text, cursor);
  const { spot } = seen;
  if (spot === undefined) return [];
  const version = written(seen, [], 'apiVersion');
  if (!isOursByName(file.path) && isOthers(file, text, version, seen)) return [];
  const isTest = isPolicyTestFile(file.path);
  const writtenKind = written(seen, [], 'kind');
  const kind = isTest ? POLICY_TEST : writtenKind && qualifiedKind(version, writtenKind);
  const common = version === CERT_MANAGER_VERSION ? COMMON_CERT_MANAGER : COMMON;
  const type = kind === 'Backend' ? written(seen, ['spec'], 'type') : undefined;
  const known = kind !== undefined && schemaOf(kind) !== undefined;
  const context: Context = {
    ...around,
    asked: (document.resource && asksOf?.(document.resource)) ?? (() => []),
    filledIn: document.resource && defaultsFor(document.resource, around.index),
    spot,
    outline: seen,
    kind: known ? kind : undefined,
    // Before its kind is known a manifest has what all kinds have.
    root: known ? schemaOf(kind, type) : common,
    common,
    type,
    json: /\.json$/i.test(file.path),
  };
  const range = (end: number): Range => shiftRange(lines.range(spot.start, end), startLine);
  const places = { replace: range(Math.max(spot.end, cursor)), insert: range(cursor) };
  return offers(context).map((offer) => ({ ...offer, ...places }));
}

/** A field's name in an expression. */
function wordOf(
  { label, detail, about, typed, rest }: FieldOffer,
  { line, character }: Position,
): Completion {
  const start = { line, character: character - typed };
  return {
    label,
    is: about === undefined ? 'text' : 'field',
    detail,
    replace: { start, end: { line, character: character + rest } },
    insert: { start, end: { line, character } },
    text: same(label),
    filter: label,
    about: { is: 'field', type: null, ...(about ?? { kind: 'Policy', path: EXPRESSION }) },
  };
}

const EXPRESSION = ['spec', 'customRules', 0, 'expression'];

type Offer = Omit<Completion, 'replace' | 'insert'>;

/** In a file of another name only documents of an apiVersion that is read count, and those where nothing stands yet. */
function isOthers(file: ManifestFile, text: string, version: string | undefined, seen: Outline): boolean {
  switch (version) {
    case API_VERSION:
      return false;
    case CERT_MANAGER_VERSION:
      return text.includes('{{') || isTemplate(file.text);
    default:
      return seen.entries([]).length > 0;
  }
}

const COMMON = commonOf('Certificate', KINDS);
const COMMON_CERT_MANAGER = commonOf(CERT_MANAGER_CERTIFICATE, CERT_MANAGER_KINDS);

/** What manifests of all these kinds have, by the schema of one of them. */
function commonOf(one: string, kinds: readonly string[]): Schema {
  const { properties, ...schema } = schemaOf(one) ?? {};
  const kind = { ...properties?.['kind'], type: 'string', enum: kinds };
  const spec = {
    title: 'Specification',
    description: 'What is declared; `kind` decides its fields.',
    type: 'object',
  };
  return { ...schema, properties: { ...properties, kind, spec } };
}

function offers(context: Context): readonly Offer[] {
  const { spot, root } = context;
  if (root === undefined) return [];
  if (spot.path.length === 0) return [...manifests(context), ...fields(context, resolve(root, root))];
  // A kind is chosen among all, whatever stands there now.
  const holder = spot.path.length === 1 && spot.path[0] === 'kind' ? context.common : root;
  const schema = schemaAt(holder, spot.path);
  if (schema === undefined) return [];
  if (spot.what === 'entry') return fields(context, schema);
  if (schema.type === 'array') return listItems(context, holder, schema);
  if (schema.type === 'object') {
    if (spot.what === 'open') return fields(context, schema);
    return spot.flow ? braces(context, holder, schema) : [];
  }
  return values(context, schema, (text) => text, itemsBeside(context));
}

/** In a list, what stands in it already besides what is typed. */
function itemsBeside({ spot, outline: seen }: Context): ReadonlySet<string> {
  if (typeof spot.path.at(-1) !== 'number') return new Set();
  return new Set(seen.items(spot.path.slice(0, -1)).filter((item) => item !== spot.typed));
}

/** Whole manifests, where a document is empty. */
function manifests(context: Context): readonly Offer[] {
  const { spot, outline: seen, json, kind: known } = context;
  if (seen.entries([]).length > 0 || spot.flow || known === POLICY_TEST) return [];
  return KINDS.flatMap((kind): Offer[] => {
    const draft = manifestDraft(kind, context);
    if (draft === undefined) return [];
    const text = writeDraft(draft, { json, indent: 0 });
    const about = { is: 'field', kind, path: [], type: null } as const;
    return [{ label: kind, is: 'manifest', detail: 'new manifest', text, filter: kind, about }];
  });
}

/** Rules that a policy can name, and that its schema does not list. */
const LINT_TITLES = new Map(LINT_RULE_NAMES.map(({ id, title }) => [id, title]));

/** Keys of a map that are not there yet: those it must have first, then in the schema's order. */
function fields(context: Context, schema: Schema): readonly Offer[] {
  const { spot, outline: seen, root, kind, type } = context;
  const properties = schema.properties ?? {};
  const present = new Set(
    seen
      .entries(spot.path)
      .filter((entry) => entry.start !== spot.start || !spot.colon)
      .map(({ key }) => key),
  );
  const required = new Set(requiredFields(schema));
  const asks = new Map(
    [...Object.keys(properties), ...(schema.propertyNames?.format === 'rule-id' ? LINT_TITLES.keys() : [])]
      .filter((name) => !present.has(name))
      .map((name) => [name, context.asked([...spot.path, name])] as const),
  );
  const names = [...asks.keys()].filter(
    (name) => required.has(name) || !asks.get(name)?.some(({ forbidden }) => forbidden),
  );
  const whoRequires = (name: string) => asks.get(name)?.find((each) => each.required === true)?.ask.policy;
  const rank = (name: string): number => (required.has(name) ? 0 : whoRequires(name) === undefined ? 2 : 1);
  const inOrder = names.toSorted((a, b) => rank(a) - rank(b));
  return inOrder.map((name): Offer => {
    const field = schemaBelow(root ?? schema, schema, name) ?? {};
    const policy = whoRequires(name);
    const title = LINT_TITLES.get(name) ?? field.title ?? name;
    const key = keyText(context, name);
    const value = valueDraft(root ?? schema, field, context);
    return {
      label: name,
      is: 'field',
      detail: required.has(name)
        ? `${title} · required`
        : policy === undefined
          ? title
          : `${title} · required by policy ${policy.resource.name}`,
      text: spot.colon ? same(key) : fieldText(context, key, field, value),
      filter: key,
      about: { is: 'field', kind: kind ?? 'Certificate', path: [...spot.path, name], type: type ?? null },
    };
  });
}

function keyText({ json, spot }: Context, name: string): string {
  return json || spot.quote === '"' ? JSON.stringify(name) : spot.quote === "'" ? `'${name}'` : name;
}

function fieldText({ json, spot }: Context, key: string, field: Schema, value: Draft): Written {
  const isScalar = field.type !== 'object' && field.type !== 'array';
  const plain = isScalar || json ? `${key}: ` : `${key}:`;
  const start = `${escapeSnippet(key)}:`;
  // A list of words opens empty: which of them is meant is chosen between the brackets.
  const draft: Draft =
    value.is === 'list' && value.inline ? { ...value, item: { is: 'hole', offers: [] } } : value;
  if (isScalar) return { plain, snippet: json && field.type === 'string' ? `${start} "$1"` : `${start} $1` };
  if (draft.is === 'map' && draft.entries.length === 0) {
    const line = json || spot.flow ? ' { $1 \\}' : `\n${' '.repeat(spot.inset + 2)}$1`;
    return { plain, snippet: `${start}${line}` };
  }
  if (json) return { plain, snippet: `${start} ${writeJson(draft, spot.inset).snippet}` };
  if (spot.flow) return { plain, snippet: `${start} ${writeInline(draft).snippet}` };
  return { plain, snippet: `${start}${below(draft, spot.inset, { count: 0 })}` };
}

function values(
  context: Context,
  schema: Schema,
  wrap: (text: string) => string,
  taken: ReadonlySet<string> = new Set(),
): readonly Offer[] {
  const { spot, kind, type, outline: seen } = context;
  const namespace = written(seen, ['metadata'], 'namespace') ?? DEFAULT_NAMESPACE;
  const name = written(seen, ['metadata'], 'name');
  const found = [
    ...valueOffers(schema, {
      ...context,
      namespace,
      purpose: written(seen, ['spec'], 'purpose'),
      self:
        kind === undefined || name === undefined
          ? undefined
          : formatIdentity({ kind, namespace: isNamespaced(kind) ? namespace : '', name }),
    }),
    ...wordsInUse(context, spot.path).map((text): ValueOffer => ({ text, is: 'text', detail: 'in use' })),
  ];
  return askedFor(withDefault(found, context.filledIn, spot.path), schema, context.asked(spot.path))
    .filter(({ text }) => !taken.has(text))
    .map((offer): Offer => {
      const text = wrap(valueText(context, schema, offer.text));
      return {
        label: offer.text,
        is: offer.is,
        detail: offer.detail,
        text: same(`${needsSpace(context) ? ' ' : ''}${text}`),
        filter: text,
        about:
          offer.target === undefined
            ? { is: 'field', kind: kind ?? 'Certificate', path: spot.path, type: type ?? null }
            : { is: 'resource', ...offer.target },
      };
    });
}

/** `issuer:│` has no space yet, and without one it is no key. */
function needsSpace({ spot, json }: Context): boolean {
  return spot.what === 'value' && spot.tight && !json;
}

function valueText({ json, spot }: Context, schema: Schema, value: string): string {
  if (schema.type === 'boolean') return value;
  if (json || spot.quote === '"') return JSON.stringify(value);
  if (spot.quote === "'") return `'${value.replaceAll("'", "''")}'`;
  return yamlText(value);
}

/** Items of a list, without those that are in it. */
function listItems(context: Context, root: Schema, list: Schema): readonly Offer[] {
  const { spot, outline: seen, kind, type, json } = context;
  const item = list.items === undefined ? undefined : resolve(root, list.items);
  if (item === undefined) return [];
  const path = [...spot.path, 0];
  const taken = new Set(seen.items(spot.path));
  const isLine = spot.what === 'open' && !json;
  if (item.type !== 'object') {
    return values(
      { ...context, spot: { ...spot, path } },
      item,
      (text) => (isLine ? `- ${text}` : `[${text}]`),
      taken,
    );
  }
  const draft = valueDraft(root, item, context);
  const text = isLine
    ? writeDraft({ is: 'list', inline: false, item: draft }, { json, indent: spot.inset })
    : wrapped('[', json ? writeJson(draft, spot.inset) : writeInline(draft), ']');
  const label = item.title ?? 'item';
  const about = { is: 'field', kind: kind ?? 'Certificate', path, type: type ?? null } as const;
  return [{ label, is: 'item', detail: 'new item', text, filter: isLine ? '-' : '[', about }];
}

/** A map between brackets. */
function braces(context: Context, root: Schema, schema: Schema): readonly Offer[] {
  const { spot, kind, type, json } = context;
  const draft = valueDraft(root, schema, context);
  const text = json ? writeJson(draft, spot.inset) : writeInline(draft);
  const about = { is: 'field', kind: kind ?? 'Certificate', path: spot.path, type: type ?? null } as const;
  return [{ label: schema.title ?? 'map', is: 'item', detail: 'new item', text, filter: '{', about }];
}

function wrapped(before: string, { plain, snippet }: Written, after: string): Written {
  return { plain: `${before}${plain}${after}`, snippet: `${before}${snippet}${after}` };
}

function same(text: string): Written {
  return { plain: text, snippet: escapeSnippet(text) };
}
