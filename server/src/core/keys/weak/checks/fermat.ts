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
const FIRST = sieve(1024);
const OTHERS = [9 * 5 * 7 * 11, 13 * 17 * 19, 23 * 29 * 31].map(sieve);

interface Sieve {
  readonly modulus: number;
  /** By residue: one where it is that of a square. */
  readonly squares: Uint8Array;
}

function sieve(modulus: number): Sieve {
  const squares = new Uint8Array(modulus);
  for (let root = 0; root < modulus; root++) squares[(root * root) % modulus] = 1;
  return { modulus, squares };
}

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
  const track = (by: Sieve): Track => trackOf(first * first - n, 2n * first, by);
  // What the first sieve lets through comes again with its modulus, so that nine of ten rounds are never begun.
  const second = OTHERS.map(track);
  for (const start of roundsThrough(track(FIRST)))
    for (let round = start; round < FERMAT_ROUNDS; round += FIRST.modulus) {
      if (!second.every((other) => passes(other, round))) continue;
      const a = first + BigInt(round);
      if (isSquare(a * a - n)) return round + 1;
    }
  return undefined;
}

/** b² = (first + r)² − n = square + r (step + r), followed in what is left by a small number. */
interface Track extends Sieve {
  readonly square: number;
  readonly step: number;
}

function trackOf(square: bigint, step: bigint, { modulus, squares }: Sieve): Track {
  const by = BigInt(modulus);
  return { modulus, squares, square: Number(square % by), step: Number(step % by) };
}

function passes({ modulus, squares, square, step }: Track, round: number): boolean {
  return squares[(square + round * (step + round)) % modulus] === 1;
}

/** Of the first rounds, as many as its modulus, those that it lets through. */
function roundsThrough(track: Track): readonly number[] {
  const rounds: number[] = [];
  for (let round = 0; round < track.modulus; round++) if (passes(track, round)) rounds.push(round);
  return rounds;
}
