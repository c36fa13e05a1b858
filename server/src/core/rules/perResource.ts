import type { Finding } from '../finding.ts';
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import { isObject } from '../manifest/path.ts';
import type { CertificateResource, IdentityResource } from '../manifest/resource.ts';
import { policiesWithDefaults } from '../policy/defaults.ts';
import { findingsPerFile, type KeptFiles, type SaidOfFile, sameItems } from './keptFiles.ts';

/** Kinds that most manifests name or inherit from. */
export const SHARED_KINDS: ReadonlySet<string> = new Set(['Backend', 'Machine', 'Project']);

interface KeptFile extends SaidOfFile {
  /** Of each of its documents. */
  readonly said: readonly (readonly Finding[])[];
}

/** What rules said of single documents, for as long as these live. */
export interface KeptFindings extends KeptFiles<KeptFile> {
  shared: readonly (readonly object[])[];
}

const NOTHING: readonly Finding[] = [];

export function keepFindings(): KeptFindings {
  return { paths: [], files: [], shared: [], ahead: new Map() };
}

type Say = (alone: ProjectIndex, document: ManifestDocument, path: string) => readonly Finding[];

/** Asks `say` about each document for which something that counts changed; the others' findings are as they were. */
export function findingsPerResource(index: ProjectIndex, kept: KeptFindings, say: Say): readonly Finding[] {
  const shared = sharedOf(index);
  if (!shared.every((items, place) => sameItems(items, kept.shared[place] ?? []))) {
    kept.files = [];
    kept.ahead.clear();
  }
  kept.shared = shared;
  return findingsPerFile(index, kept, (file, before) => readFile(index, file, before, say));
}

/**
 * Asks `say` about one file while others are not read yet, since it is at hand now. `index` has all resources of the shared
 * kinds; if it turns out that there are others, all is asked again.
 */
export function findingsAhead(index: ProjectIndex, file: ManifestFile, kept: KeptFindings, say: Say): void {
  if (kept.ahead.size === 0) kept.shared = sharedOf(index);
  kept.ahead.set(file.path, readFile(index, file, undefined, say));
}

function sharedOf(index: ProjectIndex): readonly (readonly object[])[] {
  return [...[...SHARED_KINDS].map((kind) => index.ofKind(kind)), policiesWithDefaults(index.policies())];
}

function readFile(index: ProjectIndex, file: ManifestFile, before: KeptFile | undefined, say: Say): KeptFile {
  const { documents } = file;
  const known = before?.file.documents ?? [];
  const said = before?.said ?? [];
  let head = 0;
  while (head < documents.length && documents[head] === known[head]) head += 1;
  let tail = 0;
  const most = Math.min(documents.length, known.length) - head;
  while (tail < most && documents[documents.length - 1 - tail] === known[known.length - 1 - tail]) tail += 1;
  const gone = said.slice(head, said.length - tail);
  // Where nothing was wrong, nothing is wrong at another line either; a finding has a place.
  const right = new Set(
    known
      .slice(head, known.length - tail)
      .filter((_, place) => gone[place]?.length === 0)
      .map(({ content }) => content),
  );
  const now = documents.slice(head, documents.length - tail).map((document) => {
    if (!document.ours || right.has(document.content) || !isObject(document.value)) return NOTHING;
    const found = say(only(index, document), document, file.path);
    return found.length === 0 ? NOTHING : found;
  });
  const all = said.slice(0, head).concat(now, said.slice(said.length - tail));
  const isAsBefore = before !== undefined && [...gone, ...now].every(({ length }) => length === 0);
  return { file, said: all, findings: isAsBefore ? before.findings : all.flat() };
}

function only(index: ProjectIndex, { resource }: ManifestDocument): ProjectIndex {
  const resources = resource === undefined ? [] : [resource];
  const kind = resource?.kind ?? '';
  const identities = (isIdentityKind(kind) ? resources : []) as readonly unknown[];
  const certificates = (kind === 'Certificate' ? resources : []) as readonly unknown[];
  return {
    ...index,
    resources,
    identities: () => identities as readonly IdentityResource[],
    certificates: () => certificates as readonly CertificateResource[],
  };
}
