import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { Position } from '../core/text/position.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

/** As the editor has it, else the disk. Undefined: it is not there. */
export async function projectFileText(
  { documents, texts }: Session,
  opened: OpenedProject,
  file: string,
): Promise<string | undefined> {
  const uri = opened.uriOf(file);
  const open = documents.get(uri)?.getText() ?? texts.text(uri);
  return open ?? readFile(path.join(opened.root, file), 'utf8').catch(() => undefined);
}

/** Makes a file say `after`, where it says `before` now; only what differs is touched. Undefined: the client makes no files. */
export function projectFileEdit(
  { client, texts }: Session,
  opened: OpenedProject,
  file: string,
  before: string | undefined,
  after: string,
): WorkspaceEdit | undefined {
  const uri = opened.uriOf(file);
  if (before === undefined) {
    if (!client.createsFiles || !client.versionedEdits) return undefined;
    const start: Position = { line: 0, character: 0 };
    return {
      documentChanges: [
        { kind: 'create', uri, options: { overwrite: false, ignoreIfExists: true } },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start, end: start }, newText: after }],
        },
      ],
    };
  }
  let prefix = 0;
  while (prefix < Math.min(before.length, after.length) && before[prefix] === after[prefix]) prefix += 1;
  let suffix = 0;
  while (
    suffix < Math.min(before.length, after.length) - prefix &&
    before[before.length - 1 - suffix] === after[after.length - 1 - suffix]
  )
    suffix += 1;
  const edits = [
    {
      range: { start: positionIn(before, prefix), end: positionIn(before, before.length - suffix) },
      newText: after.slice(prefix, after.length - suffix),
    },
  ];
  if (!client.versionedEdits) return { changes: { [uri]: edits } };
  return { documentChanges: [{ textDocument: { uri, version: texts.version(uri) ?? null }, edits }] };
}

function positionIn(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
