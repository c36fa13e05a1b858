/** Which of many moduli have a prime in common, and with which others (Heninger et al.: Mining Your Ps and Qs, 2012). */
import { greatestCommonDivisor } from '../../../credential/integers.ts';
import { cofactorRemainders } from './cofactorRemainders.ts';

/** So many divisions and divisors are tried to say who shares with whom; that a key shares is known without them. */
const MOST_DIVISIONS = 1_000_000;
const MOST_DIVISORS = 10_000;

/**
 * By index, the indices of those that it shares a factor with, as far as they can be told. The moduli are different from each
 * other and above 1.
 */
export function* sharedFactors(
  moduli: readonly bigint[],
): Generator<void, ReadonlyMap<number, readonly number[]>> {
  const remainders = yield* cofactorRemainders(moduli);
  const common = new Map<number, bigint>();
  for (const [index, modulus] of moduli.entries()) {
    const divisor = greatestCommonDivisor(modulus, remainders[index] ?? 1n);
    if (divisor !== 1n) common.set(index, divisor);
    yield;
  }
  return yield* partners(moduli, common);
}

function* partners(
  moduli: readonly bigint[],
  common: ReadonlyMap<number, bigint>,
): Generator<void, ReadonlyMap<number, readonly number[]>> {
  const holders = new Map<bigint, number[]>();
  const whole: { readonly index: number; readonly modulus: bigint }[] = [];
  const hold = (factor: bigint, index: number): void => {
    const others = holders.get(factor);
    if (others === undefined) holders.set(factor, [index]);
    else others.push(index);
  };
  const split = (index: number, modulus: bigint, factor: bigint): void => {
    hold(factor, index);
    hold(modulus / factor, index);
  };
  for (const [index, divisor] of common) {
    const modulus = moduli[index] ?? 0n;
    if (divisor === modulus) whole.push({ index, modulus });
    else split(index, modulus, divisor);
  }
  // All primes of these stand in others, so the greatest common divisor is the modulus: known factors take them apart.
  let divisions = 0;
  let divisors = 0;
  const tried = new Set<bigint>();
  while (whole.length > 0) {
    const factors = [...holders.keys()].filter((factor) => !tried.has(factor));
    let found = false;
    for (const factor of factors) {
      tried.add(factor);
      divisions += whole.length;
      if (divisions > MOST_DIVISIONS) break;
      for (const each of take(whole, ({ modulus }) => modulus % factor === 0n)) {
        split(each.index, each.modulus, factor);
        found = true;
      }
      yield;
    }
    if (divisions > MOST_DIVISIONS) break;
    if (found) continue;
    const first = whole.shift();
    if (first === undefined) break;
    for (const other of whole) {
      if (++divisors > MOST_DIVISORS) break;
      const factor = greatestCommonDivisor(first.modulus, other.modulus);
      yield;
      if (factor === 1n) continue;
      split(first.index, first.modulus, factor);
      break;
    }
  }
  return partnersOf(common, holders);
}

/** Removes and gives those that fit. */
function take<T>(items: T[], fits: (item: T) => boolean): readonly T[] {
  const taken = items.filter(fits);
  if (taken.length > 0) items.splice(0, items.length, ...items.filter((item) => !taken.includes(item)));
  return taken;
}

function partnersOf(
  common: ReadonlyMap<number, bigint>,
  holders: ReadonlyMap<bigint, readonly number[]>,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, Set<number>>([...common.keys()].map((index) => [index, new Set()]));
  for (const group of holders.values())
    if (group.length > 1) for (const index of group) for (const other of group) found.get(index)?.add(other);
  return new Map(
    [...found].map(([index, others]) => [
      index,
      [...others].filter((other) => other !== index).sort((a, b) => a - b),
    ]),
  );
}
