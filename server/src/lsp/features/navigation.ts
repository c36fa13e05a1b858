import {
  DefinitionRequest,
  type DocumentHighlight,
  DocumentHighlightKind,
  DocumentHighlightRequest,
  type Location,
  type Position,
  ReferencesRequest,
} from 'vscode-languageserver/node';
import type { Occurrence } from '../../core/editing/occurrences.ts';
import { type FileAt, fileAt } from '../fileAt.ts';
import { type Call, type Feature, onRequest } from '../table.ts';

/** From a name to its manifest, and to all that name it. */
export const navigation: Feature = {
  capabilities: () => ({
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
  }),
  rows: [
    onRequest(DefinitionRequest.type, async ({ textDocument, position }, call): Promise<Location | null> => {
      const found = await namedAt(textDocument, position, call);
      const declaration = found?.all.find(({ is }) => is === 'declaration');
      return found === undefined || declaration === undefined ? null : locationOf(found.at, declaration);
    }),
    onRequest(
      ReferencesRequest.type,
      async ({ textDocument, position, context }, call): Promise<Location[]> => {
        const found = await namedAt(textDocument, position, call);
        return (found?.all ?? [])
          .filter(({ is }) => is === 'reference' || context.includeDeclaration)
          .flatMap((each) => (found === undefined ? [] : [locationOf(found.at, each)]));
      },
    ),
    onRequest(
      DocumentHighlightRequest.type,
      async ({ textDocument, position }, call): Promise<DocumentHighlight[]> => {
        const found = await namedAt(textDocument, position, call);
        return (found?.all ?? [])
          .filter(({ holder }) => holder.file === found?.at.path)
          .map(({ is, range }) => ({
            range,
            kind: is === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
          }));
      },
    ),
  ],
};

/** What is named at a position, and all places that name it. */
async function namedAt(
  textDocument: { readonly uri: string },
  position: Position,
  { session }: Call,
): Promise<{ readonly at: FileAt; readonly all: readonly Occurrence[] } | undefined> {
  await session.projects.at(textDocument.uri);
  const at = await fileAt(session, textDocument);
  if (at === undefined) return undefined;
  const { occurrenceAt, occurrencesOf } = await import('../../core/editing/occurrences.ts');
  const index = at.opened.project.workspace.index();
  const named = occurrenceAt(index, at.path, position);
  return named && { at, all: occurrencesOf(index, named.resource) };
}

function locationOf({ opened }: FileAt, { holder, range }: Occurrence): Location {
  return { uri: opened.uriOf(holder.file), range };
}
