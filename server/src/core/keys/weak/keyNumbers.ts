/** The numbers that a public key is made of, out of its SubjectPublicKeyInfo. */
import {
  bitString,
  type Der,
  DerError,
  integerOctets,
  objectIdentifier,
  readDer,
  readInside,
  sequence,
  TAG,
} from '../../credential/der.ts';
import { bitLength } from '../../credential/integers.ts';
import { toBigInt, withoutLeadingZeros } from '../../credential/octets.ts';
import { OID } from '../../credential/oid.ts';

export interface RsaNumbers {
  readonly kind: 'RSA';
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** Of the modulus. */
  readonly bits: number;
}

/** DSA, or Diffie-Hellman with the order of its subgroup (X9.42) or without (PKCS#3). */
export interface DiscreteLogNumbers {
  readonly kind: 'DSA' | 'DH';
  readonly p: bigint;
  readonly q: bigint | undefined;
  readonly g: bigint;
  readonly y: bigint;
  readonly bits: number;
}

export interface CurveNumbers {
  readonly kind: 'EC';
  /** OID; undefined: the parameters are written out. */
  readonly curve: string | undefined;
  /** As SEC 1, 2.3.3 encodes it. */
  readonly point: Uint8Array;
}

/** Keys that are octets: those of RFC 8410, and post-quantum ones. */
export interface PlainNumbers {
  readonly kind: 'plain';
  readonly algorithm: string;
  readonly key: Uint8Array;
}

/** Nothing of it was computed. */
export interface TooLarge {
  readonly kind: 'too-large';
  readonly what: string;
  readonly bits: number;
}

export type KeyNumbers = RsaNumbers | DiscreteLogNumbers | CurveNumbers | PlainNumbers | TooLarge;

/** What OpenSSL reads of RSA, too (OPENSSL_RSA_MAX_MODULUS_BITS): whatever is larger would only keep the machine busy. */
export const LARGEST_BITS = 16_384;

class Oversize extends Error {
  readonly found: TooLarge;

  constructor(found: TooLarge) {
    super(found.what);
    this.found = found;
  }
}

/** Undefined where the octets are no key that is known here. */
export function keyNumbers(spki: Uint8Array): KeyNumbers | undefined {
  try {
    return readNumbers(readDer(spki));
  } catch (error) {
    if (error instanceof Oversize) return error.found;
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function readNumbers(node: Der): KeyNumbers {
  const fields = sequence(node, 'the public key');
  const algorithmFields = sequence(fields.any('the key algorithm'), 'the key algorithm');
  const oid = objectIdentifier(algorithmFields.any('the key algorithm'), 'the key algorithm');
  const parameters = algorithmFields.more() ? algorithmFields.any('the key parameters') : undefined;
  const keyNode = fields.take(TAG.bitString, 'the key');
  switch (oid) {
    case OID.rsaEncryption:
    case OID.rsaPss:
      return rsa(readInside(keyNode, 1));
    case OID.dsa:
      return dsa(parameters, readInside(keyNode, 1));
    case OID.dh:
    case OID.dhPkcs3:
      return diffieHellman(oid, parameters, readInside(keyNode, 1));
    case OID.ecPublicKey: {
      const named = parameters?.tag === TAG.oid;
      const curve = named ? objectIdentifier(parameters, 'the curve') : undefined;
      return { kind: 'EC', curve, point: bitString(keyNode, 'the key') };
    }
    default:
      return { kind: 'plain', algorithm: oid, key: bitString(keyNode, 'the key') };
  }
}

function rsa(node: Der): RsaNumbers {
  const fields = sequence(node, 'the RSA key');
  const modulus = numberOf(fields.any('the modulus'), 'modulus');
  const exponent = numberOf(fields.any('the exponent'), 'exponent');
  return { kind: 'RSA', modulus, exponent, bits: bitLength(modulus) };
}

/** RFC 3279, 2.3.2. */
function dsa(parameters: Der | undefined, key: Der): DiscreteLogNumbers {
  if (parameters === undefined) throw new DerError('the DSA parameters are missing', key.start);
  const fields = sequence(parameters, 'the DSA parameters');
  const p = numberOf(fields.any('p'), 'prime p');
  const q = numberOf(fields.any('q'), 'order q');
  const g = numberOf(fields.any('g'), 'generator g');
  return { kind: 'DSA', p, q, g, y: numberOf(key, 'public number'), bits: bitLength(p) };
}

/** RFC 3279, 2.3.3 (p, g, q, …) and PKCS#3 (p, g, length of the private number). */
function diffieHellman(oid: string, parameters: Der | undefined, key: Der): DiscreteLogNumbers {
  if (parameters === undefined) throw new DerError('the DH parameters are missing', key.start);
  const fields = sequence(parameters, 'the DH parameters');
  const p = numberOf(fields.any('p'), 'prime p');
  const g = numberOf(fields.any('g'), 'generator g');
  const q = oid === OID.dh ? numberOf(fields.any('q'), 'order q') : undefined;
  return { kind: 'DH', p, q, g, y: numberOf(key, 'public number'), bits: bitLength(p) };
}

/** Unsigned: encoders that forget the sign octet mean a positive number all the same. */
function numberOf(node: Der, what: string): bigint {
  const octets = withoutLeadingZeros(integerOctets(node, `the ${what}`));
  if (octets.length * 8 > LARGEST_BITS)
    throw new Oversize({ kind: 'too-large', what, bits: octets.length * 8 });
  return toBigInt(octets);
}
