import type { Detector, Suspect } from '../secrets/detector.ts';
import type { ReadKey } from './keySighting.ts';

/** One form in which public keys are written. It is asked where one of its keywords stands, in the pass that looks for secrets. */
export interface KeyFinder extends Readonly<Pick<Detector, 'keywords' | 'reach'>>, Pick<Detector, 'follows'> {
  find(suspect: KeySuspect): KeysAt | undefined;
}

export interface KeySuspect extends Suspect {
  /** What the text is made of, one for each of its signs. */
  readonly octets: Uint8Array;
}

/** What one place in the text holds; `end` is the first place after it. */
export interface KeysAt {
  readonly start: number;
  readonly end: number;
  readonly keys: readonly ReadKey[];
}
