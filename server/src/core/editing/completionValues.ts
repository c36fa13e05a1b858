import { CREDENTIAL_RULES } from '../credential/findings/registry.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { referenceText } from '../identity/references.ts';
import type { Resource } from '../manifest/resource.ts';
import { CUSTOM } from '../policy/customRules.ts';
import { SCHEMA } from '../policy/schema/schemaAsks.ts';
import { LINT_RULE_NAMES, SCAN_RULE_NAMES } from '../rules/generated/otherRules.ts';
import { RULES } from '../rules/generated/registry.ts';
import { ANY_IDENTITY, roleOf } from '../schema/references.ts';
import type { Schema } from '../schema/schemaNode.ts';

/** A value that a field may have. */
export interface ValueOffer {
  readonly text: string;
  readonly is: 'enum' | 'boolean' | 'reference' | 'duration' | 'text';
  /** Beside it in the list. */
  readonly detail: string;
  /** Of what is named, as `formatIdentity` writes it. */
  readonly target?: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export interface ValueSurroundings {
  readonly index: ProjectIndex;
  readonly backendRoles: ReadonlyMap<string, readonly string[]>;
  /** Of the manifest that is typed in. */
  readonly namespace: string;
  /** Its `spec.purpose`. */
  readonly purpose?: string | undefined;
  /** What it declares, as `formatIdentity` writes it: nothing names itself. */
  readonly self?: string | undefined;
}

/** Validities that are in use: hours for workloads, 47 days and 398 days as the CA/Browser Forum bounds them. */
const DURATIONS = ['1h', '12h', '24h', '7d', '30d', '47d', '90d', '200d', '398d', '1y', '10y'];
const SHARES = ['33%', '50%', '7d', '15d', '30d'];

/** The values that can be told for a scalar, most fitting first. */
export function valueOffers(schema: Schema, around: ValueSurroundings): readonly ValueOffer[] {
  const kind = schema['x-references'];
  if (kind !== undefined) return references(kind, roleOf(schema, around.purpose), around);
  const offer = (is: ValueOffer['is']) => (text: string) => ({ text, is, detail: detailOf(schema, text) });
  if (schema.enum !== undefined) return withoutAliases(schema.enum.map(String)).map(offer('enum'));
  if (schema.type === 'boolean') return ['true', 'false'].map(offer('boolean'));
  const known = [schema.default, ...(schema.examples ?? [])].filter((each) => typeof each === 'string');
  switch (schema.format) {
    case 'duration':
      return [...new Set([...known, ...DURATIONS])].map(offer('duration'));
    case 'duration-or-share':
      return [...new Set([...known, ...SHARES])].map(offer('duration'));
    case 'rule-id':
      return ruleOffers(around);
    case 'file-mode':
      return [...new Set([...known, '0600', '0640'])].map(offer('text'));
    default:
      return typeof schema.default === 'string' ? [offer('text')(schema.default)] : [];
  }
}

/** All that a finding may be called, first what policies of the project make themselves. */
function ruleOffers({ index }: ValueSurroundings): readonly ValueOffer[] {
  const own = index.policies().flatMap(({ usable, spec }) => (usable ? (spec.customRules ?? []) : []));
  const rules = [
    ...own.map(({ id, message }) => ({ id: `${CUSTOM}${id}`, title: message })),
    { id: SCHEMA, title: 'Does not satisfy the schema of a policy' },
    ...RULES.map(({ meta }) => meta),
    ...CREDENTIAL_RULES,
    ...LINT_RULE_NAMES,
    ...SCAN_RULE_NAMES,
  ];
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return [...titles].map(([text, detail]) => ({ text, is: 'text', detail }));
}

function detailOf(schema: Schema, text: string): string {
  return schema.default === text ? 'default' : '';
}

/** Some values may be written in two ways (`serverAuth`, `server auth`): the first one is offered. */
function withoutAliases(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const plain = value.toLowerCase().replaceAll(' ', '');
    return seen.has(plain) ? false : seen.add(plain);
  });
}

/** All that can be named there, by the shortest name that finds it from here. */
function references(
  kind: string,
  role: string | undefined,
  around: ValueSurroundings,
): readonly ValueOffer[] {
  const { index, backendRoles, namespace } = around;
  const saysKind = kind === ANY_IDENTITY;
  const seen = new Set<string>();
  return (saysKind ? index.identities() : index.ofKind(kind)).flatMap((each): ValueOffer[] => {
    const resource = each as Resource;
    const type = resource.spec['type'];
    // A backend that is being typed may have no type yet: it is offered rather than hidden.
    const plays =
      role === undefined || typeof type !== 'string' || (backendRoles.get(type)?.includes(role) ?? true);
    if (!plays || seen.has(resource.key) || resource.key === around.self) return [];
    seen.add(resource.key);
    const text = referenceText(index, resource, namespace, saysKind);
    return [{ text, is: 'reference', detail: detail(resource), target: resource.id }];
  });
}

/** What tells resources of a kind apart besides their names. */
const TELLING: Readonly<Record<string, string>> = {
  Backend: 'type',
  Machine: 'type',
  Workload: 'spiffeId',
  TrustBundle: 'purpose',
};

function detail({ kind, spec }: Resource): string {
  const field = TELLING[kind];
  if (field === undefined) return kind;
  const value = spec[field];
  return typeof value === 'string' ? `${kind} · ${value}` : field === 'type' ? `${kind} · no type` : kind;
}
