import {
  type CodeAction,
  CodeActionKind,
  CodeActionRequest,
  type Diagnostic,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { registersActions } from '../client.ts';
import {
  type ActData,
  type DiagnosticData,
  diagnosticsOf,
  digestOfLines,
  type EditData,
} from '../diagnostics.ts';
import { readFileAt } from '../fileAt.ts';
import { findingsOfFile } from '../projectFindings.ts';
import { isOfSecret, secretActions } from '../secrets/secretActions.ts';
import { secretDiagnostics } from '../secrets/secretDiagnostics.ts';
import type { Session } from '../session.ts';
import { type Feature, onRequest } from '../table.ts';
import { issueAction, verbActions } from '../verbActions.ts';

const FIX_ALL = `${CodeActionKind.SourceFixAll}.idac`;

export const CODE_ACTIONS = { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] };

/** Quick fixes, the one that is almost surely meant first. They came with the diagnostics. */
export const codeAction: Feature = {
  capabilities: (client) => (registersActions(client) ? {} : { codeActionProvider: CODE_ACTIONS }),
  rows: [
    onRequest(CodeActionRequest.type, async ({ textDocument, range, context }, { session, signal }) => {
      const { only } = context;
      // A source action changes what nobody looks at: only where it is asked for by its kind.
      const whole = only?.some((kind) => isWithin(FIX_ALL, kind) && kind !== '') ?? false;
      const actions = whole ? await fixAll(session, textDocument.uri, signal) : [];
      if (only !== undefined && !only.some(includesQuickFix)) return actions;
      const ours = context.diagnostics.filter((diagnostic) => diagnostic.source === 'idac');
      const ignoring: CodeAction[] = [];
      const acting: CodeAction[] = [];
      const at = await readFileAt(session, textDocument, signal);
      const opened = at?.opened ?? session.projects.around(textDocument.uri);
      const place = opened === undefined ? undefined : { session, opened };
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
            edit: workspaceEdit(session, fix.edits),
          });
        }
        if (place !== undefined) acting.push(...verbActions(place, diagnostic, data));
        if (!isOfSecret(diagnostic) && data.binding !== true)
          ignoring.push(...(await ignoreAction(session, textDocument.uri, diagnostic, signal)));
      }
      if (place !== undefined && at !== undefined) acting.push(...issueAction(place, at, range));
      ignoring.push(...(await secretActions(session, textDocument.uri, ours.filter(isOfSecret), signal)));
      // To look away is always offered last.
      return [
        ...actions.sort((a, b) => Number(b.isPreferred) - Number(a.isPreferred)),
        ...acting,
        ...ignoring,
      ];
    }),
  ],
};

function isWithin(kind: string, asked: string): boolean {
  return asked === '' || kind === asked || kind.startsWith(`${asked}.`);
}

/** All fixes of the document that are almost surely meant, as one edit. */
async function fixAll(session: Session, uri: string, signal: AbortSignal): Promise<CodeAction[]> {
  const at = await readFileAt(session, { uri }, signal);
  if (at === undefined) return [];
  const { preferredEdits } = await import('../../core/editing/fixAll.ts');
  const edits = preferredEdits(await findingsOfFile(at.opened, at.path, { signal }), at.path);
  if (edits.length === 0) return [];
  const edit = workspaceEdit(
    session,
    edits.map(({ range, newText }) => ({ uri, range, newText })),
  );
  return [{ title: 'Fix all that can be fixed safely', kind: FIX_ALL, edit }];
}

/** A comment above the line, with an end; the reason is left to the person. */
async function ignoreAction(
  session: Session,
  uri: string,
  diagnostic: Diagnostic,
  signal: AbortSignal,
): Promise<CodeAction[]> {
  const at = await readFileAt(session, { uri }, signal);
  if (at === undefined || typeof diagnostic.code !== 'string') return [];
  const { ignoreHere } = await import('../../core/editing/ignoreHere.ts');
  const found = ignoreHere(at.file, diagnostic.code, diagnostic.range, session.now());
  if (found === undefined) return [];
  const range = { start: found.at, end: found.at };
  const edit: WorkspaceEdit = session.client.snippetEdits
    ? {
        documentChanges: [
          {
            textDocument: { uri, version: session.documents.get(uri)?.version ?? null },
            edits: [{ range, snippet: { kind: 'snippet', value: found.text.snippet } }],
          },
        ],
      }
    : workspaceEdit(session, [{ uri, range, newText: found.text.plain }]);
  return [
    {
      title: found.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: false,
      edit,
    },
  ];
}

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
  const known = (await allOf(session, uri, diagnostic, signal)).find(
    ({ code, range }) =>
      code === diagnostic.code && JSON.stringify(range) === JSON.stringify(diagnostic.range),
  );
  return readData(known?.data) ?? { fixes: [] };
}

async function allOf(
  session: Session,
  uri: string,
  diagnostic: Diagnostic,
  signal: AbortSignal,
): Promise<readonly Diagnostic[]> {
  if (isOfSecret(diagnostic)) return secretDiagnostics(session, uri);
  const opened = await session.projects.at(uri);
  const path = opened?.pathOf(uri);
  if (opened === undefined || path === undefined) return [];
  return diagnosticsOf(session, opened, await findingsOfFile(opened, path, { signal }));
}

function readData(data: unknown): DiagnosticData | undefined {
  if (typeof data !== 'object' || data === null || !('fixes' in data) || !Array.isArray(data.fixes))
    return undefined;
  // It is what this server wrote; a client that changed it changes only its own edit, or what the person is asked.
  const { fixes, acts, binding } = data as DiagnosticData;
  return { fixes, ...(isActData(acts) ? { acts } : {}), ...(binding === true ? { binding } : {}) };
}

function isActData(acts: unknown): acts is ActData {
  if (typeof acts !== 'object' || acts === null) return false;
  const { identity, verbs, machine, former } = acts as Readonly<Record<keyof ActData, unknown>>;
  return (
    typeof identity === 'string' &&
    Array.isArray(verbs) &&
    (machine === undefined || typeof machine === 'string') &&
    (former === undefined || former === true)
  );
}

/** The document may have changed since the diagnostic was made. */
function stillFits(session: Session, edit: EditData): boolean {
  return edit.lines === null || digestOfLines(session.documents.get(edit.uri), edit.range) === edit.lines;
}

type PlacedEdit = Omit<EditData, 'lines'>;

function workspaceEdit(session: Session, all: readonly PlacedEdit[]): WorkspaceEdit {
  const byUri = new Map<string, PlacedEdit[]>();
  for (const edit of all) byUri.set(edit.uri, [...(byUri.get(edit.uri) ?? []), edit]);
  const edits = (each: readonly PlacedEdit[]) => each.map(({ range, newText }) => ({ range, newText }));
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
