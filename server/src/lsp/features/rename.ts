import {
  type ChangeAnnotation,
  LSPErrorCodes,
  type Position,
  PrepareRenameRequest,
  type Range,
  RenameRequest,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Occurrence } from '../../core/editing/occurrences.ts';
import type { RenameEdit } from '../../core/editing/rename.ts';
import { type FileAt, readFileAt } from '../fileAt.ts';
import type { Session } from '../session.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

const ANNOTATIONS: Readonly<Record<RenameEdit['what'], ChangeAnnotation>> = {
  name: { label: 'The name in its manifest' },
  reference: { label: 'Where it is named' },
  record: { label: 'The former name, so that the record goes on' },
};

/** Renames a resource in its manifest and wherever it is named. */
export const rename: Feature = {
  capabilities: (client) => ({
    renameProvider: client.textDocument?.rename?.prepareSupport === true ? { prepareProvider: true } : true,
  }),
  rows: [
    onRequest(
      PrepareRenameRequest.type,
      async ({ textDocument, position }, call): Promise<{ range: Range; placeholder: string } | null> => {
        const found = await renamable(textDocument, position, call);
        return found === undefined ? null : { range: found.range, placeholder: found.named.resource.name };
      },
    ),
    onRequest(RenameRequest.type, async ({ textDocument, position, newName }, call) => {
      const found = await renamable(textDocument, position, call);
      if (found === undefined) throw refused('Nothing that can be renamed stands here.');
      const { planRename } = await import('../../core/editing/rename.ts');
      const { at, named } = found;
      const planned = planRename(at.opened.project.workspace.index(), named.resource, newName.trim());
      if ('problem' in planned) throw refused(planned.problem);
      return workspaceEdit(call.session, at, planned.edits);
    }),
  ],
};

function refused(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

interface Renamable {
  readonly at: FileAt;
  readonly named: Occurrence;
  /** Of the name alone, without a namespace before it. */
  readonly range: Range;
}

/** A former name stays what it was: it is what the record is found by. */
async function renamable(
  textDocument: { readonly uri: string },
  position: Position,
  { session, signal }: Call,
): Promise<Renamable | undefined> {
  // All that name it change with it.
  await session.projects.at(textDocument.uri);
  const at = await readFileAt(session, textDocument, signal);
  if (at === undefined) return undefined;
  const { occurrenceAt } = await import('../../core/editing/occurrences.ts');
  const named = occurrenceAt(at.opened.project.workspace.index(), at.path, position);
  if (named === undefined || named.is === 'former') return undefined;
  const { start, end } = named.range;
  const length = start.line === end.line ? end.character - start.character : 0;
  const before = Math.max(0, length - named.resource.name.length);
  return { at, named, range: { start: { line: start.line, character: start.character + before }, end } };
}

function workspaceEdit(session: Session, { opened }: FileAt, edits: readonly RenameEdit[]): WorkspaceEdit {
  const byUri = new Map<string, RenameEdit[]>();
  for (const edit of edits) {
    const uri = opened.uriOf(edit.file);
    byUri.set(uri, [...(byUri.get(uri) ?? []), edit]);
  }
  const { versionedEdits, annotatesChanges } = session.client;
  if (!versionedEdits) {
    const plain = Array.from(byUri, ([uri, each]) => [uri, each.map(textEdit)] as const);
    return { changes: Object.fromEntries(plain) };
  }
  const used = new Set(edits.map(({ what }) => what));
  return {
    documentChanges: Array.from(byUri, ([uri, each]) => ({
      textDocument: { uri, version: session.documents.get(uri)?.version ?? null },
      edits: each.map((edit) =>
        annotatesChanges ? { ...textEdit(edit), annotationId: edit.what } : textEdit(edit),
      ),
    })),
    ...(annotatesChanges
      ? { changeAnnotations: Object.fromEntries([...used].map((what) => [what, ANNOTATIONS[what]])) }
      : {}),
  };
}

function textEdit({ range, newText }: RenameEdit) {
  return { range, newText };
}
