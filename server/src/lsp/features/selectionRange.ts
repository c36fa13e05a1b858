import { type SelectionRange, SelectionRangeRequest } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { type Feature, onRequest } from '../table.ts';

/** Grows a selection from a word to its entry, its map and its document. */
export const selectionRange: Feature = {
  capabilities: () => ({ selectionRangeProvider: true }),
  rows: [
    onRequest(SelectionRangeRequest.type, async ({ textDocument, positions }, { session, signal }) => {
      const at = await readFileAt(session, textDocument, signal);
      if (at === undefined) return null;
      const { selectionAt } = await import('../../core/editing/selection.ts');
      return positions.map((position): SelectionRange => {
        const ranges = selectionAt(at.file, position);
        const [first = { start: position, end: position }, ...outer] = ranges.toReversed();
        return outer.reduce<SelectionRange>((parent, range) => ({ range, parent }), { range: first });
      });
    }),
  ],
};
