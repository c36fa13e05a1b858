import { holdingsOf, NO_HOLDINGS } from '../../core/inventory/holdings.ts';
import { optionalText, readArguments } from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import { wantsSignIn } from '../signInOffer.ts';
import { type Feature, onRequest } from '../table.ts';
import { type BackendItem, BackendsRequest } from '../treeProtocol.ts';

/** The backends that are declared, with what is known of them here. Nobody is contacted. */
export const backends: Feature = {
  rows: [
    onRequest(BackendsRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const all = optionalText(args, 'uri') === undefined;
      const projects = all ? await session.projects.all() : [await projectOf({ session, args })];
      const items: BackendItem[] = [];
      for (const opened of projects) {
        const { rows } = await opened.state.snapshot(signal);
        const holdings = holdingsOf(rows);
        for (const backend of await opened.project.backends(signal)) {
          const isKnown = backend.standing !== 'broken' && backend.standing !== 'untrusted';
          items.push({
            ...backend,
            id: `${opened.uri}#${backend.backend}`,
            uri: opened.uri,
            ...(projects.length > 1 ? { project: opened.project.name } : {}),
            holds: holdings.get(backend.backend) ?? NO_HOLDINGS,
            signIn: isKnown && (await wantsSignIn(session, opened, backend.backend)),
          });
        }
      }
      return items;
    }),
  ],
};
