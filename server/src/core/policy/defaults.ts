/**
 * What is filled in where a manifest says nothing: by the project's own policies, else by the project. A policy from outside
 * fills in nothing, since what is issued would then depend on who looks. Limits judge what comes of it.
 */
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { type Selectable, selects } from '../identity/selects.ts';
import { isObject, type JsonObject, type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import type { PolicyResource, ProjectResource } from '../manifest/resource.ts';
import { perValue } from '../rules/perValue.ts';
import { schemaAt, schemaOf } from '../schema/schemaAt.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import { extendsTo } from './extendsTo.ts';

export type DefaultValues = NonNullable<ProjectResource['spec']['defaults']>;

/** A value with who gives it. */
export interface Given {
  readonly by: PolicyResource | ProjectResource;
  /** Where it stands there. */
  readonly at: ManifestPath;
  readonly value: JsonValue;
}

/** One field of a manifest that something may be filled in. */
export interface FilledField {
  /** In the manifest. */
  readonly path: ManifestPath;
  /** What is filled in; undefined: nothing, since policies disagree and the project says nothing. */
  readonly given: Given | undefined;
  /** What counts less: of policies that are extended, and of the project. */
  readonly gaveWay: readonly Given[];
  /** Policies that give other values than each other, so that none of them counts. */
  readonly conflict: readonly Given[];
}

export interface Defaults {
  readonly values: DefaultValues;
  readonly fields: readonly FilledField[];
}

/** Parts of `defaults`, each of which is filled in by itself. */
const PARTS: readonly ManifestPath[] = [
  ['owner'],
  ['duration'],
  ['keyAlgorithm'],
  ['renewal', 'by'],
  ['renewal', 'before'],
  ['renewal', 'overlap'],
];

/** The same object for all identities of a kind that the same policies select, as long as these are as they were. */
export function defaultsFor(identity: Selectable, index: ProjectIndex): Defaults {
  const found = index.project();
  const project = found?.usable === true ? found : undefined;
  const policies = policiesWithDefaults(index.policies());
  const { defaults } = knownOf(project === undefined ? policies : [project, ...policies]);
  const team = project?.spec.defaults?.owner?.team;
  const mine = isIdentityKind(identity.kind)
    ? policies.filter(({ spec }) => selects(spec.selector, identity, team))
    : [];
  const key = `${identity.kind} ${mine.map((each) => policies.indexOf(each)).join()}`;
  const before = defaults.get(key);
  if (before !== undefined) return before;
  const made = combined(identity.kind, mine, project);
  defaults.set(key, made);
  return made;
}

/** The project's own policies that fill something in: what rests on defaults is asked again when these are others. */
export const policiesWithDefaults = perValue(
  (policies: readonly PolicyResource[]): readonly PolicyResource[] =>
    policies.filter(({ usable, spec }) => usable && spec.defaults !== undefined),
);

/** What was combined of one list of givers, by kind and by which of them select. */
interface Known {
  readonly next: WeakMap<object, Known>;
  readonly defaults: Map<string, Defaults>;
}

const nothingKnown = (): Known => ({ next: new WeakMap(), defaults: new Map() });
const known = nothingKnown();

/** The same for the same manifests, however often they are joined to an index. */
function knownOf(givers: readonly object[]): Known {
  let at = known;
  for (const giver of givers) {
    const next = at.next.get(giver) ?? nothingKnown();
    at.next.set(giver, next);
    at = next;
  }
  return at;
}

function combined(
  kind: string,
  policies: readonly PolicyResource[],
  project: ProjectResource | undefined,
): Defaults {
  const fields = PARTS.flatMap((part): readonly FilledField[] => {
    const path = fieldOf(kind, part);
    if (path === undefined) return [];
    // The project's default duration is about certificates: a key that is enrolled or stored is changed far less often.
    const ofProject = part[0] === 'duration' && kind !== 'Certificate' ? [] : given(project, part);
    const all = policies.flatMap((policy) => given(policy, part));
    const isExtended = ({ by }: Given): boolean =>
      all.some(({ by: other }) => other.kind === 'Policy' && extendsTo(other, by.name, policies));
    const most = all.filter((each) => !isExtended(each));
    const values = new Set(most.map(({ value }) => canonicalJson(value)));
    const isConflict = values.size > 1;
    const one = isConflict ? undefined : most[0];
    const chosen = one ?? ofProject[0];
    if (chosen === undefined && !isConflict) return [];
    const rest = [...all, ...ofProject].filter(
      (each) => each !== chosen && !(isConflict && most.includes(each)),
    );
    return [{ path, given: chosen, gaveWay: rest, conflict: isConflict ? most : [] }];
  });
  return { values: valuesOf(fields), fields };
}

function given(by: PolicyResource | ProjectResource | undefined, part: ManifestPath): readonly Given[] {
  const at = ['spec', 'defaults', ...part];
  const value = by && valueAt({ spec: by.spec as unknown as JsonObject }, at);
  return by === undefined || value === undefined ? [] : [{ by, at, value }];
}

/** The field of a kind that such a part is for; undefined: it has none. */
function fieldOf(kind: string, part: ManifestPath): ManifestPath | undefined {
  const path = part[0] === 'keyAlgorithm' ? keyAlgorithmPath(kind) : ['spec', ...part];
  const root = schemaOf(kind);
  return root === undefined || schemaAt(root, path) === undefined ? undefined : path;
}

/** `policy shop`, `the project`. */
export function giverOf({ by }: Pick<Given, 'by'>): string {
  return by.kind === 'Policy' ? `policy ${by.name}` : 'the project';
}

/** Where a manifest says which algorithm its key has. */
export function keyAlgorithmPath(kind: string): ManifestPath {
  return kind === 'Key' ? ['spec', 'algorithm'] : ['spec', 'key', 'algorithm'];
}

function valuesOf(fields: readonly FilledField[]): DefaultValues {
  let values: JsonObject = {};
  for (const { given: chosen } of fields) {
    if (chosen === undefined) continue;
    values = put(values, chosen.at.slice(2), chosen.value);
  }
  // Each comes out of a usable manifest, by the schema that the type is made from.
  return values as DefaultValues;
}

/** The specification with everything filled in where it says nothing: what limits on fields judge. */
export function filledSpec(spec: JsonObject, { fields }: Defaults): JsonObject {
  let filled = spec;
  for (const { path, given: chosen } of fields) {
    const [, ...below] = path;
    if (chosen !== undefined && valueAt(filled, below) === undefined)
      filled = put(filled, below, chosen.value);
  }
  return filled;
}

function put(map: JsonObject, [first, ...more]: ManifestPath, value: JsonValue): JsonObject {
  const key = String(first);
  const before = Object.hasOwn(map, key) ? map[key] : undefined;
  if (more.length === 0) return { ...map, [key]: value };
  // What is no map is a mistake of its own.
  if (before !== undefined && !isObject(before)) return map;
  return { ...map, [key]: put(before ?? {}, more, value) };
}
