/** Keys on their way to another thread: an octet string of its own for each would take longer to send than to look at. */
import type { PublicKeys } from '../../core/keys/weak/weakKeys.ts';

/** One after the other, and where each ends. */
export interface KeyColumns {
  readonly hashes: readonly string[];
  readonly octets: Uint8Array;
  readonly ends: Uint32Array;
}

export function columnsOf(keys: PublicKeys): KeyColumns {
  const all = [...keys];
  const octets = new Uint8Array(all.reduce((size, [, spki]) => size + spki.length, 0));
  const ends = new Uint32Array(all.length);
  let size = 0;
  for (const [index, [, spki]] of all.entries()) {
    octets.set(spki, size);
    size += spki.length;
    ends[index] = size;
  }
  return { hashes: all.map(([hash]) => hash), octets, ends };
}

export function keysIn({ hashes, octets, ends }: KeyColumns): PublicKeys {
  return {
    size: hashes.length,
    *[Symbol.iterator]() {
      for (const [index, hash] of hashes.entries())
        yield [hash, octets.subarray(ends[index - 1] ?? 0, ends[index])] as const;
    },
  };
}
