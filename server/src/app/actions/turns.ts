import { createHash } from 'node:crypto';
import path from 'node:path';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { LockHeld, lockHolder, withLock } from '../../platform/disk/lock.ts';

/** One process at a time works on one identity. */
export interface Turns {
  /** `what` is done, in a word or two. Refused as `busy`, in words that say whose turn it is. */
  take<T>(
    identity: IdentityId,
    what: string,
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | Refusal>;
  /** Looks without taking it, so nobody is kept out meanwhile. */
  isTaken(identity: IdentityId): Promise<boolean>;
}

export function openTurns(folder: string): Turns {
  const lockOf = (identity: IdentityId): string =>
    path.join(
      folder,
      `${createHash('sha256').update(formatIdentity(identity)).digest('hex').slice(0, 32)}.lock`,
    );
  return {
    async take(identity, what, work, signal) {
      try {
        return await withLock(lockOf(identity), work, { wait: 'no', what, often: what }, signal);
      } catch (error) {
        if (!(error instanceof LockHeld)) throw error;
        const { pid, since } = error.holder;
        return refusal(
          identity,
          'busy',
          `Process ${pid} has been working on ${formatIdentity(identity)} since ${since} (${error.holder.what}).`,
          'Wait until it has ended, then look at the new state before you try again.',
        );
      }
    },
    isTaken: async (identity) => (await lockHolder(lockOf(identity))) !== undefined,
  };
}
