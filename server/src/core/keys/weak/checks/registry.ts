/** Each finds one weakness in one public key. */
import type { WeakKeyCheck } from '../check.ts';
import { curvePoint } from './curvePoint.ts';
import { discreteLog } from './discreteLog.ts';
import { edwardsPoint } from './edwardsPoint.ts';
import { exponent } from './exponent.ts';
import { fermat } from './fermat.ts';
import { montgomeryPoint } from './montgomeryPoint.ts';
import { notRandom } from './notRandom.ts';
import { perfectPower } from './perfectPower.ts';
import { roca } from './roca.ts';
import { wiener } from './wiener.ts';

export const WEAK_KEY_CHECKS: readonly WeakKeyCheck[] = [
  fermat,
  perfectPower,
  wiener,
  roca,
  notRandom,
  exponent,
  curvePoint,
  edwardsPoint,
  montgomeryPoint,
  discreteLog,
];
