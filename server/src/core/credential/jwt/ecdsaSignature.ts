/** ECDSA signatures: X.509 has a DER SEQUENCE of two integers (RFC 3279, 2.2.3), JWS the two side by side (RFC 7518, 3.4). */
import { integerOctets, readDer, sequence, TAG } from '../der.ts';
import { element, unsignedInteger } from '../derWriter.ts';
import { concat, withoutLeadingZeros } from '../octets.ts';
import { attempt } from '../problem.ts';

/** `half`: octets of each number. Undefined where `der` is no ECDSA signature of that size. */
export function rawFromDer(der: Uint8Array, half: number): Uint8Array | undefined {
  return attempt([], 'the signature', () => {
    const fields = sequence(readDer(der), 'the signature');
    const numbers = ['r', 's'].map((name) => withoutLeadingZeros(integerOctets(fields.any(name), name)));
    if (numbers.some(({ length }) => length > half)) return undefined;
    return concat(...numbers.map((number) => concat(new Uint8Array(half - number.length), number)));
  });
}

/** Undefined where `raw` is not exactly two numbers of `half` octets. */
export function derFromRaw(raw: Uint8Array, half: number): Uint8Array | undefined {
  if (raw.length !== 2 * half) return undefined;
  return element(TAG.sequence, unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half)));
}
