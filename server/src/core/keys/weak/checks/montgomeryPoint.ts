/**
 * Points of X25519 and X448: each u is one of the curve or of its twist, but with those of small order the shared secret is
 * the same whatever the other side's key (RFC 7748, 6.1 and 7; the values: Bernstein, cr.yp.to/ecdh.html).
 */
import { keyBadPoint } from '../../../credential/findings/keyBadPoint.ts';
import { OID } from '../../../credential/oid.ts';
import type { WeakKeyCheck } from '../check.ts';
import { littleEndian } from '../littleEndian.ts';

const P25519 = 2n ** 255n - 19n;
const P448 = 2n ** 448n - 2n ** 224n - 1n;

const CURVES: ReadonlyMap<
  string,
  { readonly name: string; readonly p: bigint; readonly bits: number; readonly smallOrder: readonly bigint[] }
> = new Map([
  [
    OID.x25519,
    {
      name: 'X25519',
      p: P25519,
      // RFC 7748, 5: the highest bit is ignored.
      bits: 255,
      smallOrder: [
        0n,
        1n,
        P25519 - 1n,
        325606250916557431795983626356110631294008115727848805560023387167927233504n,
        39382357235489614581723060781553021112529911719440698176882885853963445705823n,
      ],
    },
  ],
  [OID.x448, { name: 'X448', p: P448, bits: 448, smallOrder: [0n, 1n, P448 - 1n] }],
]);

export const montgomeryPoint: WeakKeyCheck = {
  find(key) {
    const curve = key.kind === 'plain' ? CURVES.get(key.algorithm) : undefined;
    if (key.kind !== 'plain' || curve === undefined) return undefined;
    const length = Math.ceil(curve.bits / 8);
    if (key.key.length !== length) {
      const message = `an ${curve.name} key has ${length} octets, and this one ${key.key.length}`;
      return { rule: keyBadPoint, message };
    }
    const u = BigInt.asUintN(curve.bits, littleEndian(key.key)) % curve.p;
    if (!curve.smallOrder.includes(u)) return undefined;
    const message =
      'the point of the key has a small order: the secret agreed on with it is the same for everybody';
    return { rule: keyBadPoint, message };
  },
};
