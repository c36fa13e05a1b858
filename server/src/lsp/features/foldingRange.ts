import { type FoldingRange, FoldingRangeKind, FoldingRangeRequest } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

/** Documents, maps, lists and comments fold by whole lines. */
export const foldingRange: Feature = {
  capabilities: () => ({ foldingRangeProvider: true }),
  rows: [
    onRequest(
      FoldingRangeRequest.type,
      async ({ textDocument }, { session, signal }): Promise<FoldingRange[]> => {
        const at = await readFileAt(session, textDocument, signal);
        if (at === undefined) return [];
        const { foldsOf } = await import('../../core/editing/folding.ts');
        return foldsOf(at.file.text)
          .slice(0, session.client.mostFolds)
          .map(({ startLine, endLine, kind }) => ({
            startLine,
            endLine,
            ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
            ...(kind === 'document' ? { kind: FoldingRangeKind.Region } : {}),
          }));
      },
    ),
  ],
};
