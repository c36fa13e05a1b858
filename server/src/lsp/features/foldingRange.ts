import { type FoldingRange, FoldingRangeKind, FoldingRangeRequest } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

/** Documents, maps, lists, comments and regions fold by whole lines. */
export const foldingRange: Feature = {
  capabilities: () => ({ foldingRangeProvider: true }),
  rows: [
    onRequest(
      FoldingRangeRequest.type,
      async ({ textDocument }, { session, signal }): Promise<FoldingRange[] | null> => {
        const at = await readFileAt(session, textDocument, signal);
        // Not an empty list: of what is none of ours the editor then finds out itself.
        if (at === undefined) return null;
        const { foldsOf } = await import('../../core/editing/folding.ts');
        return foldsOf(at.file.text)
          .slice(0, session.client.mostFolds)
          .map(({ startLine, endLine, kind }) => ({
            startLine,
            endLine,
            ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
            ...(kind === 'document' || kind === 'region' ? { kind: FoldingRangeKind.Region } : {}),
          }));
      },
    ),
  ],
};
