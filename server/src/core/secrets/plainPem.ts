/**
 * One PEM block as programs write it (RFC 7468, 3): lines of base64 and nothing besides, from the first column on. A bundle has
 * thousands of them, so it is decoded from its octets, and no text is made. Whatever is written otherwise `pemText.ts` reads.
 */

const DASH = 0x2d;
const PAD = 0x3d;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

const INVALID = -1;
const VALUES = new Int8Array(256).fill(INVALID);
for (const [value, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[sign.charCodeAt(0)] = value;

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

export interface PlainPem {
  readonly bytes: Uint8Array;
  /** The first place after the last line. */
  readonly end: number;
}

/** `at`: where the dashes begin. Undefined: it is another label, is written in another way or has no end. */
export function plainPemAt(octets: Uint8Array, at: number, label: string): PlainPem | undefined {
  if (at > 0 && octets[at - 1] !== LINE_FEED) return undefined;
  const body = at + BEGIN.length + label.length + DASHES.length;
  if (!standsAt(octets, at, BEGIN) || !standsAt(octets, at + BEGIN.length, `${label}${DASHES}`))
    return undefined;
  const last = octets.indexOf(DASH, body);
  const boundary = `-----END ${label}-----`;
  if (last === -1 || !standsAt(octets, last, boundary)) return undefined;
  const bytes = decoded(octets, body, last);
  return bytes && { bytes, end: last + boundary.length };
}

/** Whether these signs of ASCII stand there. */
export function standsAt(octets: Uint8Array, at: number, text: string): boolean {
  for (let each = 0; each < text.length; each += 1)
    if (octets[at + each] !== text.charCodeAt(each)) return false;
  return true;
}

/** Undefined: it is empty, or no base64 of whole octets. */
function decoded(octets: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const bytes = roomFor(Math.ceil(((to - from) * 3) / 4));
  let length = 0;
  let at = from;
  for (; at < to; ) {
    if (octets[at] === LINE_FEED) at += 1;
    if (at + 4 > to) break;
    // Four signs in a row, as long as lines have whole fours.
    const four =
      (valueAt(octets, at) << 18) |
      (valueAt(octets, at + 1) << 12) |
      (valueAt(octets, at + 2) << 6) |
      valueAt(octets, at + 3);
    if (four < 0) break;
    bytes[length] = four >> 16;
    bytes[length + 1] = four >> 8;
    bytes[length + 2] = four;
    length += 3;
    at += 4;
  }
  const end = withRest(octets, at, to, bytes, length);
  if (end === undefined || end === 0) return undefined;
  room = bytes.subarray(end);
  return bytes.subarray(0, end);
}

const ROOM = 64 * 1024;
/** What is decoded stands one after the other: memory of its own for each would take as long as to decode it. */
let room = new Uint8Array(0);

function roomFor(size: number): Uint8Array<ArrayBuffer> {
  if (room.length < size) room = new Uint8Array(Math.max(size, ROOM));
  return room;
}

function valueAt(octets: Uint8Array, at: number): number {
  return VALUES[octets[at] as number] as number;
}

/** One sign after the other up to the padding, as `decodeBase64` reads it. How many octets there are then. */
function withRest(
  octets: Uint8Array,
  from: number,
  to: number,
  bytes: Uint8Array,
  before: number,
): number | undefined {
  let length = before;
  let [bits, held, isPadded] = [0, 0, false];
  for (let at = from; at < to; at += 1) {
    const octet = octets[at] as number;
    if (octet === SPACE || (octet >= TAB && octet <= RETURN)) continue;
    if (octet === PAD) {
      isPadded = true;
      continue;
    }
    const value = valueAt(octets, at);
    if (value < 0 || isPadded) return undefined;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length] = (bits >> held) & 0xff;
      length += 1;
    }
  }
  return held >= 6 ? undefined : length;
}
