import {
  type CodeAction,
  CodeActionKind,
  CodeActionRequest,
  type Diagnostic,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import {
  type DiagnosticData,
  diagnosticsOf,
  digestOfLines,
  type EditData,
  type FixData,
} from '../diagnostics.ts';
import { findingsOfFile } from '../projectFindings.ts';
import type { Session } from '../session.ts';
import { type Feature, onRequest } from '../table.ts';

/** Quick fixes, the one that is almost surely meant first. They came with the diagnostics. */
export const codeAction: Feature = {
  capabilities: () => ({ codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } }),
  rows: [
    onRequest(CodeActionRequest.type, async ({ textDocument, context }, { session, signal }) => {
      if (context.only !== undefined && !context.only.some(includesQuickFix)) return [];
      const ours = context.diagnostics.filter((diagnostic) => diagnostic.source === 'idac');
      const actions: CodeAction[] = [];
      for (const diagnostic of ours) {
        const data =
          readData(diagnostic.data) ?? (await lookUp(session, textDocument.uri, diagnostic, signal));
        for (const fix of data.fixes) {
          if (!fix.edits.every((edit) => stillFits(session, edit))) continue;
          actions.push({
            title: fix.title,
            kind: CodeActionKind.QuickFix,
            diagnostics: [diagnostic],
            isPreferred: fix.preferred,
            edit: workspaceEdit(session, fix),
          });
        }
      }
      return actions.sort((a, b) => Number(b.isPreferred) - Number(a.isPreferred));
    }),
  ],
};

/** `quickfix` is asked for by its own name, by a kind below it, or by the empty kind. */
function includesQuickFix(kind: string): boolean {
  return kind === '' || kind === CodeActionKind.QuickFix || kind.startsWith(`${CodeActionKind.QuickFix}.`);
}

/** For clients that do not give `data` back: the diagnostic that the server has at that place. */
async function lookUp(
  session: Session,
  uri: string,
  diagnostic: Diagnostic,
  signal: AbortSignal,
): Promise<DiagnosticData> {
  const opened = await session.projects.at(uri);
  const path = opened?.pathOf(uri);
  if (opened === undefined || path === undefined) return { fixes: [] };
  const known = diagnosticsOf(session, opened, await findingsOfFile(opened, path, { signal })).find(
    ({ code, range }) =>
      code === diagnostic.code && JSON.stringify(range) === JSON.stringify(diagnostic.range),
  );
  return readData(known?.data) ?? { fixes: [] };
}

function readData(data: unknown): DiagnosticData | undefined {
  if (typeof data !== 'object' || data === null || !('fixes' in data) || !Array.isArray(data.fixes))
    return undefined;
  // It is what this server wrote; a client that changed it changes only its own edit.
  return { fixes: data.fixes as readonly FixData[] };
}

/** The document may have changed since the diagnostic was made. */
function stillFits(session: Session, edit: EditData): boolean {
  return edit.lines === null || digestOfLines(session.documents.get(edit.uri), edit.range) === edit.lines;
}

function workspaceEdit(session: Session, fix: FixData): WorkspaceEdit {
  const byUri = new Map<string, EditData[]>();
  for (const edit of fix.edits) byUri.set(edit.uri, [...(byUri.get(edit.uri) ?? []), edit]);
  const edits = (each: readonly EditData[]) => each.map(({ range, newText }) => ({ range, newText }));
  if (session.client.versionedEdits) {
    return {
      documentChanges: Array.from(
        byUri,
        ([uri, each]): TextDocumentEdit => ({
          textDocument: { uri, version: session.documents.get(uri)?.version ?? null },
          edits: edits(each),
        }),
      ),
    };
  }
  return { changes: Object.fromEntries(Array.from(byUri, ([uri, each]) => [uri, edits(each)])) };
}
