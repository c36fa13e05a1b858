import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { Position } from '../core/text/position.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

/** A file that is not there yet, relative to the project root; or text for one that is. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
  /** Its end, for a file that is there. */
  readonly end?: Position | null;
  /** What it is for, in the preview. */
  readonly description: string;
}

const START: Position = { line: 0, character: 0 };

/** An edit that makes files, none of which may be there; previewed where the client can. Null: it makes no files. */
export function newFilesEdit(
  { client }: Session,
  { root }: OpenedProject,
  files: readonly NewFile[],
  label: string,
): WorkspaceEdit | null {
  if (!client.createsFiles || !client.versionedEdits) return null;
  const { annotatesChanges } = client;
  return {
    documentChanges: files.flatMap(({ file, text, end = null }, at) => {
      const uri = pathToFileURL(path.join(root, file)).href;
      const annotation = annotatesChanges ? { annotationId: String(at) } : {};
      const start = end ?? START;
      const options = { overwrite: false, ignoreIfExists: false };
      return [
        ...(end === null ? [{ kind: 'create' as const, uri, options, ...annotation }] : []),
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start, end: start }, newText: text, ...annotation }],
        },
      ];
    }),
    ...(annotatesChanges
      ? {
          changeAnnotations: Object.fromEntries(
            files.map(({ description }, at) => [String(at), { label, description, needsConfirmation: true }]),
          ),
        }
      : {}),
  };
}
