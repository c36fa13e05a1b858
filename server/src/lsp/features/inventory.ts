import { identityOf, readArguments } from '../commands/arguments.ts';
import { projectOf } from '../commands/command.ts';
import { readInventory } from '../commands/inventory.ts';
import { ChangedNotification, InventoryRequest, LogRequest } from '../protocol.ts';
import { type Feature, onRequest } from '../table.ts';

/** What the expiry tree is made of, and the word that it is to look again. */
export const inventory: Feature = {
  rows: [
    onRequest(InventoryRequest, (params, { session, signal }) =>
      readInventory({ session, args: readArguments(params), signal }),
    ),
    onRequest(LogRequest, async (params, { session, signal }) => {
      const args = readArguments(params);
      const identity = identityOf(args);
      const opened = await projectOf({ session, args });
      return opened.project.events(identity, signal);
    }),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what !== 'text') session.client.notify(ChangedNotification, { roots: [change.opened.uri] });
    });
  },
};
