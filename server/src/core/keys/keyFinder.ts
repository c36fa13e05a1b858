import type { Detector, Suspect } from '../secrets/detector.ts';
import type { FoundKey } from './keySighting.ts';

/** One form in which public keys are written. It is asked where one of its keywords stands, in the pass that looks for secrets. */
export interface KeyFinder extends Readonly<Pick<Detector, 'keywords' | 'reach'>>, Pick<Detector, 'follows'> {
  find(suspect: Suspect): Iterable<FoundKey>;
}
