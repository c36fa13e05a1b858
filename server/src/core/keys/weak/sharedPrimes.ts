/** Keys of a batch whose moduli have a prime in common. */
import { keySharedFactor } from '../../credential/findings/keySharedFactor.ts';
import { plural } from '../../text/instant.ts';
import { sharedFactors } from './batch/sharedFactors.ts';
import type { KeyProblem } from './check.ts';
import type { RsaNumbers } from './keyNumbers.ts';

/** All moduli of a batch together: some 65,000 keys of 2,048 bits, about a minute. Memory is about ten times that. */
const LARGEST_BATCH_BITS = 1 << 27;
/** Partners that are named. */
const MOST_NAMED = 20;

export interface BatchKey {
  readonly spkiSha256: string;
  readonly numbers: RsaNumbers;
}

export interface SharedPrimes {
  readonly problems: ReadonlyMap<string, KeyProblem>;
  /** Those that were left out, as the batch was full. */
  readonly left: readonly string[];
}

export function* sharedPrimes(keys: readonly BatchKey[]): Generator<void, SharedPrimes> {
  const { moduli, left } = yield* batchOf(keys);
  const numbers = [...moduli.keys()];
  const shared = yield* sharedFactors(numbers);
  const problems = new Map<string, KeyProblem>();
  for (const [index, others] of shared) {
    const partners = others.flatMap((other) => holdersOf(moduli, numbers, other));
    for (const spkiSha256 of holdersOf(moduli, numbers, index)) problems.set(spkiSha256, problemOf(partners));
  }
  return { problems, left };
}

/** One modulus may stand in several keys, with other exponents. */
function* batchOf(
  keys: readonly BatchKey[],
): Generator<
  void,
  { readonly moduli: ReadonlyMap<bigint, readonly string[]>; readonly left: readonly string[] }
> {
  const moduli = new Map<bigint, string[]>();
  const left: string[] = [];
  let bits = 0;
  for (const { spkiSha256, numbers } of keys) {
    const same = moduli.get(numbers.modulus);
    yield;
    if (same !== undefined) same.push(spkiSha256);
    else if (bits + numbers.bits > LARGEST_BATCH_BITS) left.push(spkiSha256);
    else {
      moduli.set(numbers.modulus, [spkiSha256]);
      bits += numbers.bits;
    }
  }
  return { moduli, left };
}

function holdersOf(
  moduli: ReadonlyMap<bigint, readonly string[]>,
  numbers: readonly bigint[],
  index: number,
): readonly string[] {
  const modulus = numbers[index];
  return modulus === undefined ? [] : (moduli.get(modulus) ?? []);
}

function problemOf(partners: readonly string[]): KeyProblem {
  const whom =
    partners.length === 0 ? 'others that were looked at' : plural(partners.length, 'other key', 'other keys');
  return {
    rule: keySharedFactor,
    message: `the key has a prime in common with ${whom}: whoever has the public keys can compute the private ones`,
    others: partners.slice(0, MOST_NAMED),
  };
}
