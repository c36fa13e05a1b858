import type { PlacedRow } from './inventory.ts';
import { formatIdentity } from './protocol.ts';

/** What a command of the server is sent for a row. */
export interface RowAddress {
  readonly identity: string;
  readonly machine?: string;
  readonly uri: string;
}

/** A row is one machine's share, and what is done to it is done to that machine alone. */
export function rowAddress({ project, row }: PlacedRow): RowAddress {
  return {
    identity: formatIdentity(row),
    ...(row.machine === null ? {} : { machine: row.machine }),
    uri: project.root,
  };
}
