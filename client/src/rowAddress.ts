import { formatIdentity } from './protocol.ts';
import type { TreeRow } from './treeProtocol.ts';

/** What a command of the server is sent for a row, and what a command of a menu is given. */
export interface RowAddress {
  readonly identity: string;
  readonly machine?: string;
  readonly uri: string;
}

/** A row is one machine's share, and what is done to it is done to that machine alone. */
export function rowAddress({ identity, machine, uri }: RowAddress | TreeRow): RowAddress {
  return {
    identity: typeof identity === 'string' ? identity : formatIdentity(identity),
    ...(machine === null || machine === undefined ? {} : { machine }),
    uri,
  };
}
