import { isBech32 } from '../bech32.ts';
import type { Detection, FindByForm, FormDetector } from '../detector.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';

const IDENTITY = /AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{58,}/iy;

const find = function* ({ text, at }: Parameters<FindByForm>[0]): Generator<Detection> {
  IDENTITY.lastIndex = at;
  const [found] = IDENTITY.exec(text) ?? [];
  if (found === undefined || !isBech32(found)) return;
  yield { rule: PRIVATE_KEY, what: 'a private key (age)', start: at, end: at + found.length };
};

/** age's identities: their checksum tells them from what only looks like one. */
export const detector: FormDetector = {
  rules: [PRIVATE_KEY],
  keywords: ['age-secret-key-'],
  reach: 'line',
  find,
  ofForm: find,
};
