import type { Finding } from '../finding.ts';
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import { isObject, type JsonObject } from '../manifest/path.ts';
import type { CertificateResource, IdentityResource, Resource } from '../manifest/resource.ts';

/** Kinds that most manifests name or inherit from. */
const SHARED_KINDS: readonly string[] = ['Backend', 'Machine', 'Project'];

/** What rules said of one document. */
interface Said {
  readonly document: ManifestDocument;
  /** What it names besides, such as a parent; undefined where it leads nowhere. */
  readonly named: readonly (Resource | undefined)[];
  readonly findings: readonly Finding[];
}

interface KeptFile {
  readonly file: ManifestFile;
  /** Of each of its documents. */
  readonly said: readonly Said[];
  /** Some of its documents name other kinds. */
  readonly namesOthers: boolean;
  readonly findings: readonly Finding[];
}

/** What rules said of single documents, for as long as these live. */
export interface KeptFindings {
  paths: readonly string[];
  /** In the order of `paths`. */
  files: readonly (KeptFile | undefined)[];
  shared: readonly (readonly object[])[];
  /** By what a document holds (its value is made once for each text), so that one that only moved is found, too. */
  byContent: WeakMap<JsonObject, Said>;
}

export function keepFindings(): KeptFindings {
  return { paths: [], files: [], shared: [], byContent: new WeakMap() };
}

type Say = (alone: ProjectIndex, document: ManifestDocument, path: string) => readonly Finding[];

/** Asks `say` about each document for which something that counts changed; the others' findings are as they were. */
export function findingsPerResource(index: ProjectIndex, kept: KeptFindings, say: Say): readonly Finding[] {
  const shared = SHARED_KINDS.map((kind) => index.ofKind(kind));
  if (!shared.every((items, place) => sameItems(items, kept.shared[place] ?? []))) {
    kept.files = [];
    kept.byContent = new WeakMap();
  }
  kept.shared = shared;
  if (kept.paths !== index.paths) {
    const byPath = new Map(kept.paths.map((path, place) => [path, kept.files[place]]));
    kept.files = index.paths.map((path) => byPath.get(path));
    kept.paths = index.paths;
  }
  const all: Finding[] = [];
  kept.files = index.fileList.map((file, place) => {
    const before = kept.files[place];
    const isSame = before?.file === file && !before.namesOthers;
    const now = isSame ? before : readFile(index, file, before, kept, say);
    if (now.findings.length > 0) all.push(...now.findings);
    return now;
  });
  return all;
}

function readFile(
  index: ProjectIndex,
  file: ManifestFile,
  before: KeptFile | undefined,
  { byContent }: KeptFindings,
  say: Say,
): KeptFile {
  const { documents } = file;
  const known = before?.file.documents ?? [];
  const said = before?.said ?? [];
  let head = 0;
  while (head < documents.length && documents[head] === known[head]) head += 1;
  let tail = 0;
  const most = Math.min(documents.length, known.length) - head;
  while (tail < most && documents[documents.length - 1 - tail] === known[known.length - 1 - tail]) tail += 1;
  const came = documents.slice(head, documents.length - tail).map(read);
  const gone = said.slice(head, said.length - tail);
  const stayed = (part: readonly Said[]): readonly Said[] =>
    before?.namesOthers ? part.map(readAgain) : part;
  const all = stayed(said.slice(0, head)).concat(came, stayed(said.slice(said.length - tail)));
  const namesOthers = all.length > 0 && (before?.namesOthers || came.some(({ named }) => named.length > 0));
  const isSilent = [...gone, ...came].every(({ findings }) => findings.length === 0);
  const isAsBefore = before !== undefined && isSilent && !namesOthers;
  return {
    file,
    said: all,
    namesOthers,
    findings: isAsBefore ? before.findings : all.flatMap(({ findings }) => findings),
  };

  function read(document: ManifestDocument): Said {
    const { value } = document;
    if (!document.ours || !isObject(value)) return { document, named: NOTHING, findings: [] };
    const named = namedBesides(index, document);
    const moved = byContent.get(value);
    // Where nothing was wrong, nothing is wrong at another line either; a finding has a place.
    const isSilent = moved?.findings.length === 0 && moved.document.resource?.file === file.path;
    if (isSilent && sameItems(named, moved.named) && !named.includes(undefined))
      return { document, named, findings: [] };
    const now = { document, named, findings: say(only(index, document), document, file.path) };
    byContent.set(value, now);
    return now;
  }

  function readAgain(was: Said): Said {
    if (was.named.length === 0) return was;
    // What leads nowhere may be near to any other name.
    const isSame = !was.named.includes(undefined) && sameItems(namedBesides(index, was.document), was.named);
    return isSame ? was : read(was.document);
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, place) => item === b[place]));
}

const NOTHING: readonly undefined[] = [];

function namedBesides(
  index: ProjectIndex,
  { resource }: ManifestDocument,
): readonly (Resource | undefined)[] {
  if (resource === undefined || resource.names.every(({ kind }) => SHARED_KINDS.includes(kind)))
    return NOTHING;
  return index
    .referencesFrom(resource)
    .filter(({ kind }) => !SHARED_KINDS.includes(kind))
    .map(({ target }) => target);
}

function only(index: ProjectIndex, { resource }: ManifestDocument): ProjectIndex {
  const resources: readonly Resource[] = resource === undefined ? [] : [resource];
  // The kind decides which specification it has.
  const alone = resources as readonly unknown[];
  const identities = resource !== undefined && isIdentityKind(resource.kind) ? alone : [];
  const certificates = resource?.kind === 'Certificate' ? alone : [];
  return {
    ...index,
    resources,
    identities: () => identities as readonly IdentityResource[],
    certificates: () => certificates as readonly CertificateResource[],
  };
}
