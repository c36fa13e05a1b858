import { checkPrimeSync } from 'node:crypto';
import type { WeakKeyTools } from '../../core/keys/weak/weakKeys.ts';

/** One round of Miller and Rabin: it only has to tell a prime from a product of two large ones. */
const ROUNDS = { checks: 1 };

export function weakKeyTools(): WeakKeyTools {
  return {
    isPrime: (value) => checkPrimeSync(value, ROUNDS),
    known: () => [],
  };
}
