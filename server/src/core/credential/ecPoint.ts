/** Points on the curves that certificates use (SEC 1, 2.3): the compressed form has to give the same key as the long one. */
import { CURVE_PARAMETERS, type CurveParameters } from './curveParameters.ts';
import { powerModulo } from './integers.ts';
import { concat, fromBigInt, toBigInt } from './octets.ts';

/** Octets of one coordinate; undefined for a curve that is not known here. */
export function coordinateSize(curveOid: string): number | undefined {
  return CURVE_PARAMETERS.get(curveOid)?.size;
}

/** The uncompressed form; undefined when `point` is none of the curve. Points on unknown curves are given back as they are. */
export function uncompressedPoint(curveOid: string, point: Uint8Array): Uint8Array | undefined {
  const curve = CURVE_PARAMETERS.get(curveOid);
  if (curve === undefined) return point;
  const form = point[0];
  // Not checked against the curve: that costs more than all the rest of a certificate's walk.
  if (form === 4 && point.length === 1 + 2 * curve.size) return point;
  // X9.62 had a hybrid form besides: both coordinates stand in it.
  if ((form === 6 || form === 7) && point.length === 1 + 2 * curve.size) {
    return concat(Uint8Array.of(4), point.subarray(1));
  }
  if ((form !== 2 && form !== 3) || point.length !== 1 + curve.size) return undefined;
  // Of P-224 alone the square root takes another way than the one below.
  if ((curve.p & 3n) !== 3n) return point;
  const x = toBigInt(point.subarray(1));
  if (x >= curve.p) return undefined;
  const square = rightSide(curve, x);
  const root = powerModulo(square, (curve.p + 1n) / 4n, curve.p);
  if ((root * root) % curve.p !== square) return undefined;
  const y = (root & 1n) === BigInt(form & 1) ? root : curve.p - root;
  return concat(Uint8Array.of(4), point.subarray(1), fromBigInt(y, curve.size));
}

/** x³ + ax + b: the square of y. */
export function rightSide(curve: CurveParameters, x: bigint): bigint {
  return (((x * x + curve.a) % curve.p) * x + curve.b) % curve.p;
}
