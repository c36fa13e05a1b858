import { fileMarks as marksOf } from '../../core/inventory/fileMarks.ts';
import { inventoryOf } from '../inventoryView.ts';
import { type Feature, onRequest } from '../table.ts';
import { FileMarksRequest } from '../treeProtocol.ts';

/** A tree of files shows no more of them at a time. */
const MOST = 2000;

/** Manifests with something that ends within a week or wants a person: small, however many identities there are. */
export const fileMarks: Feature = {
  rows: [
    onRequest(FileMarksRequest, async (_params, { session, signal }) => {
      const { rows } = await inventoryOf(session, signal);
      const projects = new Map((await session.projects.allNear()).map((opened) => [opened.uri, opened]));
      return marksOf(rows, MOST).flatMap(({ root, file, ...mark }) => {
        const opened = projects.get(root);
        return opened === undefined ? [] : [{ uri: opened.uriOf(file), ...mark }];
      });
    }),
  ],
};
