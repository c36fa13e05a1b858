/** The little DER that decoding has to write: one key must give one SubjectPublicKeyInfo, whatever it came in. */
import { TAG } from './der.ts';
import { concat, withoutLeadingZeros } from './octets.ts';

export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = concat(...contents);
  return concat(Uint8Array.of(tag, ...lengthOctets(body.length)), body);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

/** `magnitude`: big-endian, unsigned. */
export function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  const octets = withoutLeadingZeros(magnitude.length === 0 ? Uint8Array.of(0) : magnitude);
  return (octets[0] ?? 0) >= 0x80
    ? element(TAG.integer, Uint8Array.of(0), octets)
    : element(TAG.integer, octets);
}

export function oidElement(oid: string): Uint8Array {
  const [first = 0n, second = 0n, ...rest] = oid.split('.').map(BigInt);
  const octets = [first * 40n + second, ...rest].flatMap((arc) => {
    const groups = [Number(arc & 0x7fn)];
    for (let value = arc >> 7n; value > 0n; value >>= 7n) groups.unshift(Number(value & 0x7fn) | 0x80);
    return groups;
  });
  return element(TAG.oid, Uint8Array.from(octets));
}

export function bitStringElement(octets: Uint8Array): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(0), octets);
}
