/**
 * Keys of Infineon's library (Nemec, Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack, CCS 2017;
 * CVE-2017-15361). Its primes are k·M + (65537^a mod M), M the product of the first primes, so the modulus is a power of
 * 65537 modulo M, too. Asked first of each prime alone, then of M in the whole: the discrete logarithm exists where it
 * exists in each subgroup of the order of 65537 (Pohlig and Hellman). A random modulus passes once in about 2^154.
 */
import { keyRoca } from '../../../credential/findings/keyRoca.ts';
import { powerModulo, primesUpTo } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

const GENERATOR = 65_537;
/** Of the shortest keys: the 39 primes up to 167. Longer keys have more of them, and these among them. */
const PRIMES = primesUpTo(167);
const M = PRIMES.reduce((product, prime) => product * BigInt(prime), 1n);
const POWERS = PRIMES.map((prime) => ({ prime, powers: powersOf(GENERATOR % prime, prime) }));
const ORDER_PARTS = orderParts(POWERS.map(({ powers }) => powers.size));
const ORDER = ORDER_PARTS.reduce((product, part) => product * BigInt(part), 1n);

export const roca: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' || !isPowerOfGenerator(key.modulus)) return undefined;
    const message =
      'the key was made by a chip or library of Infineon whose primes have a pattern (ROCA): the private key can be computed at a price';
    return { rule: keyRoca, message };
  },
};

function isPowerOfGenerator(modulus: bigint): boolean {
  if (modulus < M) return false;
  const rest = modulus % M;
  if (!POWERS.every(({ prime, powers }) => powers.has(Number(rest % BigInt(prime))))) return false;
  return (
    powerModulo(rest, ORDER, M) === 1n &&
    ORDER_PARTS.every((part) => {
      const others = ORDER / BigInt(part);
      const wanted = powerModulo(rest, others, M);
      const generator = powerModulo(BigInt(GENERATOR), others, M);
      let power = 1n;
      for (let exponent = 0; exponent < part; exponent++) {
        if (power === wanted) return true;
        power = (power * generator) % M;
      }
      return false;
    })
  );
}

function powersOf(generator: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1 % prime; !powers.has(power); power = (power * generator) % prime) powers.add(power);
  return powers;
}

/** The least common multiple of all orders, as powers of different primes. */
function orderParts(orders: readonly number[]): readonly number[] {
  const parts = new Map<number, number>();
  for (const order of orders) {
    let rest = order;
    for (const prime of primesUpTo(order)) {
      let part = 1;
      for (; rest % prime === 0; rest /= prime) part *= prime;
      if (part > (parts.get(prime) ?? 1)) parts.set(prime, part);
    }
  }
  return [...parts.values()];
}
