import { RSAPublicKey } from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { Hasher } from '../../ports.ts';
import { type KeyAlgorithm, POST_QUANTUM_KEY_ALGORITHMS } from '../keyAlgorithm.ts';
import { toBigInt, toHex } from '../octets.ts';
import { parameterSetOf } from '../postQuantum.ts';
import { derOf } from './der.ts';

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const ED25519 = '1.3.101.112';

/** By the DER of the named curve (RFC 5480, 2.1.1.1): algorithm and octets of an uncompressed point. */
const CURVES: readonly { readonly oid: string; readonly algorithm: KeyAlgorithm; readonly point: number }[] =
  [
    { oid: '06082a8648ce3d030107', algorithm: 'ECDSA-P256', point: 65 },
    { oid: '06052b81040022', algorithm: 'ECDSA-P384', point: 97 },
    { oid: '06052b81040023', algorithm: 'ECDSA-P521', point: 133 },
  ];
const RSA_SIZES: Readonly<Record<number, KeyAlgorithm>> = {
  2048: 'RSA-2048',
  3072: 'RSA-3072',
  4096: 'RSA-4096',
};

export type ReadPublicKey =
  /** `spki` is the canonical DER of the same key. */
  | { readonly ok: true; readonly algorithm: KeyAlgorithm; readonly spki: Uint8Array }
  | { readonly ok: false; readonly why: string };

/** Tells which declared algorithm a key has, and refuses keys that must not be certified. */
export function readPublicKey(spki: Uint8Array): ReadPublicKey {
  let info: SubjectPublicKeyInfo;
  try {
    info = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  } catch {
    return { ok: false, why: 'the public key is no SubjectPublicKeyInfo' };
  }
  const key = new Uint8Array(info.subjectPublicKey);
  const canonical = derOf(info);
  switch (info.algorithm.algorithm) {
    case ED25519:
      return key.length === 32
        ? { ok: true, algorithm: 'Ed25519', spki: canonical }
        : { ok: false, why: 'the Ed25519 key has not 32 octets (RFC 8410, 4)' };
    case EC_PUBLIC_KEY:
      return readEcKey(info, key, canonical);
    case RSA_ENCRYPTION:
      return readRsaKey(key, canonical);
    default:
      return readPlainKey(info.algorithm.algorithm, key, canonical);
  }
}

function readPlainKey(oid: string, key: Uint8Array, spki: Uint8Array): ReadPublicKey {
  const set = parameterSetOf(oid);
  const algorithm = POST_QUANTUM_KEY_ALGORITHMS.find((name) => name === set?.name);
  if (set === undefined || algorithm === undefined)
    return { ok: false, why: `keys of type ${set?.name ?? oid} are not taken` };
  return key.length === set.publicKey
    ? { ok: true, algorithm, spki }
    : { ok: false, why: `the ${algorithm} key has not ${set.publicKey} octets` };
}

/**
 * Key identifier: the leftmost 160 bits of the SHA-256 of the key's bits (RFC 7093, 2, method 1), so that no SHA-1 is
 * needed. RFC 5280, 4.2.1.2 leaves the method to the CA.
 */
export function keyIdentifierOf(spki: Uint8Array, hasher: Hasher): Uint8Array {
  const { subjectPublicKey } = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  return hasher.hash('sha256', new Uint8Array(subjectPublicKey)).slice(0, 20);
}

function readEcKey(info: SubjectPublicKeyInfo, key: Uint8Array, spki: Uint8Array): ReadPublicKey {
  const named = info.algorithm.parameters ? new Uint8Array(info.algorithm.parameters) : new Uint8Array();
  const curve = CURVES.find(({ oid }) => oid === toHex(named));
  if (curve === undefined) return { ok: false, why: 'its curve is none of P-256, P-384, P-521' };
  if (key[0] !== 0x04 || key.length !== curve.point)
    return { ok: false, why: 'its point is not in the uncompressed form (RFC 5480, 2.2)' };
  return { ok: true, algorithm: curve.algorithm, spki };
}

function readRsaKey(key: Uint8Array, spki: Uint8Array): ReadPublicKey {
  let parsed: RSAPublicKey;
  try {
    parsed = AsnConvert.parse(key, RSAPublicKey);
  } catch {
    return { ok: false, why: 'the RSA key cannot be read' };
  }
  const modulus = toBigInt(new Uint8Array(parsed.modulus));
  const exponent = toBigInt(new Uint8Array(parsed.publicExponent));
  const bits = modulus.toString(2).length;
  const algorithm = RSA_SIZES[bits];
  if (algorithm === undefined)
    return { ok: false, why: `the RSA key has ${bits} bits; 2048, 3072 and 4096 are taken` };
  const weakness = rsaWeakness(modulus, exponent);
  return weakness === undefined ? { ok: true, algorithm, spki } : { ok: false, why: weakness };
}

/** CA/Browser Forum Baseline Requirements, 6.1.1.3 and 6.1.6: what anybody can break without effort. */
function rsaWeakness(modulus: bigint, exponent: bigint): string | undefined {
  if (exponent < 65537n || exponent % 2n === 0n || exponent >= 1n << 256n)
    return `the RSA exponent is ${exponent < 1n << 64n ? exponent : 'too large'}; odd ones from 65537 on are taken`;
  const divisor = SMALL_PRIMES.find((prime) => modulus % prime === 0n);
  if (divisor !== undefined) return `the RSA modulus is divisible by ${divisor}`;
  if (hasRocaShape(modulus))
    return 'the RSA modulus has the shape that a broken smart card library made (ROCA, CVE-2017-15361)';
  if (hasClosePrimes(modulus)) return "the RSA modulus falls to Fermat's method: its primes are too close";
  return undefined;
}

const SMALL_PRIMES: readonly bigint[] = primesBelow(752);

function primesBelow(limit: number): readonly bigint[] {
  const primes: number[] = [];
  for (let n = 2; n < limit; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes.map(BigInt);
}

/** Modulo each of these primes such a modulus is a power of 65537; a sound one is so with chance 2^-27. */
const ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

function hasRocaShape(modulus: bigint): boolean {
  return ROCA_PRIMES.every((prime) => {
    const residue = Number(modulus % BigInt(prime));
    for (let power = 1, step = 0; step < prime; step++) {
      if (power === residue) return true;
      power = (power * 65537) % prime;
    }
    return false;
  });
}

function hasClosePrimes(modulus: bigint): boolean {
  let a = squareRoot(modulus);
  if (a * a < modulus) a++;
  for (let round = 0; round < 100; round++, a++) {
    const rest = a * a - modulus;
    const root = squareRoot(rest);
    if (root * root === rest) return true;
  }
  return false;
}

/** Rounded down (Newton). */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
