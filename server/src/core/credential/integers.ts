/** Arithmetic on whole numbers that the language lacks. */

/** Of a number that is not negative. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + 32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16));
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) {
    const rest = larger % smaller;
    larger = smaller;
    smaller = rest;
  }
  return larger;
}

/** The largest whole number whose square is no more than `value`; each step doubles the digits of the one before. */
export function squareRoot(value: bigint): bigint {
  if (value < 1n << 52n) return BigInt(Math.floor(Math.sqrt(Number(value))));
  const quarter = BigInt(bitLength(value) >> 2);
  const start = squareRoot(value >> (2n * quarter)) << quarter;
  let root = (start + value / start) >> 1n;
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
}

/** Bit n is set where n is the last six bits of a square: four of five numbers are told from squares so. */
const SQUARES_MOD_64 = 0x0202021202030213n;

export function isSquare(value: bigint): boolean {
  if (value < 0n || ((SQUARES_MOD_64 >> (value & 63n)) & 1n) === 0n) return false;
  const root = squareRoot(value);
  return root * root === value;
}

export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  const reduced = modulo(base, modulus);
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * reduced) % modulus;
  }
  return result;
}

/** Primes up to a bound, by the sieve of Eratosthenes. */
export function primesUpTo(bound: number): readonly number[] {
  const composite = new Uint8Array(bound + 1);
  const primes: number[] = [];
  for (let number = 2; number <= bound; number++) {
    if (composite[number] === 1) continue;
    primes.push(number);
    for (let multiple = number * number; multiple <= bound; multiple += number) composite[multiple] = 1;
  }
  return primes;
}

/** Multiplied in halves, so that factors have like sizes. */
export function productOf(numbers: readonly bigint[]): bigint {
  if (numbers.length < 3) return (numbers[0] ?? 1n) * (numbers[1] ?? 1n);
  const half = numbers.length >> 1;
  return productOf(numbers.slice(0, half)) * productOf(numbers.slice(half));
}
