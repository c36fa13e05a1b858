/**
 * What breaks when something else does: read from what manifests say of each other. An identity needs the backend that
 * issues it, the store that keeps its key and the places it is delivered to; a machine needs the identities it bears; a
 * consumer needs what names it.
 */
import { CERT_MANAGER_CERTIFICATE } from '../identity/certManager.ts';
import { formatIdentity, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex, Reference } from '../identity/projectIndex.ts';
import type { Resource } from '../manifest/resource.ts';

/** Why one breaks with the other. */
export type Tie =
  | 'issued'
  | 'keyKept'
  | 'delivered'
  | 'anchored'
  | 'included'
  | 'attested'
  | 'sharesKey'
  | 'borne'
  | 'consumed';

/** From what is nearest to the cause to who notices. */
export const LAYERS = ['backends', 'bundles', 'identities', 'machines', 'consumers'] as const;
export type Layer = (typeof LAYERS)[number];

export interface Dependent {
  /** `formatIdentity` of a manifest; `consumer/NAME` of a name that no manifest need declare. */
  readonly id: string;
  readonly layer: Layer;
  readonly kind: string | null;
  readonly namespace: string;
  readonly name: string;
  readonly owner: string | null;
  /** Its manifest; undefined for a consumer. */
  readonly resource: Resource | undefined;
  /** What it needs, by id, and in which way: at least one of what breaks. */
  readonly needs: ReadonlyMap<string, ReadonlySet<Tie>>;
}

export interface DependentsInput {
  readonly index: ProjectIndex;
  /** Identities that have the same key as this one, by the records. */
  readonly sameKey: (key: string) => readonly string[];
}

/** All that breaks with it, nearest first. A thing stands here once, with each tie that leads to it. */
export function dependentsOf(subject: Resource, input: DependentsInput): readonly Dependent[] {
  const { index } = input;
  const found = new Map<string, Dependent & { readonly needs: Map<string, Set<Tie>> }>();
  const tie = (to: string, of: Tie, from: string, make: () => Omit<Dependent, 'needs' | 'id'>): boolean => {
    const before = found.get(to);
    const dependent = before ?? { id: to, ...make(), needs: new Map() };
    if (before === undefined) found.set(to, dependent);
    const ties = dependent.needs.get(from);
    if (ties === undefined) dependent.needs.set(from, new Set([of]));
    else ties.add(of);
    return before === undefined;
  };

  // What breaks with it by a reference, and with that again. Machines and consumers are where it ends: what else a machine
  // bears does not break with one of its identities.
  const broken: Resource[] = [subject];
  for (let place = 0; place < broken.length; place += 1) {
    const cause = broken[place];
    if (cause === undefined) break;
    for (const [resource, of] of nextOf(cause, subject, input)) {
      if (resource.key === subject.key) continue;
      if (tie(resource.key, of, cause.key, () => dependentOf(resource, index))) broken.push(resource);
    }
  }
  for (const cause of broken) {
    for (const [machine, of] of machinesOf(cause, subject, index)) {
      if (machine.key !== subject.key) tie(machine.key, of, cause.key, () => dependentOf(machine, index));
    }
    for (const name of consumersOf(cause)) {
      tie(`consumer/${name}`, 'consumed', cause.key, () => ({
        layer: 'consumers',
        kind: null,
        namespace: '',
        name,
        owner: null,
        resource: undefined,
      }));
    }
  }
  return [...found.values()].sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer));
}

function nextOf(
  cause: Resource,
  subject: Resource,
  { index, sameKey }: DependentsInput,
): readonly (readonly [Resource, Tie])[] {
  const referring = index.referencesTo(cause).flatMap((reference): readonly (readonly [Resource, Tie])[] => {
    const of = tieOf(reference);
    return of === undefined ? [] : [[reference.from, of]];
  });
  // A key that is lost is lost for all who have it; one whose issuer fails is not.
  if (cause !== subject || !isIdentityKind(cause.kind)) return referring;
  const sharing = sameKey(cause.key).flatMap((key): readonly (readonly [Resource, Tie])[] => {
    const resource = key === cause.key ? undefined : index.get({ kind: '', namespace: '', name: '', key });
    return resource === undefined ? [] : [[resource, 'sharesKey']];
  });
  return [...referring, ...sharing];
}

/** Undefined: who names it does not break with it, as a playbook that is written for that day. */
function tieOf({ from, path }: Reference): Tie | undefined {
  const [, field, second] = path;
  switch (from.kind) {
    case 'Policy':
    case 'Playbook':
    case 'Project':
      return undefined;
    case 'TrustBundle':
      if (field === 'anchors') return 'anchored';
      return field === 'include' ? 'included' : 'delivered';
    case 'Backend':
      return 'keyKept';
    default:
      break;
  }
  switch (field) {
    case 'issuer':
    case 'registry':
    case 'issuerRef':
      return 'issued';
    case 'store':
      return 'keyKept';
    case 'key':
      return second === 'store' ? 'keyKept' : undefined;
    case 'deliverTo':
      return 'delivered';
    case 'parent':
      return 'attested';
    case 'machines':
      return 'borne';
    default:
      return undefined;
  }
}

/** Other machines have shares of their own, which one machine's end leaves alone; unless all have one key. */
function machinesOf(
  cause: Resource,
  subject: Resource,
  index: ProjectIndex,
): readonly (readonly [Resource, Tie])[] {
  if (!isIdentityKind(cause.kind)) return [];
  const isShared = cause.usable && cause.spec['keyPer'] === 'identity';
  if (subject.kind === 'Machine' && !isShared) return [];
  return index
    .referencesFrom(cause)
    .flatMap(({ kind, target }): readonly (readonly [Resource, Tie])[] =>
      kind === 'Machine' && target !== undefined
        ? [[target, subject.kind === 'Machine' ? 'sharesKey' : 'borne']]
        : [],
    );
}

function consumersOf({ usable, spec }: Resource): readonly string[] {
  const consumers = usable ? spec['consumers'] : undefined;
  return Array.isArray(consumers) ? consumers.filter((name): name is string => typeof name === 'string') : [];
}

function dependentOf(resource: Resource, index: ProjectIndex): Omit<Dependent, 'needs' | 'id'> {
  const { kind, namespace, name } = resource;
  return { layer: layerOf(kind), kind, namespace, name, owner: ownerOf(resource, index), resource };
}

function layerOf(kind: string): Layer {
  if (kind === 'Machine') return 'machines';
  if (kind === 'TrustBundle') return 'bundles';
  return isIdentityKind(kind) || kind === CERT_MANAGER_CERTIFICATE ? 'identities' : 'backends';
}

/** Of an identity the project's default, too, as everywhere. */
function ownerOf(resource: Resource, index: ProjectIndex): string | null {
  const own = resource.usable ? teamIn(resource.spec['owner']) : null;
  if (own !== null || !isIdentityKind(resource.kind)) return own;
  const project = index.project();
  return project?.usable === true ? (project.spec.defaults?.owner?.team ?? null) : null;
}

function teamIn(owner: unknown): string | null {
  if (typeof owner !== 'object' || owner === null || !('team' in owner)) return null;
  return typeof owner.team === 'string' ? owner.team : null;
}

/** What can be chosen: all that something else may need. */
export function isBreakable({ kind }: Pick<Resource, 'kind'>): boolean {
  return kind !== 'Policy' && kind !== 'Playbook' && kind !== 'Project';
}

export function breakableAt(
  index: ProjectIndex,
  { kind, namespace, name }: { readonly kind: string; readonly namespace: string; readonly name: string },
): Resource | undefined {
  const found = index.get({ kind, namespace, name, key: formatIdentity({ kind, namespace, name }) });
  return found !== undefined && isBreakable(found) ? found : undefined;
}
