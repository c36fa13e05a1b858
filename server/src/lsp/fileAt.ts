import type { ManifestFile } from '../core/manifest/manifestFile.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

/** A manifest of a project, as the editor has it. */
export interface FileAt {
  readonly opened: OpenedProject;
  /** Relative to the project root. */
  readonly path: string;
  readonly file: ManifestFile;
}

/**
 * Undefined: not a manifest of ours, so there is nothing to say about it. At once: while the folder is read, others are known as
 * far as they were read;  while a large document is typed into, it is
 * the one that was read last, and its places may have moved.
 */
export async function fileAt(
  session: Session,
  { uri }: { readonly uri: string },
): Promise<FileAt | undefined> {
  const opened = await session.projects.near(uri);
  const path = opened?.pathOf(uri);
  const file = path === undefined ? undefined : opened?.project.workspace.files().get(path);
  return opened === undefined || path === undefined || file === undefined
    ? undefined
    : { opened, path, file };
}

/** The same of the text as it was typed last. For what stays in the editor until it is asked for again, and for what edits. */
export async function readFileAt(
  session: Session,
  textDocument: { readonly uri: string },
  signal: AbortSignal,
): Promise<FileAt | undefined> {
  const opened = await session.projects.near(textDocument.uri);
  await opened?.project.workspace.settled(signal);
  return fileAt(session, textDocument);
}
