/**
 * What badkeys' block lists know a key by (badkeys, BLOCKLISTFORMAT: BKHASH120): 120 bits of the SHA-256 of one number of it, as
 * octets without leading zeros. Of RSA the modulus, whatever the exponent; of a curve x; of DSA and Diffie-Hellman the public
 * number; of Ed25519 and its relatives the octets of the key as if they were a number; of other keys the octets as they are.
 */
import { fromBigInt, withoutLeadingZeros } from '../../credential/octets.ts';
import { OID } from '../../credential/oid.ts';
import type { Hasher } from '../../ports.ts';
import type { KeyNumbers } from './keyNumbers.ts';

export const HASH_OCTETS = 15;

const NUMBERS: readonly string[] = [OID.ed25519, OID.ed448, OID.x25519, OID.x448];

export function blockHash(key: KeyNumbers, hasher: Hasher): Uint8Array | undefined {
  const hashed = hashedOctets(key);
  return hashed === undefined ? undefined : hasher.hash('sha256', hashed).subarray(0, HASH_OCTETS);
}

function hashedOctets(key: KeyNumbers): Uint8Array | undefined {
  switch (key.kind) {
    case 'RSA':
      return octetsOf(key.modulus);
    case 'DSA':
    case 'DH':
      return octetsOf(key.y);
    case 'EC': {
      const { point } = key;
      const isCompressed = point[0] !== 4;
      const end = isCompressed ? point.length : 1 + (point.length - 1) / 2;
      return withoutLeadingZeros(point.subarray(1, end));
    }
    case 'plain':
      return NUMBERS.includes(key.algorithm) ? withoutLeadingZeros(key.key) : key.key;
    case 'too-large':
      return undefined;
    default:
      return key satisfies never;
  }
}

function octetsOf(value: bigint): Uint8Array {
  return fromBigInt(value, Math.ceil(value.toString(16).length / 2));
}
