/** One way to all that is fetched: what was asked in this run is not asked again, and what was kept before is taken where it may be. */
import { randomBytes } from 'node:crypto';
import type { Outside, OutsideQuestion, Told } from './askOutside.ts';
import type { KeptAnswer, StatusCache } from './statusCache.ts';

export type Fetched =
  | (KeptAnswer & {
      readonly kind: 'told';
      /** Of an earlier run. */
      readonly isKept: boolean;
    })
  | Extract<Told, { kind: 'silent' }>;

export interface StatusSources {
  get(key: string, question: OutsideQuestion, signal: AbortSignal): Promise<Fetched>;
  /** It proved right: it need not be asked for until then. */
  keep(key: string, answer: Extract<Fetched, { kind: 'told' }>, until: string): Promise<void>;
  /** What an earlier run kept led to nothing; true: it will be asked for, then. */
  forget(key: string): boolean;
  /** One for each question of this run. */
  nonce(key: string, octets: number): Uint8Array;
}

export interface SourcesOptions {
  readonly outside: Outside;
  readonly cache: StatusCache;
  /** The time for which somebody wants to know. */
  readonly now: Date;
  /** Nothing that was kept counts. */
  readonly refresh: boolean;
}

export function openSources({ outside, cache, now, refresh }: SourcesOptions): StatusSources {
  const known = new Map<string, Fetched>();
  const nonces = new Map<string, Uint8Array>();
  const forgotten = new Set<string>();
  const obtained = async (key: string, question: OutsideQuestion, signal: AbortSignal): Promise<Fetched> => {
    const kept = refresh || forgotten.has(key) ? undefined : cache.get(key, now);
    if (kept !== undefined) return { kind: 'told', ...kept, isKept: true };
    const told = await outside.ask(question, signal);
    return told.kind === 'silent' ? told : { ...told, askedAt: new Date().toISOString(), isKept: false };
  };
  return {
    async get(key, question, signal) {
      const answer = known.get(key) ?? (await obtained(key, question, signal));
      known.set(key, answer);
      return answer;
    },
    async keep(key, answer, until) {
      if (!answer.isKept) await cache.put(key, answer, until);
    },
    forget(key) {
      const answer = known.get(key);
      if (answer?.kind !== 'told' || !answer.isKept) return false;
      known.delete(key);
      forgotten.add(key);
      return true;
    },
    nonce(key, octets) {
      const nonce = nonces.get(key) ?? new Uint8Array(randomBytes(octets));
      nonces.set(key, nonce);
      return nonce;
    },
  };
}
