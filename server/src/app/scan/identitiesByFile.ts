import { namedFiles } from '../../core/editing/filePaths.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { NamingIdentity } from './keyUses.ts';

/** By the files that manifests of the project name; each manifest is gone through once, when the first is asked for. */
export function identitiesByFile(index: ProjectIndex): (file: string) => readonly NamingIdentity[] {
  let known: ReadonlyMap<string, readonly NamingIdentity[]> | undefined;
  return (file) => {
    known ??= namingIdentities(index);
    return known.get(file) ?? [];
  };
}

function namingIdentities(index: ProjectIndex): ReadonlyMap<string, readonly NamingIdentity[]> {
  const byFile = new Map<string, NamingIdentity[]>();
  for (const manifest of index.fileList)
    for (const document of manifest.documents) {
      const { resource } = document;
      if (resource?.id === undefined || index.get(resource.id) !== resource) continue;
      for (const { files, range } of namedFiles(document))
        for (const file of files) {
          const message = `${formatIdentity(resource.id)} names ${file}`;
          const naming = { identity: resource.id, file: manifest.path, range, message };
          byFile.set(file, [...(byFile.get(file) ?? []), naming]);
        }
    }
  return byFile;
}
