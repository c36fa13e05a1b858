import {
  type Diagnostic,
  DocumentDiagnosticRequest,
  LSPErrorCodes,
  ResponseError,
  WorkspaceDiagnosticRequest,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import { diagnosticsOf, resultIdOf } from '../diagnostics.ts';
import { findingsOfFile } from '../projectFindings.ts';
import { areAskedForApart, SECRETS } from '../secrets/secretDiagnostics.ts';
import { type Call, type Feature, onRequest } from '../table.ts';
import { textDiagnostics } from '../textDiagnostics.ts';
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
    onRequest(
      DocumentDiagnosticRequest.type,
      ({ textDocument: { uri }, identifier, previousResultId }, call) =>
        unlessCancelled(call, async () => {
          const { session } = call;
          const isOfSecrets = identifier === SECRETS.identifier;
          const withSecrets = isOfSecrets || !areAskedForApart(session.client);
          const items = [
            ...(isOfSecrets ? [] : await manifestDiagnostics(uri, call)),
            ...(withSecrets ? await textDiagnostics(session, uri) : []),
          ];
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
          if (partialResultToken === undefined)
            return { items: await workspaceReports(previousResultIds, call) };
          const tell = (items: WorkspaceDocumentDiagnosticReport[]): void =>
            call.session.client.partialResult(partialResultToken, { items });
          tell(await workspaceReports(previousResultIds, call, tell));
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

async function manifestDiagnostics(uri: string, { session, signal }: Call): Promise<readonly Diagnostic[]> {
  const { client, projects } = session;
  const opened = client.refreshesDiagnostics ? await projects.near(uri) : await projects.at(uri);
  const path = opened?.pathOf(uri);
  if (opened === undefined || path === undefined) return [];
  const asKnown = client.refreshesDiagnostics;
  return diagnosticsOf(session, opened, await findingsOfFile(opened, path, { signal, asKnown }));
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
