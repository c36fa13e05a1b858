/**
 * What breaks when something else does. Of identities it is told from their rows in the inventory, which are at hand, so that
 * a hundred thousand manifests need not be read again; of the few others from their manifests.
 */
import { CERT_MANAGER_CERTIFICATE, CERT_MANAGER_GROUP } from '../identity/certManager.ts';
import { formatIdentity, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { InventoryRow } from '../inventory/inventoryRow.ts';
import type { Resource } from '../manifest/resource.ts';
import { relationsOf, type Tie } from './relations.ts';

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
  /** What it needs, by id, and in which way: at least one of what breaks. */
  readonly needs: ReadonlyMap<string, ReadonlySet<Tie>>;
}

/** Of more machines the owners are not looked up: each would have to be read again. */
const MOST_OWNED_MACHINES = 500;

/** All that breaks with it, nearest first. A thing stands here once, with each tie that leads to it. */
export function dependentsOf(
  subject: Pick<Resource, 'key' | 'kind' | 'namespace' | 'name'>,
  rows: readonly InventoryRow[],
  index: ProjectIndex,
): readonly Dependent[] {
  const needs = new Map<string, Map<string, Set<Tie>>>();
  const bind = (id: string, from: string, tie: Tie): void => {
    if (id === subject.key) return;
    const known = needs.get(id) ?? new Map<string, Set<Tie>>();
    needs.set(id, known);
    const ties = known.get(from);
    if (ties === undefined) known.set(from, new Set([tie]));
    else ties.add(tie);
  };
  const relations = relationsOf(index);
  const broken = new Set([subject.key]);
  /** What breaks by a relation, and with that again. A set is walked to its end, also to what was added meanwhile. */
  const follow = (): void => {
    for (const cause of broken) {
      for (const { from, to, tie } of relations) {
        if (to !== cause || from === subject.key) continue;
        bind(from, cause, tie);
        broken.add(from);
      }
    }
  };
  follow();

  const owners = new Map<string, string | null>();
  const tiesOf = tiesBy(subject, broken, rows, index);
  for (const row of rows) {
    for (const [cause, tie] of tiesOf(row)) {
      const key = formatIdentity(row);
      bind(key, cause, tie);
      broken.add(key);
    }
  }
  // Agents that break take those with them that they attest.
  follow();
  // Machines and consumers are where it ends: what else a machine bears does not break with one of its identities.
  const machineAt = machineFinder(index);
  for (const row of rows) {
    const key = row.login === undefined ? formatIdentity(row) : '';
    if (!broken.has(key)) continue;
    owners.set(key, row.owner);
    for (const name of row.consumers) bind(`consumer/${name}`, key, 'consumed');
    // Other machines have shares of their own, which one machine's end leaves alone; unless all have one key.
    const isShared = row.machine === null;
    if (subject.kind === 'Machine' && !isShared) continue;
    for (const name of row.machines) {
      const machine = machineAt(name, row.namespace);
      if (machine !== undefined) bind(machine, key, subject.kind === 'Machine' ? 'sharesKey' : 'borne');
    }
  }
  for (const cause of broken)
    for (const name of consumersOfBundle(cause, index)) bind(`consumer/${name}`, cause, 'consumed');

  const machines = [...needs.keys()].filter((id) => id.startsWith('Machine/')).length;
  const ownerOf = (id: string): string | null => {
    const known = owners.get(id);
    if (known !== undefined || id.startsWith('consumer/')) return known ?? null;
    return id.startsWith('Machine/') && machines > MOST_OWNED_MACHINES ? null : teamOf(id, index);
  };
  return [...needs]
    .map(([id, own]): Dependent => ({ id, ...named(id), owner: ownerOf(id), needs: own }))
    .sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer));
}

type TiesOf = (row: InventoryRow) => readonly (readonly [cause: string, tie: Tie])[];

const NONE: ReturnType<TiesOf> = [];

/** In which ways an identity needs what is broken already. */
function tiesBy(
  subject: Pick<Resource, 'key' | 'kind' | 'namespace' | 'name'>,
  broken: ReadonlySet<string>,
  rows: readonly InventoryRow[],
  index: ProjectIndex,
): TiesOf {
  // A key that is lost is lost for all who have it; one whose issuer fails is not.
  const keys = isIdentityKind(subject.kind)
    ? new Set(rows.flatMap((row) => (formatIdentity(row) === subject.key ? (row.spkiSha256 ?? []) : [])))
    : new Set<string>();
  const isBorne = ({ machines, namespace }: InventoryRow): boolean =>
    subject.kind === 'Machine' &&
    machines.some(
      (name) =>
        (name === subject.name || name === `${subject.namespace}/${subject.name}`) &&
        index.find('Machine', name, namespace)?.key === subject.key,
    );
  const isBroken = (backend: string): boolean => broken.has(`Backend/${backend}`);
  return (row) => {
    if (row.login !== undefined) return NONE;
    const ties: (readonly [string, Tie])[] = [];
    if (row.managedBy !== undefined) {
      const issuer = observedIssuer(row, index);
      if (issuer !== undefined && broken.has(issuer)) ties.push([issuer, 'issued']);
      return ties;
    }
    if (row.keyStore !== null && isBroken(row.keyStore)) ties.push([`Backend/${row.keyStore}`, 'keyKept']);
    if (row.kind !== 'Key' && row.backend !== null && isBroken(row.backend))
      ties.push([`Backend/${row.backend}`, 'issued']);
    for (const target of row.targets) if (isBroken(target)) ties.push([`Backend/${target}`, 'delivered']);
    if (isBorne(row)) ties.push([subject.key, 'borne']);
    if (row.spkiSha256 !== null && keys.has(row.spkiSha256)) ties.push([subject.key, 'sharesKey']);
    return ties;
  };
}

/** cert-manager looks for an issuer in the certificate's namespace, and for a cluster's in none. */
function observedIssuer({ backend, namespace }: InventoryRow, index: ProjectIndex): string | undefined {
  const [kind = '', name = ''] = backend?.split('/') ?? [];
  const issuer = { kind: `${kind}.${CERT_MANAGER_GROUP}`, name };
  return (index.get({ ...issuer, namespace }) ?? index.get({ ...issuer, namespace: '' }))?.key;
}

/** The same names come again and again. */
function machineFinder(index: ProjectIndex): (name: string, namespace: string) => string | undefined {
  const known = new Map<string, Map<string, string | undefined>>();
  return (name, namespace) => {
    const names = known.get(namespace) ?? new Map<string, string | undefined>();
    known.set(namespace, names);
    if (!names.has(name)) names.set(name, index.find('Machine', name, namespace)?.key);
    return names.get(name);
  };
}

function consumersOfBundle(key: string, index: ProjectIndex): readonly string[] {
  if (!key.startsWith('TrustBundle/')) return [];
  const bundle = resourceAt(index, key);
  const consumers = bundle?.usable === true ? bundle.spec['consumers'] : undefined;
  return Array.isArray(consumers) ? consumers.filter((name): name is string => typeof name === 'string') : [];
}

function named(id: string): Pick<Dependent, 'layer' | 'kind' | 'namespace' | 'name'> {
  const [kind = '', ...rest] = id.split('/');
  if (kind === 'consumer') return { layer: 'consumers', kind: null, namespace: '', name: rest.join('/') };
  const name = rest.pop() ?? '';
  return { layer: layerOf(kind), kind, namespace: rest.join('/'), name };
}

function layerOf(kind: string): Layer {
  if (kind === 'Machine') return 'machines';
  if (kind === 'TrustBundle') return 'bundles';
  return isIdentityKind(kind) || kind === CERT_MANAGER_CERTIFICATE ? 'identities' : 'backends';
}

function teamOf(id: string, index: ProjectIndex): string | null {
  const resource = resourceAt(index, id);
  const owner: unknown = resource?.usable === true ? resource.spec['owner'] : undefined;
  if (typeof owner !== 'object' || owner === null || !('team' in owner)) return null;
  return typeof owner.team === 'string' ? owner.team : null;
}

function resourceAt(index: ProjectIndex, key: string): Resource | undefined {
  return index.get({ kind: '', namespace: '', name: '', key });
}

/** What can be chosen: all that something else may need. */
export function isBreakable({ kind }: Pick<Resource, 'kind'>): boolean {
  return kind !== 'Policy' && kind !== 'Playbook' && kind !== 'Project';
}

export function breakableAt(
  index: ProjectIndex,
  id: { readonly kind: string; readonly namespace: string; readonly name: string },
): Resource | undefined {
  const found = resourceAt(index, formatIdentity(id));
  return found !== undefined && isBreakable(found) ? found : undefined;
}
