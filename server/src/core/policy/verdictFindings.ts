import type { Finding, RelatedPlace, Severity } from '../finding.ts';
import { formatPath, type ManifestPath } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { type Ask, sourceOf } from './boundPolicy.ts';
import { type Defaults, giverOf } from './defaults.ts';
import type { Verdict } from './judged.ts';
import { isGraver } from './policiesInForce.ts';

/** A verdict with who asked for it. */
export interface Told {
  readonly ask: Ask;
  readonly verdict: Verdict;
  /** The policy's, else the rule's. */
  readonly severity: Severity;
}

/** One finding for each mistake: policies that say the same of one place share it, and the strictest speaks. */
export function verdictFindings(
  resource: IdentityResource,
  told: readonly Told[],
  defaults: Defaults,
): readonly Finding[] {
  // Of thousands most have one: that costs no more than the finding.
  if (told.length === 1) return [findingOf(resource, told, defaults)];
  const places = new Map<string, Told[]>();
  for (const each of told) {
    const { path, part = 'value' } = each.verdict;
    const place = JSON.stringify([each.ask.rule, path, part]);
    const others = places.get(place);
    if (others === undefined) places.set(place, [each]);
    else others.push(each);
  }
  return [...places.values()].flatMap((alike) => oneEach(resource, alike, defaults));
}

/** One rule may say several things of one place; by several policies each of them is said once. */
function oneEach(resource: IdentityResource, told: readonly Told[], defaults: Defaults): readonly Finding[] {
  const limits = told.filter(({ verdict }) => verdict.limit !== undefined);
  const others = told.filter(({ verdict }) => verdict.limit === undefined);
  const messages = new Set(others.map(({ verdict }) => verdict.message));
  return [
    ...(limits.length === 0 ? [] : [limits]),
    ...[...messages].map((message) => others.filter(({ verdict }) => verdict.message === message)),
  ].map((alike) => findingOf(resource, alike, defaults));
}

function findingOf(resource: IdentityResource, told: readonly Told[], defaults: Defaults): Finding {
  const [first, ...others] = told.length === 1 ? told : told.toSorted(strictestFirst);
  if (first === undefined) throw new Error('nothing was told');
  const { ask, verdict } = first;
  const { path, part, message, why } = verdict;
  const graver = others.find(({ severity }) => isGraver(severity, first.severity));
  const asks = [ask, ...others.map((each) => each.ask)].filter(
    (each, place, all) => all.indexOf(each) === place,
  );
  // Ten thousand may come of one key, and few of them are shown: places are looked up then.
  const range = once(() => resource.locate(path, part ?? 'value'));
  const fixes = once(() => verdict.fixes?.(resource) ?? []);
  const related = once(() => [
    ...asks.map(askedHere),
    ...filledInHere(resource, path, defaults),
    ...(verdict.related?.(resource) ?? []),
  ]);
  return {
    rule: ask.rule,
    severity: graver?.severity ?? first.severity,
    message: `${message} (policy ${ask.policy.resource.name})`,
    ...(why === undefined ? {} : { why }),
    identity: resource.id,
    file: resource.file,
    get range() {
      return range();
    },
    get related() {
      return related();
    },
    get fixes() {
      return fixes();
    },
    policy: sourceOf(asks.find(({ waivable }) => !waivable) ?? ask),
  };
}

function strictestFirst(a: Told, b: Told): number {
  if (a.severity !== b.severity) return isGraver(a.severity, b.severity) ? -1 : 1;
  return (a.verdict.limit ?? 0) - (b.verdict.limit ?? 0);
}

/** Leads to the line of the policy. */
export function askedHere(ask: Ask): RelatedPlace {
  const { name, origin, file, range, cites } = sourceOf(ask);
  const from = origin === 'project' ? '' : ` from ${origin}`;
  const by = cites === undefined ? '' : ` (${cites})`;
  return { file, range, message: `policy ${name}${from} asks for it${by}` };
}

/** Leads to what filled in a value that the manifest does not say. */
function filledInHere(
  resource: IdentityResource,
  path: ManifestPath,
  { fields }: Defaults,
): readonly RelatedPlace[] {
  const given = fields.find((field) => formatPath(field.path) === formatPath(path))?.given;
  if (given === undefined || resource.find(path) !== undefined) return [];
  const range = given.by.locate(given.at, 'key');
  return [{ file: given.by.file, range, message: `${giverOf(given)} fills it in` }];
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
