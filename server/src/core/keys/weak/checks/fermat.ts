/**
 * Primes that are close to each other. Fermat: n = a² − b², with a from √n upwards; each a is one round, and the rounds needed
 * are about (p − q)² / (8 √n). Hanno Böck found such keys in printers (CVE-2022-26320) with 100 rounds; here b² is followed
 * modulo small numbers alone, so that most rounds cost no arithmetic on large ones, and more can be tried.
 */
import { keyFactorable } from '../../../credential/findings/keyFactorable.ts';
import { isSquare, squareRoot } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

export const FERMAT_ROUNDS = 10_000;

/** Of each, few numbers are squares of something: together three of 10,000 candidates pass. */
const SIEVES = [1024, 9 * 5 * 7 * 11, 13 * 17 * 19, 23 * 29 * 31].map((modulus) => {
  const squares = new Uint8Array(modulus);
  for (let root = 0; root < modulus; root++) squares[(root * root) % modulus] = 1;
  return { modulus, squares };
});

export const fermat: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' || key.modulus < 9n || (key.modulus & 1n) === 0n) return undefined;
    const rounds = roundsNeeded(key.modulus);
    if (rounds === undefined) return undefined;
    const message =
      rounds === 0
        ? 'the key is the square of one prime, which its root gives away: anybody can compute the private key'
        : 'the two primes of the key are so close to each other that its square root leads to them: anybody can compute the private key';
    return { rule: keyFactorable, message };
  },
};

/** 0: it is a square. */
function roundsNeeded(n: bigint): number | undefined {
  const floor = squareRoot(n);
  if (floor * floor === n) return 0;
  const first = floor + 1n;
  // b² = (first + r)² − n = square + r (step + r), followed in what is left by the small numbers.
  const tracks = SIEVES.map(({ modulus, squares }) => ({
    modulus,
    squares,
    square: Number((first * first - n) % BigInt(modulus)),
    step: Number((2n * first) % BigInt(modulus)),
  }));
  for (let round = 0; round < FERMAT_ROUNDS; round++) {
    const maySquare = tracks.every(
      ({ modulus, squares, square, step }) => squares[(square + round * (step + round)) % modulus] === 1,
    );
    if (!maySquare) continue;
    const a = first + BigInt(round);
    if (isSquare(a * a - n)) return round + 1;
  }
  return undefined;
}
