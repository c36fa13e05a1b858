/**
 * SubjectPublicKeyInfo (RFC 5280, 4.1.2.7): the one form in which keys are compared. Whatever a key came in (compressed
 * point, SSH, JWK, PKCS#1) is brought to the same DER first, so one key has one hash.
 */
import { commonKey } from './commonKeys.ts';
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
  whole,
} from './der.ts';
import { bitStringElement, element, oidElement, unsignedInteger } from './derWriter.ts';
import { uncompressedPoint } from './ecPoint.ts';
import { withoutLeadingZeros } from './octets.ts';
import { CURVES, OID, PLAIN_KEY_ALGORITHMS } from './oid.ts';
import { parameterSetOf } from './postQuantum.ts';

export interface PublicKeyFacts {
  /** A `KeyAlgorithm` where it is one; else the algorithm's own name, or `unknown (<OID>)`. */
  readonly algorithm: string;
  /** Size as people compare it: of the modulus, or of the curve. */
  readonly bits: number | undefined;
  /** Normalized DER. */
  readonly spki: Uint8Array;
}

/** Throws `DerError` where the octets are no SubjectPublicKeyInfo. */
export function readSpki(node: Der): PublicKeyFacts {
  const asItIs = whole(node);
  const common = commonKey(asItIs);
  if (common !== undefined) return { algorithm: common.algorithm, bits: common.bits, spki: asItIs };
  const fields = sequence(node, 'the public key');
  const algorithmNode = fields.take(TAG.sequence, 'the key algorithm');
  const algorithmFields = sequence(algorithmNode, 'the key algorithm');
  const oid = objectIdentifier(algorithmFields.any('the key algorithm'), 'the key algorithm');
  const parameters = algorithmFields.more() ? algorithmFields.any('the key parameters') : undefined;
  const keyNode = fields.take(TAG.bitString, 'the key');
  const key = bitString(keyNode, 'the key');
  switch (oid) {
    case OID.rsaEncryption: {
      const { bits, modulus, exponent } = rsaNumbers(readInside(keyNode, 1));
      // Most are canonical already; then nothing is copied.
      const canonical = key[0] === TAG.sequence && parameters?.tag === TAG.null;
      return { algorithm: `RSA-${bits}`, bits, spki: canonical ? asItIs : rsaSpki(modulus, exponent) };
    }
    case OID.rsaPss: {
      const { bits } = rsaNumbers(readInside(keyNode, 1));
      return { algorithm: `RSASSA-PSS-${bits}`, bits, spki: asItIs };
    }
    case OID.ecPublicKey:
      return readEcKey(parameters, key, asItIs, node);
    case OID.dsa: {
      const bits =
        parameters?.tag === TAG.sequence
          ? sizeOf(sequence(parameters, 'the DSA parameters').any('p'))
          : undefined;
      return { algorithm: bits === undefined ? 'DSA' : `DSA-${bits}`, bits, spki: asItIs };
    }
    case OID.dh:
    case OID.dhPkcs3:
      return { algorithm: 'DH', bits: undefined, spki: asItIs };
    default: {
      const expected = parameterSetOf(oid)?.publicKey ?? key.length;
      if (key.length !== expected)
        throw new DerError(
          `the key has ${key.length} octets, and ${PLAIN_KEY_ALGORITHMS.get(oid)} has ${expected}`,
          node.start,
        );
      const algorithm = PLAIN_KEY_ALGORITHMS.get(oid) ?? `unknown (${oid})`;
      // RFC 8410, 3: no parameters; some encoders write NULL all the same.
      const spki =
        parameters?.tag === TAG.null && PLAIN_KEY_ALGORITHMS.has(oid) ? plainSpki(oid, key) : asItIs;
      return { algorithm, bits: EDWARDS_BITS.get(oid), spki };
    }
  }
}

const EDWARDS_BITS: ReadonlyMap<string, number> = new Map([
  [OID.ed25519, 256],
  [OID.x25519, 256],
  [OID.ed448, 448],
  [OID.x448, 448],
]);

function readEcKey(
  parameters: Der | undefined,
  key: Uint8Array,
  asItIs: Uint8Array,
  node: Der,
): PublicKeyFacts {
  // RFC 5480, 2.1.1 wants a named curve. Explicit parameters are never taken for a named one, even when they look like
  // it: a forged generator was the attack of CVE-2020-0601.
  if (parameters?.tag !== TAG.oid)
    return { algorithm: 'ECDSA-explicit-parameters', bits: undefined, spki: asItIs };
  const curve = objectIdentifier(parameters, 'the curve');
  const known = CURVES.get(curve);
  const point = uncompressedPoint(curve, key);
  if (point === undefined) throw new DerError(`the key is no point on ${known?.name ?? curve}`, node.start);
  return {
    algorithm: `ECDSA-${known?.name ?? curve}`,
    bits: known?.bits,
    spki: point === key ? asItIs : ecSpki(curve, point),
  };
}

/** PKCS#1 RSAPublicKey (RFC 8017, A.1.1). */
export function rsaNumbers(publicKey: Der): {
  bits: number;
  modulus: Uint8Array;
  exponent: Uint8Array;
} {
  const fields = sequence(publicKey, 'the RSA key');
  const modulus = withoutLeadingZeros(integerOctets(fields.any('the modulus'), 'the modulus'));
  const exponent = withoutLeadingZeros(integerOctets(fields.any('the exponent'), 'the exponent'));
  return { bits: bitLength(modulus), modulus, exponent };
}

function sizeOf(integer: Der): number {
  return bitLength(withoutLeadingZeros(integerOctets(integer, 'a number')));
}

function bitLength(magnitude: Uint8Array): number {
  return magnitude.length === 0 ? 0 : magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}

/** Facts of a key given as DER; undefined where it is no SubjectPublicKeyInfo. */
export function publicKeyFacts(spki: Uint8Array): PublicKeyFacts | undefined {
  try {
    return readSpki(readDer(spki));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** A `KeyAlgorithm` where it is one, else a plain name; undefined where the octets are no key. */
export function keyAlgorithmOf(spki: Uint8Array): string | undefined {
  return publicKeyFacts(spki)?.algorithm;
}

/** The DER that `spkiSha256` is taken over; undefined where the octets are no key. */
export function normalizeSpki(spki: Uint8Array): Uint8Array | undefined {
  return publicKeyFacts(spki)?.spki;
}

/** Both numbers big-endian and unsigned. */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return element(
    TAG.sequence,
    element(TAG.sequence, oidElement(OID.rsaEncryption), element(TAG.null)),
    bitStringElement(element(TAG.sequence, unsignedInteger(modulus), unsignedInteger(exponent))),
  );
}

/** `point` in any form of SEC 1; undefined when it is none of the curve. */
export function ecSpkiOf(curveOid: string, point: Uint8Array): Uint8Array | undefined {
  const uncompressed = uncompressedPoint(curveOid, point);
  return uncompressed === undefined ? undefined : ecSpki(curveOid, uncompressed);
}

function ecSpki(curveOid: string, point: Uint8Array): Uint8Array {
  return element(
    TAG.sequence,
    element(TAG.sequence, oidElement(OID.ecPublicKey), oidElement(curveOid)),
    bitStringElement(point),
  );
}

/** Keys without parameters: Ed25519 and its relatives (RFC 8410), ML-DSA (RFC 9881). */
export function plainSpki(oid: string, key: Uint8Array): Uint8Array {
  return element(TAG.sequence, element(TAG.sequence, oidElement(oid)), bitStringElement(key));
}

/** RFC 3279, 2.3.2; all numbers big-endian and unsigned. */
export function dsaSpki(p: Uint8Array, q: Uint8Array, g: Uint8Array, y: Uint8Array): Uint8Array {
  const parameters = element(TAG.sequence, unsignedInteger(p), unsignedInteger(q), unsignedInteger(g));
  return element(
    TAG.sequence,
    element(TAG.sequence, oidElement(OID.dsa), parameters),
    bitStringElement(unsignedInteger(y)),
  );
}
