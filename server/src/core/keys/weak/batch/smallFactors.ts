/**
 * Which of many moduli have a prime up to 65,537. Most such moduli are damaged ones rather than made so, which is as bad: what is
 * left is often smooth.
 *
 * The remainder of the product of all moduli goes down a product tree of the primes (Bernstein: How to find small factors of
 * integers, 2002). A prime at whose leaf it is not zero divides none of them, which most often is all there is to know.
 */
import { greatestCommonDivisor, primesUpTo, productOf } from '../../../credential/integers.ts';

export const LARGEST_SMALL_PRIME = 65_537;
/** Multiplied before the remainder is taken: about as many digits as the product of the primes has. */
const MODULI_AT_ONCE = 32;

let primeTree: readonly (readonly bigint[])[] | undefined;

/** Those of the moduli that have such a prime, or are no larger than one. Yields between two operations on large numbers. */
export function* withSmallFactors(moduli: readonly bigint[]): Generator<void, ReadonlySet<bigint>> {
  const isSmall = (modulus: bigint): boolean => modulus <= BigInt(LARGEST_SMALL_PRIME);
  const found = new Set(moduli.filter(isSmall));
  const large = moduli.filter((modulus) => !isSmall(modulus));
  if (large.length === 0) return found;
  primeTree ??= treeOf(primesUpTo(LARGEST_SMALL_PRIME).map(BigInt));
  const product = yield* remainderOfProduct(large, primeTree[0]?.[0] ?? 1n);
  const dividing = productOf(yield* dividingPrimes(product, primeTree));
  if (dividing === 1n) return found;
  for (const modulus of large) {
    if (greatestCommonDivisor(modulus, dividing % modulus) !== 1n) found.add(modulus);
    yield;
  }
  return found;
}

/** From the product of all down to each by itself. */
function treeOf(numbers: readonly bigint[]): readonly (readonly bigint[])[] {
  const levels = [numbers];
  for (let level = numbers; level.length > 1; levels.push(level))
    level = Array.from({ length: (level.length + 1) >> 1 }, (_, index) =>
      productOf(level.slice(2 * index, 2 * index + 2)),
    );
  return levels.reverse();
}

function* remainderOfProduct(moduli: readonly bigint[], divisor: bigint): Generator<void, bigint> {
  let remainder = 1n;
  for (let start = 0; start < moduli.length; start += MODULI_AT_ONCE) {
    remainder = (remainder * productOf(moduli.slice(start, start + MODULI_AT_ONCE))) % divisor;
    yield;
  }
  return remainder;
}

function* dividingPrimes(
  remainder: bigint,
  [top, ...levels]: readonly (readonly bigint[])[],
): Generator<void, readonly bigint[]> {
  let remainders: readonly bigint[] = [remainder];
  let numbers = top ?? [];
  for (numbers of levels) {
    const above = remainders;
    remainders = numbers.map((number, index) => (above[index >> 1] ?? 0n) % number);
    yield;
  }
  return numbers.filter((_, index) => remainders[index] === 0n);
}
