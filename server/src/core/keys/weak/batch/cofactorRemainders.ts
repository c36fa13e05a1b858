/**
 * For each of many moduli, the product of all others modulo it, in time that grows little faster than their number
 * (Bernstein: Scaled remainder trees, 2004; Heninger et al., 2012).
 *
 * Up a product tree go P, the product of the moduli below, and D, the sum of P/n over them: D modulo n is what is wanted. Down
 * go fractions. At the top stands D/P; a child's is its parent's times the product of its sibling, of which the whole part is
 * dropped, and the digits that the child's size no longer needs. So one division is done, at the top, and all else is
 * multiplication. A leaf's fraction times n is the remainder, less than one too small.
 */
import { bitLength } from '../../../credential/integers.ts';

interface Node {
  readonly product: bigint;
  /** The product has no more. */
  readonly bits: number;
}

/** Binary digits below the point: the numerator over 2^digits. */
interface Fraction {
  readonly numerator: bigint;
  readonly digits: number;
}

/** Each level adds an error of one in the last digit: with so many to spare it stays far below one. */
const SPARE_DIGITS = 64;

/** Yields between two operations on large numbers. */
export function* cofactorRemainders(moduli: readonly bigint[]): Generator<void, readonly bigint[]> {
  const { levels, sum } = yield* productTree(moduli);
  const root = levels.pop()?.[0];
  if (root === undefined) return [];
  const digits = root.bits + SPARE_DIGITS;
  let fractions: readonly Fraction[] = [{ numerator: (sum << BigInt(digits)) / root.product, digits }];
  yield;
  for (let level = levels.pop(); level !== undefined; level = levels.pop())
    fractions = yield* childFractions(fractions, level);
  return moduli.map((modulus, index) => {
    const { numerator, digits: point } = fractions[index] ?? { numerator: 0n, digits: 0 };
    return -((-numerator * modulus) >> BigInt(point));
  });
}

function* productTree(
  moduli: readonly bigint[],
): Generator<void, { readonly levels: (readonly Node[])[]; readonly sum: bigint }> {
  let level: readonly Node[] = moduli.map((product) => ({ product, bits: bitLength(product) }));
  let sums: readonly bigint[] = moduli.map(() => 1n);
  const levels = [level];
  while (level.length > 1) {
    const above: Node[] = [];
    const sumsAbove: bigint[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      const [leftSum, rightSum] = [sums[index] ?? 0n, sums[index + 1] ?? 0n];
      if (left === undefined) continue;
      if (right === undefined) {
        above.push(left);
        sumsAbove.push(leftSum);
        continue;
      }
      above.push({ product: left.product * right.product, bits: left.bits + right.bits });
      yield;
      sumsAbove.push(leftSum * right.product + rightSum * left.product);
      yield;
    }
    levels.push(above);
    level = above;
    sums = sumsAbove;
  }
  return { levels, sum: sums[0] ?? 0n };
}

function* childFractions(
  fractions: readonly Fraction[],
  level: readonly Node[],
): Generator<void, readonly Fraction[]> {
  const below: Fraction[] = [];
  for (const [index, node] of level.entries()) {
    const fraction = fractions[index >> 1];
    if (fraction === undefined) continue;
    const sibling = level[index ^ 1];
    below.push(sibling === undefined ? fraction : childFraction(fraction, sibling, node));
    yield;
  }
  return below;
}

function childFraction({ numerator, digits }: Fraction, sibling: Node, node: Node): Fraction {
  const product = BigInt.asUintN(digits, numerator * sibling.product);
  const wanted = Math.min(digits, node.bits + SPARE_DIGITS);
  return { numerator: product >> BigInt(digits - wanted), digits: wanted };
}
