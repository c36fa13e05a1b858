import type { IdentityId } from '../identity/identityId.ts';
import type { Cancellation } from '../ports.ts';
import type { IdentityEvent } from './event.ts';

/** An event before the store has put it into this clone's chain. */
export type NewEvent = IdentityEvent extends infer Each
  ? Each extends IdentityEvent
    ? Omit<Each, 'chain'>
    : never
  : never;

export interface StoredRecord {
  /** Oldest first; events of former names included when they are asked for. */
  readonly events: readonly IdentityEvent[];
  /** Changes whenever the set of events does; `append` compares it. */
  readonly head: string;
}

/** A file of the record that cannot be read as an event. */
export interface DamagedEvent {
  readonly file: string;
  readonly why: string;
}

/** Everything that is recorded, each identity under the name that its events bear. */
export interface AllRecords {
  readonly records: readonly { readonly identity: IdentityId; readonly events: readonly IdentityEvent[] }[];
  readonly damaged: readonly DamagedEvent[];
}

/** What is known about the world, apart from any commit. The first store is files; others are check-and-set servers. */
export interface StateStore {
  /** Every identity that has at least one event. */
  list(signal: Cancellation): Promise<readonly IdentityId[]>;
  read(identity: IdentityId, signal: Cancellation): Promise<StoredRecord>;
  /** In one pass, for whoever looks at the whole project. */
  readAll(signal: Cancellation): Promise<AllRecords>;
  /**
   * Adds events if the record's head still is `expectedHead`; throws `StaleHead` if it is not. Idempotent by event id:
   * an event that is there already is answered as it stands. Durable when it returns: a store that dies then, or loses
   * power, finishes the append when it is opened again.
   */
  append(
    identity: IdentityId,
    events: readonly NewEvent[],
    expectedHead: string,
    signal: Cancellation,
  ): Promise<StoredRecord & { readonly appended: readonly IdentityEvent[] }>;
  /**
   * After the last of several appends: all of them are where they belong, and the store forgets how it would finish them.
   * Until then it does so for a process that died, wherever the work tree is by then.
   */
  settle(signal: Cancellation): Promise<void>;
  /** Writes complete events back that were lost from the work tree; those that are there are left alone. Gives the files written. */
  restore(events: readonly IdentityEvent[], signal: Cancellation): Promise<readonly string[]>;
  damaged(signal: Cancellation): Promise<readonly DamagedEvent[]>;
}

export class StaleHead extends Error {
  override readonly name = 'StaleHead';
}
