import type { Finding } from '../finding.ts';
import { type IdentityId, isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { CertificateResource, IdentityResource, Resource } from '../manifest/resource.ts';

/** Kinds that most manifests name or inherit from. */
export const SHARED_KINDS: ReadonlySet<string> = new Set(['Backend', 'Machine', 'Project']);

interface Kept {
  readonly resource: Resource;
  readonly shared: readonly Resource[];
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
    if (before !== undefined && before.shared === kept.shared && stillHolds(before, resource)) {
      if (before.findings.length > 0) all.push(...before.findings);
      continue;
    }
    const findings = say(only(index, resource));
    kept.byContent.set(resource.id, { resource, shared: kept.shared, findings });
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
