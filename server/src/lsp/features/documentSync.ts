import {
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  type TextDocumentItem,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { isOursByName } from '../../core/manifest/fileName.ts';
import { registersDocuments } from '../client.ts';
import type { Session } from '../session.ts';
import { type Feature, onNotification } from '../table.ts';

export const DOCUMENT_SYNC = {
  openClose: true,
  change: TextDocumentSyncKind.Incremental,
  save: { includeText: false },
} as const;

const LANGUAGES: ReadonlySet<string> = new Set(['identity-yaml', 'yaml']);

/** Keeps the server's texts what the editor's are. */
export const documentSync: Feature = {
  capabilities: (client) => (registersDocuments(client) ? {} : { textDocumentSync: DOCUMENT_SYNC }),
  rows: [
    onNotification(DidOpenTextDocumentNotification.type, ({ textDocument }, session) => {
      const { uri, version, text } = textDocument;
      if (mayBeManifest(session, textDocument)) {
        session.documents.open(textDocument);
        session.projects.textChanged(uri);
      }
      session.texts.open(uri, version, text);
    }),
    onNotification(DidChangeTextDocumentNotification.type, ({ textDocument, contentChanges }, session) => {
      const { uri, version } = textDocument;
      if (session.documents.get(uri) !== undefined) {
        session.documents.change(uri, version, contentChanges);
        const typed = contentChanges.filter((change) => 'range' in change);
        const isTyped = typed.length === contentChanges.length;
        session.projects.textChanged(uri, isTyped ? typed : undefined);
      }
      session.texts.change(uri, version, contentChanges);
    }),
    // Whether a buffer is dirty is asked of the disk when it matters; saving changes no text. What git ignores may be another file.
    onNotification(DidSaveTextDocumentNotification.type, (_saved, session) => session.texts.forgetFacts()),
    onNotification(DidCloseTextDocumentNotification.type, ({ textDocument: { uri } }, session) => {
      session.texts.close(uri);
      if (session.documents.get(uri) === undefined) return;
      session.documents.close(uri);
      session.projects.textClosed(uri);
    }),
  ],
};

/** A client that is asked for all files tells of many that are none, and whose text is not looked through for that. */
function mayBeManifest({ client }: Session, { uri, languageId }: TextDocumentItem): boolean {
  return !client.registersDocuments || LANGUAGES.has(languageId) || isOursByName(uri);
}
