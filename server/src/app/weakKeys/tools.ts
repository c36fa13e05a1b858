import { checkPrimeSync } from 'node:crypto';
import { publishedKey } from '../../core/keys/weak/published.ts';
import type { WeakKeyTools } from '../../core/keys/weak/weakKeys.ts';
import { openBlockList } from './openBlockList.ts';

/** One round of Miller and Rabin: it only has to tell a prime from a product of two large ones. */
const ROUNDS = { checks: 1 };

export interface WeakKeyOptions {
  /** A block list of compromised keys: chosen by who runs this, never by a repository. */
  readonly blockList?: string;
}

/** `close` once they are used no more. */
export function openWeakKeyTools({ blockList }: WeakKeyOptions): WeakKeyTools & { close(): void } {
  const list = blockList === undefined ? undefined : openBlockList(blockList);
  return {
    isPrime: (value) => checkPrimeSync(value, ROUNDS),
    known: (spkiSha256, numbers) =>
      [publishedKey(spkiSha256), list?.find(numbers)].filter((each) => each !== undefined),
    close: () => list?.close(),
  };
}
