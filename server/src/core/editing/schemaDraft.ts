import { API_VERSION } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { resolve, schemaOf } from '../schema/schemaAt.ts';
import { requiredFields, type Schema } from '../schema/schemaNode.ts';
import { type ValueOffer, valueOffers } from './completionValues.ts';
import type { Draft } from './draft.ts';

/** What a first manifest of a kind nearly always has besides what is required; `a.b` is a field of `a`. */
const USEFUL: Readonly<Record<string, readonly string[]>> = {
  Certificate: ['owner', 'dnsNames', 'duration'],
  Key: ['owner', 'algorithm', 'duration'],
  SshKey: ['owner', 'usage', 'duration'],
  SshCertificate: ['owner', 'duration'],
  Token: ['owner', 'audience', 'scopes', 'duration'],
  Workload: ['owner'],
  Backend: ['owner'],
  'Backend/local': ['owner', 'authority', 'authority.commonName'],
  'Backend/vault': ['owner', 'auth', 'auth.method', 'pki', 'pki.mount'],
  'Backend/pkcs11': ['owner', 'module', 'token', 'token.label'],
  Machine: ['owner', 'network', 'network.location', 'provider'],
  Policy: ['selector', 'selector.matchLabels', 'rules'],
  Playbook: ['owner', 'trigger', 'trigger.rules', 'scope', 'scope.selector', 'steps.verb'],
  TrustBundle: ['owner', 'purpose', 'anchors', 'anchors.backend'],
  Project: [],
};
/** As many as a list of choices shows well. */
const MOST_CHOICES = 12;
const DEEPEST = 6;

/** Where values are looked up that a manifest can name. */
export interface Surroundings {
  readonly index: ProjectIndex;
  readonly backendRoles: ReadonlyMap<string, readonly string[]>;
}

/** A whole manifest: its required fields and the most useful others. `type`: of a Backend, where it is chosen. */
export function manifestDraft(kind: string, around: Surroundings, type?: string): Draft | undefined {
  const root = schemaOf(kind, type);
  const spec = root?.properties?.['spec'];
  if (root === undefined || spec === undefined) return undefined;
  const specDraft = mapDraft(
    root,
    resolve(root, spec),
    around,
    USEFUL[type === undefined ? kind : `${kind}/${type}`] ?? [],
  );
  return {
    is: 'map',
    entries: [
      ['apiVersion', { is: 'fixed', text: API_VERSION }],
      ['kind', { is: 'fixed', text: kind }],
      ['metadata', { is: 'map', entries: [['name', { is: 'hole', offers: ['name'] }]] }],
      ['spec', specDraft],
    ],
  };
}

/** What a field's value looks like when it is put in: its required and useful fields, with a hole for each text. */
export function valueDraft(
  root: Schema,
  field: Schema,
  around: Surroundings,
  useful: readonly string[] = [],
  depth = 0,
): Draft {
  const schema = resolve(root, field);
  if (schema.type === 'object') return mapDraft(root, schema, around, useful, depth);
  if (schema.type === 'array' && schema.items !== undefined) {
    const items = resolve(root, schema.items);
    const item = valueDraft(root, items, around, useful, depth + 1);
    const example: unknown = Array.isArray(schema.examples?.[0]) ? schema.examples[0][0] : undefined;
    const isBlank = item.is === 'hole' && item.offers.length === 0 && typeof example === 'string';
    return {
      is: 'list',
      inline: items.type !== 'object',
      item: isBlank ? { is: 'hole', offers: [example] } : item,
    };
  }
  const offers = valueOffers(schema, { ...around, namespace: '' });
  return { is: 'hole', offers: choices(schema, offers) };
}

function mapDraft(
  root: Schema,
  schema: Schema,
  around: Surroundings,
  useful: readonly string[],
  depth = 0,
): Draft {
  const properties = schema.properties ?? {};
  const required = requiredFields(schema);
  const wanted = Object.keys(properties).filter((key) => required.includes(key) || useful.includes(key));
  // An owner whom nobody can reach is of little use.
  if (wanted.includes('team') && 'contact' in properties) wanted.push('contact');
  if (depth > DEEPEST) return { is: 'map', entries: [] };
  return {
    is: 'map',
    entries: wanted.map((key) => [
      key,
      valueDraft(root, properties[key] ?? {}, around, below(useful, key), depth + 1),
    ]),
  };
}

function below(useful: readonly string[], key: string): readonly string[] {
  return useful.flatMap((each) => (each.startsWith(`${key}.`) ? [each.slice(key.length + 1)] : []));
}

function choices(schema: Schema, offers: readonly ValueOffer[]): readonly string[] {
  const texts = offers.map(({ text }) => text).slice(0, MOST_CHOICES);
  const isClosed = schema.enum !== undefined || schema['x-references'] !== undefined;
  if (isClosed && texts.length > 0) return texts;
  const example = schema.examples?.[0];
  return typeof example === 'string' ? [example] : texts.slice(0, 1);
}
