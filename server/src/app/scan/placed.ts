import type { Range } from '../../core/text/position.ts';
import { type OctetPlace, placeAfter } from './octetPlace.ts';

export interface Octets {
  readonly start: number;
  readonly end: number;
}

/** Lines and columns of what stands in `bytes`, which begin at `base` of a content; counted from `known`, which stands before all. */
export function placed(
  some: readonly Octets[],
  known: OctetPlace,
  { bytes, base }: { readonly bytes: Uint8Array; readonly base: number },
): readonly (readonly [Octets, Range])[] {
  let place = known;
  let last = known;
  return [...some]
    .sort((a, b) => a.start - b.start)
    .map((each) => {
      // Most begin where the one before has ended: what it is made of is gone through once.
      place = placeAfter(last.offset <= each.start ? last : place, each.start, bytes, base);
      last = placeAfter(place, each.end, bytes, base);
      return [each, { start: positionOf(place), end: positionOf(last) }];
    });
}

function positionOf({ line, character }: OctetPlace): Range['start'] {
  return { line, character };
}
