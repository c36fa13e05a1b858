import type { Finding } from '../core/finding.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { ManifestFile } from '../core/manifest/manifestFile.ts';

/** The manifests of one project root as text: open buffers over files on disk. Paths are relative, forward slashes. */
export interface Workspace {
  readonly root: string;
  /** Reads the folder's manifests (slices, typing first); again only what changed. */
  scan(signal: AbortSignal): Promise<void>;
  files(): ReadonlyMap<string, ManifestFile>;
  /** An open buffer's text; undefined: it was closed, the file on disk counts again (`reload` it). */
  setText(path: string, text: string | undefined): void;
  /** A file was created, changed or deleted on disk. */
  reload(path: string): Promise<void>;
  /** An open buffer whose text is not what is on disk. */
  isDirty(path: string): Promise<boolean>;
  index(): ProjectIndex;
  /** Findings of manifests alone (syntax, schema, references, rules that need no record), by file. */
  findings(): ReadonlyMap<string, readonly Finding[]>;
}
