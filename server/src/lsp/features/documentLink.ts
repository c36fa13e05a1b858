import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DocumentLink, DocumentLinkRequest } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

/** Files that are looked for in one manifest: far more than any has, few enough for a slow disk. */
const MOST = 200;

/** Delivered files, certificate requests, roots and revocation lists that are there open with a click. */
export const documentLink: Feature = {
  capabilities: () => ({ documentLinkProvider: { resolveProvider: false } }),
  rows: [
    onRequest(DocumentLinkRequest.type, async ({ textDocument }, { session, signal }) => {
      const at = await readFileAt(session, textDocument, signal);
      if (at === undefined) return [];
      const { namedFiles } = await import('../../core/editing/filePaths.ts');
      const named = at.file.documents.flatMap((document) => namedFiles(document)).slice(0, MOST);
      const links = await Promise.all(
        named.map(async ({ range, files }): Promise<DocumentLink[]> => {
          const first = await firstFile(at.opened.root, files);
          if (first === undefined) return [];
          return [{ range, target: pathToFileURL(path.join(at.opened.root, first)).href, tooltip: first }];
        }),
      );
      signal.throwIfAborted();
      return links.flat();
    }),
  ],
};

/** Of several machines' files the first that is there. */
async function firstFile(root: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files.slice(0, MOST)) {
    const found = await stat(path.join(root, file)).catch(() => undefined);
    if (found?.isFile() === true) return file;
  }
  return undefined;
}
