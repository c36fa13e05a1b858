import type { Declaration } from './declaration.ts';
import { NO_END } from './event.ts';
import type { Generation, IdentityRecord } from './record.ts';
import { currentGeneration } from './record.ts';

/** Where an identity (or one machine's share of it) stands. Computed, never stored. */
export type IdentityState =
  | 'declared'
  | 'pending'
  | 'active'
  | 'due'
  | 'outOfDate'
  | 'superseded'
  | 'suspended'
  | 'expired'
  | 'revoked'
  | 'destroying'
  | 'destroyed'
  | 'orphaned'
  | 'unknown';

export interface Standing {
  readonly state: IdentityState;
  readonly current: Generation | null;
  /** Null: nothing is live, or it has no end. */
  readonly renewAfter: Date | null;
}

/** Without a declared `renewal.before`, a third of the real lifetime is left when renewal is due. */
export const DEFAULT_RENEWAL_SHARE = 1 / 3;

/** When a certificate should be renewed, from its own dates rather than from what the manifest asked for. */
export function renewAfter(generation: Generation, before: Declaration['renewal']['before'] | null): Date {
  const from = Date.parse(generation.credential.notBefore);
  const until = Date.parse(generation.credential.notAfter);
  const wanted = before ?? { share: DEFAULT_RENEWAL_SHARE };
  const left = 'seconds' in wanted ? wanted.seconds * 1000 : wanted.share * (until - from);
  return new Date(Math.max(from, until - left));
}

/** Ended for good or for a while, told by the newest generation that was not undone. */
function endedState(generation: Generation): IdentityState {
  if (generation.keyDestroyed) return 'destroyed';
  if (generation.revoked !== null) {
    return generation.revoked.reason === 'certificateHold' ? 'suspended' : 'revoked';
  }
  return 'superseded';
}

export interface StandingInput {
  readonly record: IdentityRecord;
  readonly bearer: string | null;
  /** Null: the manifest, or this machine in it, is gone. */
  readonly declaration: Declaration | null;
  readonly specDigest: string | null;
  /** `unclear`: a step may have acted and nobody can tell. */
  readonly unfinished: 'none' | 'making' | 'destroying' | 'unclear';
  readonly now: Date;
}

export function standingOf({
  record,
  bearer,
  declaration,
  specDigest,
  unfinished,
  now,
}: StandingInput): Standing {
  const current = currentGeneration(record, bearer) ?? null;
  if (current === null) {
    if (unfinished === 'unclear') return { state: 'unknown', current, renewAfter: null };
    return { state: unfinished === 'making' ? 'pending' : 'declared', current, renewAfter: null };
  }
  const isLive = record.live.get(bearer)?.some((generation) => generation.id === current.id) ?? false;
  const due = renewAfter(current, declaration?.renewal.before ?? null);
  const ends = current.credential.notAfter !== NO_END;
  const answer = (state: IdentityState): Standing => ({
    state,
    current,
    renewAfter: isLive && ends ? due : null,
  });
  if (unfinished === 'unclear') return answer('unknown');
  if (unfinished === 'destroying') return answer('destroying');
  if (!isLive) return answer(endedState(current));
  if (declaration === null) return answer('orphaned');
  if (now.getTime() >= Date.parse(current.credential.notAfter)) return answer('expired');
  if (unfinished === 'making') return answer('pending');
  if (specDigest !== null && current.issued.specDigest !== specDigest) return answer('outOfDate');
  return answer(now.getTime() >= due.getTime() ? 'due' : 'active');
}
