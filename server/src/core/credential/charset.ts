/** Character sets of certificates and key files. Core has no TextDecoder: it is no part of the language. */
const REPLACEMENT = 0xfffd;

/** Ill-formed sequences become U+FFFD, as the WHATWG decoder does; never throws. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    // Nearly all of nearly every file is ASCII: it goes over in pieces.
    const start = at;
    while (at < bytes.length && at - start < PIECE && (bytes[at] ?? 0) < 0x80) at++;
    if (at > start) text += unitsOf(bytes.subarray(start, at));
    const first = bytes[at];
    if (first === undefined || first < 0x80) continue;
    const [code, size] = multiOctet(bytes, at, first);
    text += String.fromCodePoint(code);
    at += size;
  }
  return text;
}

/** Arguments that one call takes without danger to the stack. */
const PIECE = 4096;

function multiOctet(bytes: Uint8Array, at: number, first: number): [code: number, size: number] {
  const size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size === 0 || first >= 0xf5) return [REPLACEMENT, 1];
  let code = first & (0xff >> (size + 1));
  for (let index = 1; index < size; index++) {
    const next = bytes[at + index];
    if (next === undefined || (next & 0xc0) !== 0x80) return [REPLACEMENT, index];
    code = (code << 6) | (next & 0x3f);
  }
  const shortest = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
  const wrong = code < shortest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return [wrong ? REPLACEMENT : code, size];
}

export function encodeUtf8(text: string): Uint8Array {
  // A code unit takes three octets at most; a pair of surrogates takes four.
  const octets = new Uint8Array(text.length * 3);
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      octets[end++] = code;
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) {
      code = text.codePointAt(at) ?? REPLACEMENT;
      if (code > 0xffff) at++;
      else code = REPLACEMENT;
    }
    if (code < 0x800) octets[end++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) octets[end++] = 0xe0 | (code >> 12);
      else {
        octets[end++] = 0xf0 | (code >> 18);
        octets[end++] = 0x80 | ((code >> 12) & 0x3f);
      }
      octets[end++] = 0x80 | ((code >> 6) & 0x3f);
    }
    octets[end++] = 0x80 | (code & 0x3f);
  }
  return octets.slice(0, end);
}

export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += unitsOf(bytes.subarray(at, at + PIECE));
  return text;
}

/** Spreading would go through an iterator, which is several times slower. */
function unitsOf(octets: Uint8Array): string {
  return Reflect.apply(String.fromCharCode, undefined, octets);
}

/** UTF-16 of both byte orders; an odd last octet is left out. */
export function decodeUtf16(bytes: Uint8Array, order: 'big' | 'little'): string {
  let text = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const [high, low] = order === 'big' ? [bytes[at], bytes[at + 1]] : [bytes[at + 1], bytes[at]];
    text += String.fromCharCode(((high ?? 0) << 8) | (low ?? 0));
  }
  return text;
}

export function encodeUtf16BigEndian(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = unit >> 8;
    bytes[index * 2 + 1] = unit & 0xff;
  }
  return bytes;
}

/** UCS-4, as UniversalString has it. */
export function decodeUtf32BigEndian(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 3 < bytes.length; at += 4) {
    const code =
      ((bytes[at] ?? 0) * 0x1000000 + ((bytes[at + 1] ?? 0) << 16) + ((bytes[at + 2] ?? 0) << 8)) |
      (bytes[at + 3] ?? 0);
    text += String.fromCodePoint(code >= 0 && code <= 0x10ffff ? code : REPLACEMENT);
  }
  return text;
}

/** A text file of any of the encodings that editors write: UTF-8 with or without BOM, UTF-16 with BOM. */
export function decodeTextFile(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decodeUtf8(bytes.subarray(3));
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes.subarray(2), 'little');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes.subarray(2), 'big');
  return decodeUtf8(bytes);
}
