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
  return [...some]
    .sort((a, b) => a.start - b.start)
    .map((each) => {
      place = placeAfter(place, each.start, bytes, base);
      const range = { start: positionOf(place), end: positionOf(placeAfter(place, each.end, bytes, base)) };
      return [each, range];
    });
}

function positionOf({ line, character }: OctetPlace): Range['start'] {
  return { line, character };
}
