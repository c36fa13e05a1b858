/** What ends tokens of several issuers: CRC-32 in base 62, against slips of the hand. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^6 > 2^32. */
export const CHECK_DIGITS = 6;

/** Of `CHECK_DIGITS` digits. */
export function base62Checksum(octets: Uint8Array): string {
  return base62(BigInt(crc32(octets)), CHECK_DIGITS);
}

/** The last `length` digits. */
export function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  return text;
}

/** CRC-32 of ISO 3309, as ZIP and PNG have it. */
function crc32(octets: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
