import { plural } from '../../text/instant.ts';
import { MOST_BEARERS } from './bearer.ts';
import type { KeyPlace } from './keyPlace.ts';
import type { SharedKey } from './sharedKeys.ts';
import { shortText } from './shortText.ts';

const NAMED = 3;

/** What is wrong and what would be right, in one sentence. */
export function sharingText({ algorithm, bearers, copies }: SharedKey): string {
  if (bearers.length < 2)
    return `the private half of one ${algorithm} key stands in ${plural(copies.length, 'file')}; keep it in one place`;
  const named = bearers.slice(0, NAMED).map(({ name }) => name);
  const least = bearers.length >= MOST_BEARERS ? 'at least ' : '';
  const more = bearers.length > NAMED ? ` and ${least}${bearers.length - NAMED} more` : '';
  return `one ${algorithm} key serves ${named.join(', ')}${more}; give each a key of its own`;
}

/** What of the key stands at a place. */
export function placeText(place: KeyPlace): string {
  const { what, subject, hosts, comment, backend } = place;
  const whom = subject ?? hosts?.join(', ') ?? comment;
  const where = backend === undefined ? '' : `, as ${backend} says`;
  return `${what}${whom === undefined || whom === '' ? '' : ` for ${shortText(whom)}`}${where}`;
}
