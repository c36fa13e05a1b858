import type { ManifestFile } from '../manifest/manifestFile.ts';
import type { Resource } from '../manifest/resource.ts';
import { isIdentityKind } from './identityId.ts';

/** Which resources there are, and under which name each is found. Never changed: the next one shares what stayed. */
export interface ProjectNames {
  /** Of the files, sorted. */
  readonly paths: readonly string[];
  readonly fileList: readonly ManifestFile[];
  readonly resources: readonly Resource[];
  /** Those of the kinds that declare a credential. */
  readonly identities: readonly Resource[];
  /** Those whose key an earlier one has. */
  readonly repeated: readonly Resource[];
  readonly byKind: ReadonlyMap<string, readonly Resource[]>;
  /** By key, as they were when all names were read: the same as long as no resource came, went or got another name. */
  readonly first: ReadonlyMap<string, Resource>;
  /** By key: what stands in the place of some of `first` now. */
  readonly replaced: ReadonlyMap<string, Resource>;
}

/** So many resources may have others in their place before all names are read again. */
const MOST_REPLACED = 256;

export function namesOf(files: ReadonlyMap<string, ManifestFile>, known?: readonly string[]): ProjectNames {
  const paths =
    known?.length === files.size && known.every((path) => files.has(path)) ? known : [...files.keys()].sort();
  const fileList: ManifestFile[] = [];
  const resources: Resource[] = [];
  const identities: Resource[] = [];
  const repeated: Resource[] = [];
  const byKind = new Map<string, Resource[]>();
  const first = new Map<string, Resource>();
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined) continue;
    fileList.push(file);
    for (const { resource } of file.documents) {
      if (resource === undefined) continue;
      resources.push(resource);
      if (isIdentityKind(resource.kind)) identities.push(resource);
      if (first.has(resource.key)) repeated.push(resource);
      else first.set(resource.key, resource);
      const ofKind = byKind.get(resource.kind);
      if (ofKind === undefined) byKind.set(resource.kind, [resource]);
      else ofKind.push(resource);
    }
  }
  return { paths, fileList, resources, identities, repeated, byKind, first, replaced: new Map() };
}

/** The same as `namesOf` where, since `before`, no resource came, went or got another name; undefined elsewhere. */
export function namesAfter(
  files: ReadonlyMap<string, ManifestFile>,
  before: ProjectNames,
): ProjectNames | undefined {
  const { paths, fileList } = before;
  if (files.size !== paths.length) return undefined;
  const list: ManifestFile[] = [];
  const changes: Change[] = [];
  for (const [place, path] of paths.entries()) {
    const file = files.get(path);
    const old = fileList[place];
    if (file === undefined || old === undefined) return undefined;
    list.push(file);
    if (file === old) continue;
    const ofFile = changesOf(old, file, MOST_REPLACED - before.replaced.size - changes.length);
    if (ofFile === undefined) return undefined;
    changes.push(...ofFile);
  }
  const replaced = new Map(before.replaced);
  const byKind = new Map(before.byKind);
  for (const { old, now } of changes) {
    if ((before.replaced.get(old.key) ?? before.first.get(old.key)) === old) replaced.set(old.key, now);
  }
  for (const kind of new Set(changes.map(({ now }) => now.kind)))
    byKind.set(kind, exchanged(byKind.get(kind) ?? [], changes));
  return {
    paths,
    fileList: list,
    resources: exchanged(before.resources, changes),
    identities: changes.some(({ now }) => isIdentityKind(now.kind))
      ? exchanged(before.identities, changes)
      : before.identities,
    repeated: before.repeated.length === 0 ? before.repeated : exchanged(before.repeated, changes),
    byKind,
    first: before.first,
    replaced,
  };
}

interface Change {
  readonly old: Resource;
  readonly now: Resource;
}

/** Undefined: more than these, or others than one resource in the place of another with the same name. */
function changesOf(old: ManifestFile, now: ManifestFile, most: number): readonly Change[] | undefined {
  if (old.documents.length !== now.documents.length) return undefined;
  const changes: Change[] = [];
  for (let place = 0; place < now.documents.length; place += 1) {
    if (old.documents[place] === now.documents[place]) continue;
    const was = old.documents[place]?.resource;
    const is = now.documents[place]?.resource;
    if (was === is) continue;
    if (was === undefined || is === undefined || was.key !== is.key || changes.length >= most)
      return undefined;
    if (was.formerNames.join() !== is.formerNames.join()) return undefined;
    changes.push({ old: was, now: is });
  }
  return changes;
}

function exchanged(resources: readonly Resource[], changes: readonly Change[]): readonly Resource[] {
  const list = resources.slice();
  // Changes are in the order of the list, and those of other lists are not found.
  let from = 0;
  for (const { old, now } of changes) {
    const place = list.indexOf(old, from);
    if (place === -1) continue;
    list[place] = now;
    from = place + 1;
  }
  return list;
}
