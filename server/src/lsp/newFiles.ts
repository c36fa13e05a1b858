import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

/** A file that is not there yet, relative to the project root. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
  /** What it is for, in the preview. */
  readonly description: string;
}

const START = { line: 0, character: 0 };

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
    documentChanges: files.flatMap(({ file, text }, at) => {
      const uri = pathToFileURL(path.join(root, file)).href;
      const annotation = annotatesChanges ? { annotationId: String(at) } : {};
      return [
        { kind: 'create' as const, uri, options: { overwrite: false, ignoreIfExists: false }, ...annotation },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start: START, end: START }, newText: text, ...annotation }],
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
