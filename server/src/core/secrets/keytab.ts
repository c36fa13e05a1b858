/** Kerberos' key tables (MIT's format, version 2): long-term keys of services and machines, in binary and not encrypted. */
const HEAD = [0x05, 0x02];
/** Of an entry: its own length, then how many names its principal has. */
const ENTRY_AT = 2;
const COUNT_AT = ENTRY_AT + 4;
const MOST_NAMES = 8;
const PRINTABLE = /^[\x21-\x7e]{1,255}$/;
/** Name type, time, version of the key, and the kind of key. */
const BEFORE_KIND = 4 + 4 + 1;
/** DES, RC4 and AES-128, 3DES, AES-256. */
const KEY_OCTETS: ReadonlySet<number> = new Set([8, 16, 24, 32]);

export function isKeytab(bytes: Uint8Array, latin1: (bytes: Uint8Array) => string): boolean {
  if (!HEAD.every((octet, place) => bytes[place] === octet) || bytes.length < 32) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const names = view.getUint16(COUNT_AT);
  if (names < 1 || names > MOST_NAMES) return false;
  let at = COUNT_AT + 2;
  // The realm, and each name.
  for (let each = 0; each <= names; each += 1) {
    if (at + 2 > bytes.length) return false;
    const end = at + 2 + view.getUint16(at);
    if (!PRINTABLE.test(latin1(bytes.subarray(at + 2, end)))) return false;
    at = end;
  }
  const lengthAt = at + BEFORE_KIND + 2;
  return lengthAt + 2 <= bytes.length && KEY_OCTETS.has(view.getUint16(lengthAt));
}
