/** Points on the curves that certificates use (SEC 1, 2.3): the compressed form has to give the same key as the long one. */
import { concat, fromBigInt, toBigInt } from './octets.ts';
import { OID } from './oid.ts';

interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  /** Octets of one coordinate. */
  readonly size: number;
}

// SP 800-186, 3.2.1 (a = -3 on all three) and SEC 2, 2.4.1. For each, p mod 4 = 3, on which the square root below rests.
const P256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P384 =
  0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn;
const P521 = 2n ** 521n - 1n;
const CURVES: ReadonlyMap<string, Curve> = new Map([
  [
    OID.p256,
    {
      p: P256,
      a: P256 - 3n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
      size: 32,
    },
  ],
  [
    OID.p384,
    {
      p: P384,
      a: P384 - 3n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
      size: 48,
    },
  ],
  [
    OID.p521,
    {
      p: P521,
      a: P521 - 3n,
      b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
      size: 66,
    },
  ],
  [OID.secp256k1, { p: 2n ** 256n - 2n ** 32n - 977n, a: 0n, b: 7n, size: 32 }],
]);

/** Octets of one coordinate; undefined for a curve that is not known here. */
export function coordinateSize(curveOid: string): number | undefined {
  return CURVES.get(curveOid)?.size;
}

/** The uncompressed form; undefined when `point` is none of the curve. Points on unknown curves are given back as they are. */
export function uncompressedPoint(curveOid: string, point: Uint8Array): Uint8Array | undefined {
  const curve = CURVES.get(curveOid);
  if (curve === undefined) return point;
  const form = point[0];
  // Not checked against the curve: that costs more than all the rest of a certificate's walk.
  if (form === 4 && point.length === 1 + 2 * curve.size) return point;
  // X9.62 had a hybrid form besides: both coordinates stand in it.
  if ((form === 6 || form === 7) && point.length === 1 + 2 * curve.size) {
    return concat(Uint8Array.of(4), point.subarray(1));
  }
  if ((form !== 2 && form !== 3) || point.length !== 1 + curve.size) return undefined;
  const x = toBigInt(point.subarray(1));
  if (x >= curve.p) return undefined;
  const square = rightSide(curve, x);
  const root = power(square, (curve.p + 1n) / 4n, curve.p);
  if ((root * root) % curve.p !== square) return undefined;
  const y = (root & 1n) === BigInt(form & 1) ? root : curve.p - root;
  return concat(Uint8Array.of(4), point.subarray(1), fromBigInt(y, curve.size));
}

function rightSide(curve: Curve, x: bigint): bigint {
  return (((x * x + curve.a) % curve.p) * x + curve.b) % curve.p;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
