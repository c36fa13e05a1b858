/** To which identities of a project a credential belongs: by its fingerprint, by its key, by where its file lies. */
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import type { Location } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { isObject, type JsonValue } from '../../core/manifest/path.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import type { InventoryRow } from '../api.ts';

export interface Belonging {
  /** `Certificate/payments/api`. */
  readonly identity: string;
  readonly machine: string | null;
  /** What connects the two, as a sentence. */
  readonly how: string;
  /** Exactly this credential is the one in use. */
  readonly current: boolean;
  /** `expires in 12 days`. */
  readonly status: string;
  readonly state: string;
  readonly declaredAt: Location | null;
}

/** Copies of one wildcard certificate may be declared many times. */
const MOST = 20;

/** By the place of the item in `items`. One pass over the rows, however many there are. */
export function belongings(
  items: readonly CredentialItem[],
  rows: readonly InventoryRow[],
): ReadonlyMap<number, readonly Belonging[]> {
  const byFingerprint = placesBy(items, ({ fingerprintSha256 }) => fingerprintSha256);
  const byKey = placesBy(items, ({ spkiSha256 }) => spkiSha256);
  const found = new Map<number, Belonging[]>();
  const add = (place: number, row: InventoryRow, how: string, current: boolean): void => {
    const others = found.get(place) ?? [];
    if (others.length < MOST) others.push(belonging(row, how, current));
    found.set(place, others);
  };
  for (const row of rows) {
    const same = row.fingerprintSha256 === null ? [] : (byFingerprint.get(row.fingerprintSha256) ?? []);
    for (const place of same) add(place, row, 'This is the one in use.', true);
    const sameKey = row.spkiSha256 === null ? [] : (byKey.get(row.spkiSha256) ?? []);
    for (const place of sameKey) {
      const item = items[place];
      if (item !== undefined && !same.includes(place)) add(place, row, ...keyWords(item, row));
    }
  }
  return found;
}

/** The sentence, and whether it is the one in use. */
function keyWords(item: CredentialItem, row: InventoryRow): readonly [string, boolean] {
  switch (item.type) {
    case 'private-key':
      return ['This is its private key.', true];
    case 'public-key':
      return ['This is its public key.', true];
    case 'certificate-request':
      return ['This request has its key.', false];
    case 'ssh-certificate':
      // An SSH certificate is told by its serial number: its fingerprint is that of the key.
      if (item.serialNumber === row.serialNumber) return ['This is the one in use.', true];
      return ['This one has the same key, and is not the one in use.', false];
    default:
      return ['This one has the same key, and is not the one in use.', false];
  }
}

function placesBy(
  items: readonly CredentialItem[],
  of: (item: CredentialItem) => string | null,
): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, item] of items.entries()) {
    const value = of(item);
    if (value === null) continue;
    const others = places.get(value);
    if (others === undefined) places.set(value, [place]);
    else others.push(place);
  }
  return places;
}

/**
 * Identities that are delivered to this file of the project, as their manifests say. `held`: those whose credential in use is
 * in it; undefined: that cannot be told.
 */
export function deliveredTo(
  file: string,
  index: ProjectIndex,
  rows: readonly InventoryRow[],
  held: readonly Belonging[] | undefined,
): readonly Belonging[] {
  const targets = index.identities().filter((resource) => isTarget(file, resource));
  if (targets.length === 0) return [];
  const names = new Map(targets.slice(0, MOST).map((resource) => [resource.key, resource]));
  return rows
    .filter((row) => {
      const resource = names.get(formatIdentity(row));
      return resource !== undefined && pathsOf(resource, row.machine).includes(file);
    })
    .map((row) => belonging(row, ...deliveryWords(row, held)));
}

function deliveryWords(
  row: InventoryRow,
  held: readonly Belonging[] | undefined,
): readonly [how: string, current: boolean] {
  if (row.fingerprintSha256 === null)
    return ['It is to be delivered to this file, and was not issued yet.', false];
  if (held === undefined) return ['It is delivered to this file.', false];
  const here = held.some(
    ({ identity, machine, current }) =>
      current && identity === formatIdentity(row) && machine === row.machine,
  );
  return here
    ? ['It is delivered to this file, and the one in use is in it.', true]
    : ['It is delivered to this file, but the one in use is not in it.', false];
}

function isTarget(file: string, resource: IdentityResource): boolean {
  return (
    pathTemplates(resource).some((template) => template === file || template.includes('{machine}')) &&
    pathsOf(resource, null).includes(file)
  );
}

/** `machine` null: of all. */
function pathsOf(resource: IdentityResource, machine: string | null): readonly string[] {
  const listed = specField(resource, 'machines');
  const machines = machine !== null ? [machine] : Array.isArray(listed) ? listed.map(String) : [];
  return pathTemplates(resource).flatMap((template) =>
    template.includes('{machine}')
      ? machines.map((each) => template.replaceAll('{machine}', each.split('/').at(-1) ?? each))
      : [template],
  );
}

/** A delivery may also go to a secret store, whose paths are no files. */
function pathTemplates(resource: IdentityResource): readonly string[] {
  const deliveries = specField(resource, 'deliverTo');
  if (!Array.isArray(deliveries)) return [];
  return deliveries.flatMap((each) => {
    if (!isObject(each)) return [];
    const { path, as } = each;
    return typeof path === 'string' && (as === undefined || as === 'file') ? [path] : [];
  });
}

/** As written: the manifest may be half-typed. */
function specField({ spec }: IdentityResource, name: string): JsonValue | undefined {
  return isObject(spec) ? spec[name] : undefined;
}

function belonging(row: InventoryRow, how: string, current: boolean): Belonging {
  const { machine, status, state, declaredAt } = row;
  return { identity: formatIdentity(row), machine, how, current, status, state, declaredAt };
}
