/** Names as RFC 5280, 7.1 compares them: letter case and runs of blanks do not count, whatever string type they stand in. */
import {
  type Der,
  elements,
  expect,
  objectIdentifier,
  sequence,
  stringOf,
  TAG,
  whole,
} from '../credential/der.ts';
import { toHex } from '../credential/octets.ts';

/** One entry for each RDN, in the order of the file. */
export type NameKey = readonly string[];

const DOMAIN_COMPONENT = '0.9.2342.19200300.100.1.25';

export function nameKey(name: Der): NameKey {
  return Array.from(elements(expect(name, TAG.sequence, 'a name')), (rdn) =>
    Array.from(elements(expect(rdn, TAG.set, 'a part of a name')), attributeKey)
      .sort()
      .join('+'),
  );
}

function attributeKey(attribute: Der): string {
  const fields = sequence(attribute, 'a part of a name');
  const type = objectIdentifier(fields.any('its type'), 'its type');
  const value = fields.any('its value');
  const text = stringOf(value);
  if (text === undefined) return `${type}=#${toHex(whole(value))}`;
  // RFC 4518: prepared as a directory does. A domain component has no blanks to fold.
  const folded = text.normalize('NFKC').toLowerCase();
  return `${type}=${type === DOMAIN_COMPONENT ? folded : folded.trim().replace(/\s+/g, ' ')}`;
}

export function sameName(a: NameKey, b: NameKey): boolean {
  return a.length === b.length && isWithin(a, b);
}

/** RFC 5280, 4.2.1.10: `name` lies in the subtree that begins at `base`. */
export function isWithin(name: NameKey, base: NameKey): boolean {
  return base.length <= name.length && base.every((part, place) => part === name[place]);
}
