import { DocumentSymbolRequest, SymbolKind } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

/** One symbol for each document of a manifest. */
export const documentSymbol: Feature = {
  capabilities: () => ({ documentSymbolProvider: true }),
  rows: [
    onRequest(DocumentSymbolRequest.type, async ({ textDocument }, { session, signal }) => {
      const at = await readFileAt(session, textDocument, signal);
      return (at?.file.documents ?? []).flatMap((document) => {
        const { resource } = document;
        if (resource === undefined) return [];
        const selectionRange = resource.locate(['metadata', 'name']);
        return [
          {
            name: resource.name,
            detail: resource.namespace === '' ? resource.kind : `${resource.kind} in ${resource.namespace}`,
            kind: SymbolKind.Object,
            range: {
              start: { line: Math.min(document.startLine, selectionRange.start.line), character: 0 },
              end: {
                line: Math.max(document.endLine, selectionRange.end.line),
                character: selectionRange.end.line < document.endLine ? 0 : selectionRange.end.character,
              },
            },
            selectionRange,
          },
        ];
      });
    }),
  ],
};
