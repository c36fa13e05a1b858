/** The editor's buffers: text and version of every document that is open, changed incrementally. */
import type { Range, TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hasLoneReturn, type TextBuffer, textBuffer } from '../core/text/textBuffer.ts';

export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  getText(range?: Range): string;
}

export interface Documents {
  get(uri: string): OpenDocument | undefined;
  all(): Iterable<OpenDocument>;
  open(item: TextDocumentItem): OpenDocument;
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
}

interface Changing extends OpenDocument {
  change(version: number, changes: readonly TextDocumentContentChangeEvent[]): void;
}

export function openDocuments(): Documents {
  const documents = new Map<string, Changing>();
  return {
    get: (uri) => documents.get(uri),
    all: () => documents.values(),
    open(item) {
      // The one place where a client's nonsense would stay.
      if (typeof item.uri !== 'string' || typeof item.text !== 'string') throw new TypeError('no document');
      const document = openDocument(item);
      documents.set(item.uri, document);
      return document;
    },
    change: (uri, version, changes) => documents.get(uri)?.change(version, changes),
    close: (uri) => void documents.delete(uri),
  };
}

function openDocument({ uri, languageId, version: first, text: original }: TextDocumentItem): Changing {
  let version = first;
  // Where a carriage return ends a line, too, the protocol's library counts lines: rare, and slow in a long text.
  let text: TextBuffer | TextDocument = textOf(original);
  function textOf(whole: string): TextBuffer | TextDocument {
    return hasLoneReturn(whole) ? TextDocument.create(uri, languageId, version, whole) : textBuffer(whole);
  }
  const whole = (): string => ('getText' in text ? text.getText() : text.text());
  return {
    uri,
    languageId,
    get version() {
      return version;
    },
    getText(range) {
      if (range === undefined) return whole();
      return 'getText' in text ? text.getText(range) : text.slice(range);
    },
    change(now, changes) {
      version = now;
      for (const change of changes) {
        if (!('range' in change)) {
          text = textOf(change.text);
        } else if (!('getText' in text) && !hasLoneReturn(change.text)) {
          text.edit(change.range, change.text);
        } else {
          if (!('getText' in text)) text = TextDocument.create(uri, languageId, version, text.text());
          TextDocument.update(text, [change], version);
        }
      }
    },
  };
}
