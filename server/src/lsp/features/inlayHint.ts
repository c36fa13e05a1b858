import { type InlayHint, InlayHintRequest } from 'vscode-languageserver/node';
import { readFileAt } from '../fileAt.ts';
import { rowsOfEach, stateTitle } from '../standingTitle.ts';
import { type Feature, onRequest } from '../table.ts';

/** Behind an identity's name: how long it is still good; nothing for what is good without end. The quiet way to see what a lens says above. */
export const inlayHint: Feature = {
  capabilities: () => ({ inlayHintProvider: { resolveProvider: false } }),
  rows: [
    onRequest(
      InlayHintRequest.type,
      async ({ textDocument, range }, { session, signal }): Promise<InlayHint[]> => {
        if (!session.settings().inlayHints.enabled) return [];
        const at = await readFileAt(session, textDocument, signal);
        if (at === undefined) return [];
        const { rows } = await at.opened.state.snapshot(signal);
        const index = at.opened.project.workspace.index();
        const declared = at.file.documents.flatMap(({ resource }) => resource?.id ?? []);
        const rowsOf = rowsOfEach(rows, declared);
        return at.file.documents.flatMap(({ startLine, endLine, resource }): InlayHint[] => {
          if (resource === undefined || endLine < range.start.line || startLine > range.end.line) return [];
          const first = index.get(resource.id);
          const isFirst = first?.file === resource.file && first.documentIndex === resource.documentIndex;
          const place = isFirst ? resource.find(['metadata', 'name']) : undefined;
          // The backend is in the lens; here is room for a few words.
          const own = rowsOf(resource.id)
            .filter((row) => row.state !== 'active' || row.notAfter !== null)
            .map((row) => ({ ...row, backend: null }));
          const label = stateTitle(own, session.now());
          return place === undefined || label === ''
            ? []
            : [{ position: place.end, label, paddingLeft: true }];
        });
      },
    ),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what === 'world') session.client.refreshInlayHints();
    });
  },
};
