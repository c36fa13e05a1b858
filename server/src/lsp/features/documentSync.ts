import {
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { type Feature, onNotification } from '../table.ts';

/** Keeps the server's texts what the editor's are. */
export const documentSync: Feature = {
  capabilities: () => ({
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
    },
  }),
  rows: [
    onNotification(DidOpenTextDocumentNotification.type, ({ textDocument }, session) => {
      session.documents.open(textDocument);
      session.projects.textChanged(textDocument.uri);
    }),
    onNotification(DidChangeTextDocumentNotification.type, ({ textDocument, contentChanges }, session) => {
      session.documents.change(textDocument.uri, textDocument.version, contentChanges);
      const typed = contentChanges.filter((change) => 'range' in change);
      const isTyped = typed.length === contentChanges.length;
      session.projects.textChanged(textDocument.uri, isTyped ? typed : undefined);
    }),
    // Whether a buffer is dirty is asked of the disk when it matters; saving changes no text.
    onNotification(DidSaveTextDocumentNotification.type, () => undefined),
    onNotification(DidCloseTextDocumentNotification.type, ({ textDocument }, session) => {
      session.documents.close(textDocument.uri);
      session.projects.textClosed(textDocument.uri);
    }),
  ],
};
