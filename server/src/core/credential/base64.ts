const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;
// RFC 4648, section 5: the URL-safe alphabet has other signs for 62 and 63; both are read.
VALUES['-'.charCodeAt(0)] = 62;
VALUES['_'.charCodeAt(0)] = 63;

export type Base64Result =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Index in the text. */
      readonly at: number;
      /** What stands before the damage. */
      readonly before: Uint8Array;
    };

/** Reads RFC 4648 base64 of both alphabets, with white space between and with or without padding. */
export function decodeBase64(text: string): Base64Result {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  let padded = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    if (code === 0x3d) {
      padded = true;
      continue;
    }
    const value = code < 128 ? (VALUES[code] ?? -1) : -1;
    if (value < 0) {
      return {
        ok: false,
        reason: `character ${describe(code)} is not base64`,
        at,
        before: bytes.subarray(0, length),
      };
    }
    if (padded)
      return { ok: false, reason: 'base64 goes on after its padding', at, before: bytes.subarray(0, length) };
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 0xff;
    }
  }
  if (held >= 6) {
    const reason = 'base64 ends in the middle of an octet';
    return { ok: false, reason, at: text.length, before: bytes.subarray(0, length) };
  }
  return { ok: true, bytes: bytes.subarray(0, length) };
}

function describe(code: number): string {
  return code > 0x20 && code < 0x7f
    ? `"${String.fromCharCode(code)}"`
    : `U+${code.toString(16).padStart(4, '0')}`;
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    text += ALPHABET.charAt(a >> 2) + ALPHABET.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? '=' : ALPHABET.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? '=' : ALPHABET.charAt(c & 63);
  }
  return text;
}
