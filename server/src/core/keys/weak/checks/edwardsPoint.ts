/**
 * Points of Ed25519 and Ed448 (RFC 8032, 5.1.3 and 5.2.3): y, and the sign of x. A point that is none of the curve verifies
 * nothing; one whose order is 1, 2, 4 or 8 verifies forged signatures (Chalkias, Garillot, Nikolaenko: Taming the Many EdDSAs,
 * 2020).
 */
import { keyBadPoint } from '../../../credential/findings/keyBadPoint.ts';
import { modulo, powerModulo } from '../../../credential/integers.ts';
import { OID } from '../../../credential/oid.ts';
import type { KeyProblem, WeakKeyCheck } from '../check.ts';
import { littleEndian } from '../littleEndian.ts';

interface EdwardsCurve {
  readonly name: string;
  readonly p: bigint;
  /** x² = (y² − 1) / (dy² + sign), after RFC 8032: sign is 1 for a = −1, and −1 for a = 1. */
  readonly d: bigint;
  readonly sign: 1n | -1n;
  readonly length: number;
  /** Values of y of all points whose order divides the cofactor. */
  readonly smallOrder: readonly bigint[];
}

const P25519 = 2n ** 255n - 19n;
const P448 = 2n ** 448n - 2n ** 224n - 1n;
/** Of order 8 on edwards25519; its negative is the other. */
const ORDER_EIGHT = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

const CURVES: ReadonlyMap<string, EdwardsCurve> = new Map([
  [
    OID.ed25519,
    {
      name: 'Ed25519',
      p: P25519,
      d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
      sign: 1n,
      length: 32,
      smallOrder: [0n, 1n, P25519 - 1n, ORDER_EIGHT, P25519 - ORDER_EIGHT],
    },
  ],
  [
    OID.ed448,
    { name: 'Ed448', p: P448, d: -39_081n, sign: -1n, length: 57, smallOrder: [0n, 1n, P448 - 1n] },
  ],
]);

export const edwardsPoint: WeakKeyCheck = {
  find(key) {
    const curve = key.kind === 'plain' ? CURVES.get(key.algorithm) : undefined;
    if (key.kind !== 'plain' || curve === undefined) return undefined;
    const { p, smallOrder, length } = curve;
    if (key.key.length !== length)
      return bad(`an ${curve.name} key has ${length} octets, and this one ${key.key.length}`);
    const signBit = BigInt(length * 8 - 1);
    const y = BigInt.asUintN(Number(signBit), littleEndian(key.key));
    if (smallOrder.includes(y % p))
      return bad('the point of the key has a small order: anybody can make signatures that it verifies');
    if (y >= p) return bad('the point of the key is not written in its shortest form');
    if (!isSquareModulo(curve, y))
      return bad(`the point of the key does not lie on the curve of ${curve.name}`);
    return undefined;
  },
};

function bad(message: string): KeyProblem {
  return { rule: keyBadPoint, message };
}

/** By Euler's criterion, of the numerator times the denominator: that is a square where the quotient is one. */
function isSquareModulo({ p, d, sign }: EdwardsCurve, y: bigint): boolean {
  const square = (y * y) % p;
  const quotient = modulo((square - 1n) * (d * square + sign), p);
  return powerModulo(quotient, (p - 1n) / 2n, p) <= 1n;
}
