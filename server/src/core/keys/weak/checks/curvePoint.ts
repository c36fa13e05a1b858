/**
 * Points of ECDSA and ECDH: SP 800-56A rev. 3, 5.6.2.3.3 wants coordinates in the field that fulfil the equation of the curve.
 * With others a peer's private key leaks bit by bit (Biehl, Meyer, Müller: Differential Fault Attacks on Elliptic Curve
 * Cryptosystems, CRYPTO 2000). All curves here have a prime order, so that no point but infinity has a small one.
 */

import { CURVE_PARAMETERS } from '../../../credential/curveParameters.ts';
import { rightSide } from '../../../credential/ecPoint.ts';
import { keyBadPoint } from '../../../credential/findings/keyBadPoint.ts';
import { keyGuessable } from '../../../credential/findings/keyGuessable.ts';
import { toBigInt } from '../../../credential/octets.ts';
import type { WeakKeyCheck } from '../check.ts';

export const curvePoint: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'EC' || key.curve === undefined) return undefined;
    const curve = CURVE_PARAMETERS.get(key.curve);
    // A compressed point was solved for, or stays as it is: then only the library that uses it can tell.
    if (curve === undefined || key.point[0] !== 4) return undefined;
    const x = toBigInt(key.point.subarray(1, 1 + curve.size));
    const y = toBigInt(key.point.subarray(1 + curve.size));
    const isOnCurve = x < curve.p && y < curve.p && (y * y) % curve.p === rightSide(curve, x);
    if (!isOnCurve)
      return { rule: keyBadPoint, message: 'the point of the key does not lie on the curve that it names' };
    if (x !== curve.generatorX) return undefined;
    const message =
      "the point of the key is the curve's generator, so the private number is 1, or that with the other sign";
    return { rule: keyGuessable, message };
  },
};
