/** What is wrong with public keys: each by itself, and all of them together. */
import { keyFactorable } from '../../credential/findings/keyFactorable.ts';
import { keyUnchecked } from '../../credential/findings/keyUnchecked.ts';
import { normalizeSpki } from '../../credential/spki.ts';
import { LARGEST_SMALL_PRIME, withSmallFactors } from './batch/smallFactors.ts';
import type { KeyProblem } from './check.ts';
import { WEAK_KEY_CHECKS } from './checks/registry.ts';
import { type KeyNumbers, keyNumbers, LARGEST_BITS } from './keyNumbers.ts';
import { type BatchKey, sharedPrimes } from './sharedPrimes.ts';

/** Public keys (DER SubjectPublicKeyInfo) with the hex SHA-256 of it, each once. A map is such. */
export interface PublicKeys extends Iterable<readonly [spkiSha256: string, spki: Uint8Array]> {
  readonly size: number;
}

export type KeyProblems = ReadonlyMap<string, readonly KeyProblem[]>;

export interface WeakKeyTools {
  /** Whether a number is prime; a library does that a hundred times faster than this language's arithmetic. */
  isPrime(value: bigint): boolean;
  /** Lists of keys whose private half is known. */
  known(spkiSha256: string, numbers: KeyNumbers): readonly KeyProblem[];
}

/** A modulus that is prime is rare, and to ask costs more than all else: where no more keys than these are asked about. */
const MOST_PRIME_TESTS = 16;

/** Yields often, so that others have their turn. Keys that are well do not stand in what it gives. */
export function* weakKeySteps(keys: PublicKeys, tools: WeakKeyTools): Generator<void, KeyProblems> {
  const problems = new Map<string, KeyProblem[]>();
  const note = (spkiSha256: string, problem: KeyProblem): void => {
    const others = problems.get(spkiSha256);
    if (others === undefined) problems.set(spkiSha256, [problem]);
    else others.push(problem);
  };
  const rsa: BatchKey[] = [];
  for (const [spkiSha256, spki] of keys) {
    const numbers = keyNumbers(normalizeSpki(spki) ?? spki);
    if (numbers === undefined) continue;
    for (const problem of tools.known(spkiSha256, numbers)) note(spkiSha256, problem);
    if (numbers.kind === 'RSA') rsa.push({ spkiSha256, numbers });
    else for (const problem of problemsOf(numbers)) note(spkiSha256, problem);
    yield;
  }
  const small = yield* withSmallFactors(rsa.map(({ numbers }) => numbers.modulus));
  const primes = keys.size <= MOST_PRIME_TESTS ? tools : undefined;
  const batch: BatchKey[] = [];
  for (const key of rsa) {
    const { spkiSha256, numbers } = key;
    const isSmall = small.has(numbers.modulus);
    for (const problem of problemsOf(numbers, isSmall ? [smallFactor(numbers.modulus)] : [], primes))
      note(spkiSha256, problem);
    // Such a key is damaged, and would have that factor in common with many others.
    if (!isSmall) batch.push(key);
    yield;
  }
  const { problems: shared, left } = yield* sharedPrimes(batch);
  for (const [spkiSha256, problem] of shared) note(spkiSha256, problem);
  for (const spkiSha256 of left) note(spkiSha256, LEFT_OUT);
  return problems;
}

const LEFT_OUT: KeyProblem = {
  rule: keyUnchecked,
  message: `the key was not compared with the others for common primes: too many keys were given at once`,
};

function smallFactor(modulus: bigint): KeyProblem {
  const what =
    (modulus & 1n) === 0n
      ? 'is even, which no product of two large primes is'
      : `has a prime factor up to ${LARGEST_SMALL_PRIME}`;
  return {
    rule: keyFactorable,
    message: `the modulus of the key ${what}: it is damaged, or made to be broken`,
  };
}

function problemsOf(
  numbers: KeyNumbers,
  known: readonly KeyProblem[] = [],
  primes?: WeakKeyTools,
): readonly KeyProblem[] {
  if (numbers.kind === 'too-large') {
    const { what, bits } = numbers;
    const message = `the ${what} of the key has ${bits} bits, and of more than ${LARGEST_BITS} nothing was computed`;
    return [{ rule: keyUnchecked, message }];
  }
  const found = [...known];
  for (const check of WEAK_KEY_CHECKS) {
    const problem = check.find(numbers);
    // One way to the private key is enough to say so.
    if (problem === undefined || found.some(({ rule }) => rule === problem.rule)) continue;
    found.push(problem);
  }
  if (numbers.kind !== 'RSA' || found.some(({ rule }) => rule === keyFactorable)) return found;
  if (primes?.isPrime(numbers.modulus) !== true) return found;
  const message =
    'the modulus of the key is a prime, not a product of two: anybody can compute the private key';
  return [...found, { rule: keyFactorable, message }];
}
