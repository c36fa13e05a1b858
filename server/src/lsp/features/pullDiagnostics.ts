import {
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  ResponseError,
  WorkspaceDiagnosticRequest,
} from 'vscode-languageserver/node';
import { diagnosticsOf, resultIdOf } from '../diagnostics.ts';
import { findingsOfFile } from '../projectFindings.ts';
import { type Call, type Feature, onRequest } from '../table.ts';
import { workspaceReports } from '../workspaceReports.ts';

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
          const items = await workspaceReports(previousResultIds, call);
          if (partialResultToken === undefined) return { items };
          call.session.client.partialResult(partialResultToken, { items });
          return { items: [] };
        }),
      // It looks at every file of every folder, or waits until one says something new.
      { patient: true },
    ),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what === 'world') session.client.refreshDiagnostics();
    });
  },
};

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
