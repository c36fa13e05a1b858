import type { Finding } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestFile } from '../manifest/manifestFile.ts';

/** What was said of one file as it is. */
export interface SaidOfFile {
  readonly file: ManifestFile;
  readonly findings: readonly Finding[];
}

/** What was said of each file, for as long as it is the same one. */
export interface KeptFiles<Said extends SaidOfFile> {
  paths: readonly string[];
  /** In the order of `paths`. */
  files: readonly (Said | undefined)[];
  /** By path: what was asked before all files were known. */
  ahead: Map<string, Said>;
}

/** Asks `say` about each file that is another one than before, or that is new; the others' findings are as they were. */
export function findingsPerFile<Said extends SaidOfFile>(
  index: ProjectIndex,
  kept: KeptFiles<Said>,
  say: (file: ManifestFile, before: Said | undefined) => Said,
): readonly Finding[] {
  if (kept.paths !== index.paths) {
    const byPath = new Map(kept.paths.map((path, place) => [path, kept.files[place]]));
    for (const [path, file] of kept.ahead) byPath.set(path, file);
    kept.ahead.clear();
    kept.files = index.paths.map((path) => byPath.get(path));
    kept.paths = index.paths;
  }
  const all: Finding[] = [];
  kept.files = index.fileList.map((file, place) => {
    const before = kept.files[place];
    const now = before?.file === file ? before : say(file, before);
    if (now.findings.length > 0) all.push(...now.findings);
    return now;
  });
  return all;
}

/** The same objects in the same order. */
export function sameItems(a: readonly object[], b: readonly object[]): boolean {
  return a === b || (a.length === b.length && a.every((item, place) => item === b[place]));
}
