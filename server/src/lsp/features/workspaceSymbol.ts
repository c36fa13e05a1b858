import { type SymbolInformation, SymbolKind, WorkspaceSymbolRequest } from 'vscode-languageserver/node';
import { type Feature, onRequest } from '../table.ts';

const MOST = 500;

/** Finds any manifest of the window by kind, namespace and name. */
export const workspaceSymbol: Feature = {
  capabilities: () => ({ workspaceSymbolProvider: true }),
  rows: [
    onRequest(
      WorkspaceSymbolRequest.type,
      async ({ query }, { session, signal }): Promise<SymbolInformation[]> => {
        const { findSymbols, symbolName } = await import('../../core/editing/symbolSearch.ts');
        const projects = await session.projects.all();
        signal.throwIfAborted();
        return projects.flatMap((opened) =>
          findSymbols(opened.project.workspace.index(), query, MOST).map((resource) => ({
            name: symbolName(resource),
            kind: SymbolKind.Object,
            containerName: projects.length > 1 ? `${opened.project.name}: ${resource.file}` : resource.file,
            location: { uri: opened.uriOf(resource.file), range: resource.locate(['metadata', 'name']) },
          })),
        );
      },
    ),
  ],
};
