/** What the other rules found, for those that are about that. */
import type { Finding } from '../finding.ts';
import { formatIdentity, parseIdentity } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestFile } from '../manifest/manifestFile.ts';
import type { Others } from './context.ts';

/** Where all was found already. */
export function othersAmong(findings: readonly Finding[], metas: Others['metas']): Others {
  let files: ReadonlyMap<string, readonly Finding[]> | undefined;
  return {
    inFile(path) {
      files ??= byFile(findings);
      return files.get(path) ?? [];
    },
    about: (identities) => findings.filter(isAbout(identities)),
    metas,
  };
}

export function byFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const others = files.get(finding.file);
    if (others === undefined) files.set(finding.file, [finding]);
    else others.push(finding);
  }
  return files;
}

export function isAbout(identities: ReadonlySet<string>): (finding: Finding) => boolean {
  return ({ identity }) => identity !== undefined && identities.has(formatIdentity(identity));
}

/** Files that declare them, all of them where there are several. */
export function filesOf(identities: ReadonlySet<string>, index: ProjectIndex): readonly ManifestFile[] {
  const paths = new Set<string>();
  for (const each of identities) {
    const id = parseIdentity(each);
    const resource = id && index.get(id);
    if (resource !== undefined) paths.add(resource.file);
  }
  for (const { key, file } of index.repeated) if (identities.has(key)) paths.add(file);
  return [...paths].flatMap((path) => index.files.get(path) ?? []);
}
