import type { Finding } from '../finding.ts';
import { type IdentityId, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { CertificateResource, IdentityResource, Resource } from '../manifest/resource.ts';

/** Kinds that most manifests name or inherit from. */
const SHARED_KINDS: ReadonlySet<string> = new Set(['Backend', 'Machine', 'Project']);

interface Kept {
  readonly resource: Resource;
  readonly shared: readonly Resource[];
  /** Content of what it names besides, such as a parent; undefined where it leads nowhere. */
  readonly named: readonly (IdentityId | undefined)[];
  readonly findings: readonly Finding[];
}

/** What rules said of single resources, for as long as the documents live that they were said of. */
export interface KeptFindings {
  /** By what a document holds (its `id` is made once for each text), so that a document that only moved is found, too. */
  readonly byContent: WeakMap<IdentityId, Kept>;
  shared: readonly Resource[];
}

export function keepFindings(): KeptFindings {
  return { byContent: new WeakMap(), shared: [] };
}

/** Asks `say` about each resource for which something that counts changed; the others' findings are as they were. */
export function findingsPerResource(
  index: ProjectIndex,
  kept: KeptFindings,
  say: (alone: ProjectIndex) => readonly Finding[],
): readonly Finding[] {
  const shared = index.resources.filter(({ kind }) => SHARED_KINDS.has(kind));
  if (!sameItems(shared, kept.shared)) kept.shared = shared;
  const all: Finding[] = [];
  for (const resource of index.resources) {
    const before = kept.byContent.get(resource.id);
    const named = namedBesides(index, resource);
    const rests = before !== undefined && before.shared === kept.shared && sameNamed(before.named, named);
    if (rests && stillHolds(before, resource)) {
      if (before.findings.length > 0) all.push(...before.findings);
      continue;
    }
    const findings = say(only(index, resource));
    kept.byContent.set(resource.id, { resource, shared: kept.shared, named, findings });
    all.push(...findings);
  }
  return all;
}

/** Where nothing was wrong, nothing is wrong at another line either; a finding has a place. */
function stillHolds({ resource, findings }: Kept, now: Resource): boolean {
  return resource === now || (findings.length === 0 && resource.file === now.file);
}

function sameItems(a: readonly Resource[], b: readonly Resource[]): boolean {
  return a.length === b.length && a.every((item, place) => item === b[place]);
}

const NOTHING: readonly undefined[] = [];

function namedBesides(index: ProjectIndex, resource: Resource): readonly (IdentityId | undefined)[] {
  if (resource.names.every(({ kind }) => SHARED_KINDS.has(kind))) return NOTHING;
  return index
    .referencesFrom(resource)
    .filter(({ kind }) => !SHARED_KINDS.has(kind))
    .map(({ target }) => target?.id);
}

/** What leads nowhere may be near to any other name, so it is looked at again. */
function sameNamed(
  before: readonly (IdentityId | undefined)[],
  now: readonly (IdentityId | undefined)[],
): boolean {
  return before.length === now.length && before.every((id, at) => id !== undefined && id === now[at]);
}

function only(index: ProjectIndex, resource: Resource): ProjectIndex {
  const identities = isIdentityKind(resource.kind) ? [resource as unknown as IdentityResource] : [];
  const certificates = resource.kind === 'Certificate' ? [resource as unknown as CertificateResource] : [];
  return {
    ...index,
    resources: [resource],
    identities: () => identities,
    certificates: () => certificates,
  };
}
