/** The few DER writers that keys, certificates and key stores need (X.690). */

export type Der = Buffer;

function tagged(tag: number, content: Buffer): Der {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const digits = bytesOf(BigInt(length));
  return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

/** Big-endian, as short as can be, or as long as wanted. */
export function bytesOf(value: bigint, length?: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  if (length === undefined || bytes.length >= length) return bytes;
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
}

export const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

/** Without its leading zeros, but with one where the sign bit would be set: how DER and SSH write a positive number. */
export function positive(value: Buffer | bigint): Buffer {
  let bytes = typeof value === 'bigint' ? bytesOf(value) : value;
  while (bytes.length > 1 && bytes[0] === 0) bytes = bytes.subarray(1);
  return ((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
}

export const sequence = (...items: Der[]): Der => tagged(0x30, Buffer.concat(items));
export const set = (...items: Der[]): Der => tagged(0x31, Buffer.concat(items));
export const integer = (value: Buffer | bigint | number): Der =>
  tagged(0x02, positive(typeof value === 'number' ? BigInt(value) : value));
export const octets = (content: Buffer): Der => tagged(0x04, content);
export const bits = (content: Buffer): Der => tagged(0x03, Buffer.concat([Buffer.from([0]), content]));
export const utf8 = (text: string): Der => tagged(0x0c, Buffer.from(text, 'utf8'));
export const bmp = (text: string): Der => tagged(0x1e, Buffer.from(text, 'utf16le').swap16());
export const utcTime = (at: Date): Der =>
  tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`, 'latin1'));
export const nothing: Der = Buffer.from([0x05, 0x00]);
/** [number] EXPLICIT, or IMPLICIT over something constructed. */
export const inContext = (number: number, ...items: Der[]): Der =>
  tagged(0xa0 + number, Buffer.concat(items));

export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}
