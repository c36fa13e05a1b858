/** Arithmetic on whole numbers that the language lacks. */

/** Of a number that is not negative. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + 32 - Math.clz32(Number.parseInt(hex[0] ?? '0', 16));
}

/** Leading digits that a step of Lehmer's looks at fit a number of the language; what it multiplies by fits half of one. */
const LEADING_BITS = 50;
const LARGEST_FACTOR = 2 ** 26;
const LARGEST_LEADING = Number.MAX_SAFE_INTEGER;

/**
 * Lehmer's algorithm (Knuth, The Art of Computer Programming 2, 4.5.2, L): many divisions are done on leading digits alone, and
 * carried over at once. Each step is a matrix of determinant 1 or −1, so that the divisor stays the same even where the leading
 * digits misled; then one division is done in full.
 */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let larger = a >= b ? a : b;
  let smaller = a >= b ? b : a;
  let shift = Math.max(0, bitLength(larger) - LEADING_BITS);
  const steps: Steps = { p: 1, q: 0, r: 0, s: 1 };
  while (shift > 0 && smaller !== 0n) {
    const leading = Number(larger >> BigInt(shift));
    steps.q = 0;
    if (leading < LARGEST_LEADING) takeLeadingSteps(leading, Number(smaller >> BigInt(shift)), steps);
    if (steps.q === 0) {
      const rest = larger % smaller;
      larger = smaller;
      smaller = rest;
      shift = Math.max(0, bitLength(larger) - LEADING_BITS);
      continue;
    }
    const first = absolute(BigInt(steps.p) * larger + BigInt(steps.q) * smaller);
    const second = absolute(BigInt(steps.r) * larger + BigInt(steps.s) * smaller);
    const isInOrder = first >= second;
    larger = isInOrder ? first : second;
    smaller = isInOrder ? second : first;
    // Both have lost about as many digits as were looked at for one of them.
    shift = Math.max(0, shift - LEADING_BITS / 2);
  }
  while (smaller !== 0n) {
    const rest = larger % smaller;
    larger = smaller;
    smaller = rest;
  }
  return larger;
}

/** The larger number becomes p times itself and q times the smaller one, the smaller one r and s times. */
interface Steps {
  p: number;
  q: number;
  r: number;
  s: number;
}

/**
 * The matrix of those divisions that give the same quotient whatever digits follow; q is 0 where there are none. Nothing is made on
 * the way, and nothing taken apart: where few numbers are compared the engine never gets to make this fast.
 */
function takeLeadingSteps(larger: number, smaller: number, into: Steps): void {
  let u = larger;
  let v = smaller;
  let p = 1;
  let q = 0;
  let r = 0;
  let s = 1;
  while (v + r > 0 && v + s > 0) {
    const quotient = Math.floor((u + p) / (v + r));
    if (quotient !== Math.floor((u + q) / (v + s))) break;
    const nextR = p - quotient * r;
    const nextS = q - quotient * s;
    if (Math.abs(nextR) > LARGEST_FACTOR || Math.abs(nextS) > LARGEST_FACTOR) break;
    p = r;
    q = s;
    r = nextR;
    s = nextS;
    const rest = u - quotient * v;
    u = v;
    v = rest;
  }
  into.p = p;
  into.q = q;
  into.r = r;
  into.s = s;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
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
