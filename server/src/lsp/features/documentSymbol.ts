import { DocumentSymbolRequest, SymbolKind } from 'vscode-languageserver/node';
import { type Feature, onRequest } from '../table.ts';

/** One symbol for each document of a manifest. */
export const documentSymbol: Feature = {
  capabilities: () => ({ documentSymbolProvider: true }),
  rows: [
    onRequest(DocumentSymbolRequest.type, async ({ textDocument }, { session }) => {
      const opened = await session.projects.at(textDocument.uri);
      const path = opened?.pathOf(textDocument.uri);
      const file = path === undefined ? undefined : opened?.project.workspace.files().get(path);
      return (file?.documents ?? []).flatMap((document) => {
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
