/**
 * A hand walk over DER (X.690), bounded and without copies: it is several times faster than a schema library, and it
 * gives what can be had of damaged input. Indefinite lengths and constructed strings (BER) are read too, since
 * PKCS#7 and PKCS#12 files come with them.
 *
 * The functions here throw `DerError` and nothing else; decoders catch it for each field alone (see `attempt`).
 */
import { decodeLatin1, decodeUtf8, decodeUtf16, decodeUtf32BigEndian } from './charset.ts';
import { concat, toHex, withoutLeadingZeros } from './octets.ts';

/** Identifier octets (class, constructed bit and number in one). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 64;

/** `[n]`: a context-specific tag, as it stands in the identifier octet. */
export function context(number: number, form: 'constructed' | 'primitive' = 'constructed'): number {
  return 0x80 | number | (form === 'constructed' ? CONSTRUCTED : 0);
}

export class DerError extends Error {
  /** Octet in the input at which it shows. */
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.name = 'DerError';
    this.offset = offset;
  }
}

/** One element: where it stands in `source`. */
export interface Der {
  readonly source: Uint8Array;
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  /** It says that it is longer than what is there; only `readTruncated` gives such. */
  readonly truncated: boolean;
}

export function readDer(source: Uint8Array, offset = 0, limit = source.length): Der {
  return read(source, offset, limit, false, 0);
}

/** Like `readDer`, but an element that is cut off ends where the input ends: for what is left of a damaged file. */
export function readTruncated(source: Uint8Array, offset = 0, limit = source.length): Der {
  return read(source, offset, limit, true, 0);
}

function read(source: Uint8Array, start: number, limit: number, clip: boolean, depth: number): Der {
  const tag = source[start];
  let at = start + 1;
  if (tag === undefined || at >= limit)
    throw new DerError('the data ends where an element should begin', start);
  // X.690, 8.1.2.4: tag numbers above 30 take more octets. No format read here has one: skip to the length.
  if ((tag & 0x1f) === 0x1f) {
    while (at < limit && ((source[at] ?? 0) & 0x80) !== 0) at++;
    at++;
  }
  if (at >= limit) throw new DerError('the data ends in the middle of a tag', start);
  const first = source[at++] ?? 0;
  if (first === 0x80) return readIndefinite(source, tag, start, at, limit, depth);
  let length = first;
  if (first > 0x80) {
    const size = first & 0x7f;
    if (size > 6) throw new DerError(`an element claims a length of ${size} octets`, start);
    if (at + size > limit) throw new DerError('the data ends in the middle of a length', start);
    length = 0;
    for (const end = at + size; at < end; at++) length = length * 256 + (source[at] ?? 0);
  }
  const end = at + length;
  if (end > limit && !clip) {
    throw new DerError(`an element claims ${length} octets where ${limit - at} are left`, start);
  }
  const contentEnd = Math.min(end, limit);
  return { source, tag, start, contentStart: at, contentEnd, end: contentEnd, truncated: end > limit };
}

/** X.690, 8.1.3.6: elements up to two zero octets. */
function readIndefinite(
  source: Uint8Array,
  tag: number,
  start: number,
  at: number,
  limit: number,
  depth: number,
): Der {
  if ((tag & CONSTRUCTED) === 0) throw new DerError('a primitive element has no definite length', start);
  if (depth >= MAX_DEPTH) throw new DerError(`elements are nested deeper than ${MAX_DEPTH}`, start);
  let next = at;
  while (!(source[next] === 0 && source[next + 1] === 0 && next + 2 <= limit)) {
    next = read(source, next, limit, false, depth + 1).end;
  }
  return { source, tag, start, contentStart: at, contentEnd: next, end: next + 2, truncated: false };
}

export function content(node: Der): Uint8Array {
  return node.source.subarray(node.contentStart, node.contentEnd);
}

/** Header and content. */
export function whole(node: Der): Uint8Array {
  return node.source.subarray(node.start, node.end);
}

export function isConstructed(node: Der): boolean {
  return (node.tag & CONSTRUCTED) !== 0;
}

/** The elements inside, one after the other, without an array: CRLs have a million. */
export function* elements(node: Der): Generator<Der> {
  for (let at = node.contentStart; at < node.contentEnd; ) {
    const child = readDer(node.source, at, node.contentEnd);
    yield child;
    at = child.end;
  }
}

function children(node: Der): readonly Der[] {
  return [...elements(node)];
}

export function expect(node: Der, tag: number, what: string): Der {
  if (node.tag !== tag) {
    throw new DerError(
      `${what} has tag 0x${toHex(Uint8Array.of(node.tag))} in place of 0x${toHex(Uint8Array.of(tag))}`,
      node.start,
    );
  }
  return node;
}

/** The fields of a SEQUENCE, taken in their order. */
export interface Fields {
  take(tag: number, what: string): Der;
  /** The next field of any tag. */
  any(what: string): Der;
  optional(tag: number): Der | undefined;
  more(): boolean;
}

/** `clip`: the last field may be cut off (see `readTruncated`). */
export function fieldsOf(node: Der, clip = false): Fields {
  let at = node.contentStart;
  const next = (what: string): Der => {
    if (at >= node.contentEnd) throw new DerError(`${what} is missing`, at);
    const field = read(node.source, at, node.contentEnd, clip, 0);
    at = field.end;
    return field;
  };
  return {
    any: next,
    take: (tag, what) => expect(next(what), tag, what),
    optional: (tag) => (at < node.contentEnd && node.source[at] === tag ? next('a field') : undefined),
    more: () => at < node.contentEnd,
  };
}

export function sequence(node: Der, what: string): Fields {
  return fieldsOf(expect(node, TAG.sequence, what));
}

/** Content octets of an INTEGER, with its sign octet. */
export function integerOctets(node: Der, what: string): Uint8Array {
  const octets = content(expect(node, TAG.integer, what));
  if (octets.length === 0) throw new DerError(`${what} is an integer without octets`, node.start);
  return octets;
}

/** Hex, lower case, no leading zero octet; `-` before a negative one. */
export function integerHex(node: Der, what: string): string {
  const octets = integerOctets(node, what);
  if ((octets[0] ?? 0) < 0x80) return toHex(withoutLeadingZeros(octets));
  const magnitude = (1n << BigInt(octets.length * 8)) - BigInt(`0x${toHex(octets)}`);
  const hex = magnitude.toString(16);
  return `-${hex.length % 2 === 0 ? hex : `0${hex}`}`;
}

/** A small number: a version, a count of rounds. */
export function smallInteger(node: Der, what: string): number {
  const octets = integerOctets(node, what);
  if (octets.length > 6 || (octets[0] ?? 0) >= 0x80)
    throw new DerError(`${what} is out of range`, node.start);
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

export function boolean(node: Der, what: string): boolean {
  return content(expect(node, TAG.boolean, what))[0] !== 0;
}

/** Dotted decimal (X.690, 8.19). */
export function objectIdentifier(node: Der, what: string): string {
  const octets = content(expect(node, TAG.oid, what));
  if (octets.length === 0 || octets.length > 128)
    throw new DerError(`${what} is no object identifier`, node.start);
  // The first arc and the second share one number: 40 times the one plus the other.
  let text = '';
  let value: number | bigint = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    // Arcs may have any size (those made of UUIDs take 128 bits), but nearly none has.
    if (typeof value === 'number' && value < 2 ** 45) value = value * 128 + (octet & 0x7f);
    else value = BigInt(value) * 128n + BigInt(octet & 0x7f);
    if ((octet & 0x80) !== 0) {
      if (at === octets.length - 1) throw new DerError(`${what} ends in the middle of an arc`, node.start);
      continue;
    }
    text = text === '' ? firstArcs(value) : `${text}.${value}`;
    value = 0;
  }
  return text;
}

function firstArcs(value: number | bigint): string {
  if (value < 80) return value < 40 ? `0.${value}` : `1.${Number(value) - 40}`;
  return `2.${typeof value === 'number' ? value - 80 : value - 80n}`;
}

/** A BIT STRING of whole octets, such as a key or a signature: no bit of the last one is unused (RFC 5280, 4.1.1.3). */
export function bitString(node: Der, what: string): Uint8Array {
  const octets = content(expect(node, TAG.bitString, what));
  if (octets[0] !== 0) throw new DerError(`${what} is no bit string of whole octets`, node.start);
  return octets.subarray(1);
}

/** Reads what is inside of an OCTET STRING or BIT STRING in place, so that octets are counted in the whole input. */
export function readInside(node: Der, skip = 0): Der {
  return readDer(node.source, node.contentStart + skip, node.contentEnd);
}

/** An OCTET STRING, or its BER pieces put together. `implicit`: its own tag was replaced by this one. */
export function octetString(node: Der, what: string, implicit?: number): Uint8Array {
  const tag = implicit ?? TAG.octetString;
  if (node.tag === tag && !isConstructed(node)) return content(node);
  if (node.tag !== (tag | CONSTRUCTED)) expect(node, tag, what);
  return concat(
    ...children(node).map((piece) => content(expect(piece, TAG.octetString, `a piece of ${what}`))),
  );
}

/** The text of any string type of X.680 that certificates have; undefined for other types. */
export function stringOf(node: Der): string | undefined {
  const octets = content(node);
  switch (node.tag) {
    case TAG.utf8String:
      return decodeUtf8(octets);
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // TeletexString: Latin-1 is what issuers meant
    case 0x16: // IA5String
    case 0x19: // GraphicString
    case 0x1a: // VisibleString
    case 0x1b: // GeneralString
      return decodeLatin1(octets);
    case 0x1c: // UniversalString
      return decodeUtf32BigEndian(octets);
    case 0x1e: // BMPString
      return decodeUtf16(octets, 'big');
    default:
      return undefined;
  }
}
