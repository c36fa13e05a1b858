import {
  CERT_MANAGER_CERTIFICATE,
  CERT_MANAGER_GROUP,
  CERT_MANAGER_VERSION,
  isObserved,
  qualifiedKind,
} from '../identity/certManager.ts';
import {
  API_VERSION,
  DEFAULT_NAMESPACE,
  formatIdentity,
  type IdentityId,
  isIdentityKind,
} from '../identity/identityId.ts';
import { type Selection, selectionOf } from '../identity/selection.ts';
import { checkFormat } from '../schema/formats/formats.ts';
import { ANY_IDENTITY, roleOf } from '../schema/references.ts';
import { backendTypeOf, described, isNamespaced, schemaOf } from '../schema/schemaAt.ts';
import { nearest } from '../text/nearest.ts';
import { flat } from '../text/textBuffer.ts';
import { isObject, type JsonObject, type JsonValue, valueAt } from './path.ts';
import type { NamedResource, Resource } from './resource.ts';

/** A resource apart from where it stands. */
export type ResourceData = Omit<
  Resource,
  'namedKinds' | 'selection' | 'mentions' | 'file' | 'documentIndex' | 'usable' | 'locate' | 'find' | 'source'
>;

/** The part of it that lists and references of a whole project are made of: what is small, and asked of all of them. */
export type ResourceNames = Pick<ResourceData, 'key' | 'kind' | 'name' | 'namespace' | 'formerNames'> & {
  readonly apiVersion: string;
  /** Kinds of what it names. */
  readonly namedKinds: readonly string[];
  readonly selection: Selection;
};

const NO_NAMES: readonly string[] = [];
/** The same few combinations in every manifest. */
const combinations = new Map<string, readonly string[]>();

function kindsOf(names: readonly NamedResource[]): readonly string[] {
  if (names.length === 0) return NO_NAMES;
  const kinds = [...new Set(names.map(({ kind }) => kind))].sort();
  const key = kinds.join();
  const known = combinations.get(key) ?? kinds;
  if (combinations.size < 1000) combinations.set(key, known);
  return known;
}
/** The same few words in every manifest: kinds, namespaces. */
const words = new Map<string, string>();

function word(text: string): string {
  const known = words.get(text);
  if (known !== undefined) return known;
  const own = flat(text);
  if (words.size < 10_000) words.set(own, own);
  return own;
}

export function namesOf(resource: ResourceData): ResourceNames {
  const { id, key, kind, name, namespace, formerNames, names } = resource;
  return {
    apiVersion: id.apiVersion,
    kind: word(kind),
    namespace: word(namespace),
    // A part of the document's text would keep all of that in memory.
    name: flat(name),
    key: flat(key),
    formerNames: formerNames.length === 0 ? NO_NAMES : formerNames.map(flat),
    namedKinds: kindsOf(names),
    selection: selectionOf(resource.labels, resource.spec, names),
  };
}

/** The part of it that is as it is written. */
export type WrittenParts = Pick<ResourceData, 'labels' | 'annotations' | 'spec'>;

export function writtenParts(value: JsonValue | undefined): WrittenParts {
  const metadata = isObject(value) ? own(value, 'metadata') : undefined;
  const spec = isObject(value) ? own(value, 'spec') : undefined;
  const ofMetadata = (key: string) => texts(isObject(metadata) ? own(metadata, key) : undefined);
  return {
    labels: ofMetadata('labels'),
    annotations: ofMetadata('annotations'),
    spec: isObject(spec) ? spec : {},
  };
}

function texts(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function own(value: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function misspelt(value: JsonObject, field: string): string {
  return Object.keys(value).find((key) => nearest(key, [field]).length > 0) ?? field;
}

/** What a document declares, as far as it can be told: it needs a kind and a name. Mistakes are others' matter. */
export function readResource(value: JsonValue): ResourceData | undefined {
  if (!isObject(value)) return undefined;
  const writtenKind = own(value, 'kind');
  const metadata = own(value, 'metadata');
  if (typeof writtenKind !== 'string' || !isObject(metadata)) return undefined;
  const apiVersion = own(value, 'apiVersion') === CERT_MANAGER_VERSION ? CERT_MANAGER_VERSION : API_VERSION;
  const kind = qualifiedKind(apiVersion, writtenKind);
  const name = own(metadata, 'name');
  if (typeof name !== 'string' || name === '') return undefined;
  // A misspelt `namespace` is one mistake: what is looked for in the namespace is still found there.
  const written = own(metadata, 'namespace') ?? own(metadata, misspelt(metadata, 'namespace'));
  const namespace = !isNamespaced(kind)
    ? ''
    : typeof written === 'string' && written !== ''
      ? written
      : DEFAULT_NAMESPACE;
  const formerNames = own(metadata, 'formerNames');
  const id: IdentityId = { apiVersion, kind, namespace, name };
  return {
    id,
    key: formatIdentity(id),
    kind,
    name,
    namespace,
    ...writtenParts(value),
    formerNames:
      !isObserved(id) && Array.isArray(formerNames)
        ? formerNames.filter((each) => typeof each === 'string')
        : [],
    names: isObserved(id) ? namedIssuer(kind, value) : namedResources(kind, value),
  };
}

/** What the schema says is a reference. */
function namedResources(kind: string, value: JsonObject): readonly NamedResource[] {
  const root = schemaOf(kind, backendTypeOf(value));
  if (root === undefined) return [];
  const named: NamedResource[] = [];
  for (const { path, text, schema } of described(root, value)) {
    const target = schema['x-references'];
    if (target === undefined) continue;
    // What is no name at all was said already; it is not looked for besides.
    if (schema.format !== undefined && checkFormat(schema.format, text) !== undefined) continue;
    const role = roleOf(schema, valueAt(value, ['spec', 'purpose']));
    if (target !== ANY_IDENTITY) named.push({ path, kind: target, name: text, saysKind: false, role });
    else if (isIdentityKind(kindIn(text)))
      named.push({ path, kind: kindIn(text), name: text, saysKind: true, role });
  }
  return named;
}

/** cert-manager's reference says of which kind the issuer is; one of another group is in no manifest that is read. */
function namedIssuer(kind: string, value: JsonObject): readonly NamedResource[] {
  if (kind !== CERT_MANAGER_CERTIFICATE) return [];
  const path = ['spec', 'issuerRef', 'name'];
  const reference = valueAt(value, path.slice(0, -1));
  const name = valueAt(value, path);
  if (!isObject(reference) || typeof name !== 'string') return [];
  const group = own(reference, 'group') ?? CERT_MANAGER_GROUP;
  const issuer = own(reference, 'kind') ?? 'Issuer';
  if (group !== CERT_MANAGER_GROUP || typeof issuer !== 'string') return [];
  return [
    { path, kind: qualifiedKind(CERT_MANAGER_VERSION, issuer), name, saysKind: false, role: undefined },
  ];
}

/** `Certificate` of `Certificate/payments/api`. */
function kindIn(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf('/')));
}
