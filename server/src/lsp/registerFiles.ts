import {
  CodeActionRequest,
  CodeLensRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
  type DocumentSelector,
  type Registration,
} from 'vscode-languageserver/node';
import { CERTIFICATE_EXTENSIONS } from '../core/credential/certificateFileName.ts';
import { CODE_ACTIONS } from './features/codeAction.ts';
import { CODE_LENSES } from './features/codeLens.ts';
import { DOCUMENT_SYNC } from './features/documentSync.ts';
import { SECRETS } from './secrets/secretDiagnostics.ts';
import type { Session } from './session.ts';

/** Whatever may hold a secret. */
const ALL: DocumentSelector = [{ scheme: 'file' }, { scheme: 'untitled' }];

const CERTIFICATES: DocumentSelector = [
  { scheme: 'file', pattern: `**/*.{${CERTIFICATE_EXTENSIONS.join(',')}}` },
];

/** By session: the turn of the next change, and what is registered. */
const registered = new WeakMap<Session, Promise<readonly Registration[]>>();

/**
 * Asks the client for all files, or only for those that it means itself, as the setting says: their texts, their lenses and code
 * actions at once, so that none is told of twice. Hover, completion and all else stay with the client's own.
 */
export function registerFiles(session: Session): void {
  const { client } = session;
  if (!client.registersDocuments) return;
  const wanted = registrationsFor(session);
  const before = registered.get(session) ?? Promise.resolve([]);
  const now = before.then(async (old) => {
    if (JSON.stringify(old) === JSON.stringify(wanted)) return old;
    if (old.length > 0) await client.unregister(old);
    await client.register(wanted);
    return wanted;
  });
  registered.set(
    session,
    now.catch((error: unknown) => {
      client.log(`files: ${String(error)}`);
      return [];
    }),
  );
}

function registrationsFor({ client, settings }: Session): readonly Registration[] {
  const { secrets, certificates } = settings();
  const documentSelector = secrets.whileTyping ? ALL : certificates.lint ? CERTIFICATES : null;
  const each = (name: string, method: string, options: object = {}): Registration => ({
    id: `idac.${name}`,
    method,
    registerOptions: { documentSelector, ...options },
  });
  const { change, save } = DOCUMENT_SYNC;
  return [
    each('open', DidOpenTextDocumentNotification.method),
    each('change', DidChangeTextDocumentNotification.method, { syncKind: change }),
    each('save', DidSaveTextDocumentNotification.method, save),
    each('close', DidCloseTextDocumentNotification.method),
    ...(client.registersLenses ? [each('lens', CodeLensRequest.method, CODE_LENSES)] : []),
    ...(client.registersActions ? [each('action', CodeActionRequest.method, CODE_ACTIONS)] : []),
    ...(client.registersDiagnostics && documentSelector !== null
      ? [each('secrets', DocumentDiagnosticRequest.method, SECRETS)]
      : []),
  ];
}
