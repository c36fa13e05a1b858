import {
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  ResponseError,
  WorkspaceDiagnosticRequest,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { diagnosticsOf, resultIdOf } from '../diagnostics.ts';
import { findingsByFile, findingsOfFile } from '../projectFindings.ts';
import type { OpenedProject } from '../projects.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/** Diagnostics for clients that ask for them: what did not change costs one line. */
export const pullDiagnostics: Feature = {
  capabilities: (client) =>
    client.textDocument?.diagnostic === undefined
      ? {}
      : {
          diagnosticProvider: { identifier: 'idac', interFileDependencies: true, workspaceDiagnostics: true },
        },
  rows: [
    onRequest(DocumentDiagnosticRequest.type, ({ textDocument, previousResultId }, call) =>
      unlessCancelled(call, async () => {
        const { session, signal } = call;
        const opened = session.client.refreshesDiagnostics
          ? await session.projects.near(textDocument.uri)
          : await session.projects.at(textDocument.uri);
        const path = opened?.pathOf(textDocument.uri);
        if (opened === undefined || path === undefined) return { kind: 'full', items: [] };
        const items = diagnosticsOf(
          session,
          opened,
          await findingsOfFile(opened, path, { signal, asKnown: session.client.refreshesDiagnostics }),
        );
        const resultId = resultIdOf(items);
        return resultId === previousResultId
          ? { kind: 'unchanged', resultId }
          : { kind: 'full', resultId, items };
      }),
    ),
    onRequest(
      WorkspaceDiagnosticRequest.type,
      ({ previousResultIds, partialResultToken }, call) =>
        unlessCancelled(call, async () => {
          const previous = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
          const items: WorkspaceDocumentDiagnosticReport[] = [];
          for (const opened of await call.session.projects.all()) {
            const reports = await reportsOf(opened, previous, call);
            if (partialResultToken === undefined) items.push(...reports);
            else call.session.client.partialResult(partialResultToken, { items: reports });
          }
          return { items };
        }),
      // It looks at every file of every folder; the editor does not wait for it.
      { patient: true },
    ),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what === 'world') session.client.refreshDiagnostics();
    });
  },
};

async function reportsOf(
  opened: OpenedProject,
  previous: ReadonlyMap<string, string>,
  { session, signal }: Call,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const byFile = await findingsByFile(opened, signal);
  return Array.from(byFile, ([path, findings]) => {
    const uri = opened.uriOf(path);
    const version = session.documents.get(uri)?.version ?? null;
    const items = diagnosticsOf(session, opened, findings);
    const resultId = resultIdOf(items);
    return previous.get(uri) === resultId
      ? { kind: 'unchanged', uri, version, resultId }
      : { kind: 'full', uri, version, resultId, items };
  });
}

/**
 * An empty list would say that all is well, and the squiggles would vanish and come back while typing: a cancelled pull is
 * answered with the request to ask again.
 */
async function unlessCancelled<T>({ signal }: Call, work: () => Promise<T>): Promise<T> {
  try {
    const value = await work();
    signal.throwIfAborted();
    return value;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ResponseError(LSPErrorCodes.ServerCancelled, 'cancelled', { retriggerRequest: true });
  }
}
