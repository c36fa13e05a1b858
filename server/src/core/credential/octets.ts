/** Octet strings: the few operations that decoding needs and the language does not have. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Lower case, no separators. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += HEX[octet];
  return text;
}

export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}

/** So many octets are sooner put together than written out and read again. */
const FEW = 72;

export function toBigInt(bytes: Uint8Array): bigint {
  if (bytes.length <= FEW && bytes.length >= 8) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = bytes.length % 8;
    let value = at === 0 ? 0n : view.getBigUint64(0) >> BigInt(64 - at * 8);
    for (; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
    return value;
  }
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** Big-endian, padded to `length` octets. */
export function fromBigInt(value: bigint, length: number): Uint8Array {
  return fromHex(value.toString(16).padStart(length * 2, '0'));
}

export function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  return bytes.subarray(start);
}
