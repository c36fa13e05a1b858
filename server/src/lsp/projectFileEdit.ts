import type { WorkspaceEdit } from 'vscode-languageserver/node';
import type { OwnText } from '../app/api.ts';
import type { Position } from '../core/text/position.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';

/** A file of ours, and lists of what git ignores, are pages long. */
const LONGEST = 4 * 1024 * 1024;

/** As the editor has it, else the disk: what is a link, or no file, is refused, since an edit would follow it. */
export function projectFileText({ documents, texts }: Session, opened: OpenedProject, file: string): OwnText {
  const uri = opened.uriOf(file);
  const onDisk = opened.project.ownText(file, LONGEST);
  const open = documents.get(uri)?.getText() ?? texts.text(uri);
  return open === undefined || onDisk.kind === 'refused' ? onDisk : { kind: 'text', text: open };
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
