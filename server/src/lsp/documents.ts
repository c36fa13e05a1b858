/** The editor's buffers: text and version of every document that is open, changed incrementally. */
import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

export interface Documents {
  get(uri: string): TextDocument | undefined;
  all(): Iterable<TextDocument>;
  open(item: TextDocumentItem): TextDocument;
  change(
    uri: string,
    version: number,
    changes: readonly TextDocumentContentChangeEvent[],
  ): TextDocument | undefined;
  close(uri: string): void;
}

export function openDocuments(): Documents {
  const documents = new Map<string, TextDocument>();
  return {
    get: (uri) => documents.get(uri),
    all: () => documents.values(),
    open(item) {
      // The one place where a client's nonsense would stay.
      if (typeof item.uri !== 'string' || typeof item.text !== 'string') throw new TypeError('no document');
      const document = TextDocument.create(item.uri, item.languageId, item.version, item.text);
      documents.set(item.uri, document);
      return document;
    },
    change(uri, version, changes) {
      const document = documents.get(uri);
      if (document === undefined) return undefined;
      const changed = TextDocument.update(document, [...changes], version);
      documents.set(uri, changed);
      return changed;
    },
    close: (uri) => void documents.delete(uri),
  };
}
