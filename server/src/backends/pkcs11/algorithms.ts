import { signatureAlgorithmOf } from '../../core/credential/build/signatureAlgorithm.ts';
import { oidElement } from '../../core/credential/derWriter.ts';
import { derFromRaw } from '../../core/credential/jwt/ecdsaSignature.ts';
import {
  CLASSICAL_KEY_ALGORITHMS,
  type ClassicalKeyAlgorithm,
  type KeyAlgorithm,
} from '../../core/credential/keyAlgorithm.ts';
import { concat, fromHex, sameOctets } from '../../core/credential/octets.ts';
import { OID } from '../../core/credential/oid.ts';
import type { Hasher } from '../../core/ports.ts';
import { classicalAlgorithm } from '../classicalAlgorithm.ts';
import { CKA, CKK, CKM } from './constants.ts';
import type { MechanismInfo, OpenedToken, Template } from './host/protocol.ts';

/** How PKCS#11 makes keys of an algorithm, and how it signs with them. */
interface Mechanisms {
  readonly keyType: number;
  readonly generate: number;
  readonly sign: number;
  /** As mechanism information counts it: of the modulus, or of the field. */
  readonly bits: number;
  /** What the public template says to choose size or curve. */
  readonly parameters: Template;
  /** DER of the named curve, in each spelling that tokens use. */
  readonly curves: readonly Uint8Array[];
}

/** PKCS#11 3.0, 2.3.10 names the curve by its PrintableString; 3.1 and many modules by its OID (RFC 8410). */
const EDWARDS25519 = fromHex('130c656477617264733235353139');

function ec(oid: string, bits: number): Mechanisms {
  const curve = oidElement(oid);
  return {
    keyType: CKK.ec,
    generate: CKM.ecKeyPairGen,
    sign: CKM.ecdsa,
    bits,
    parameters: [[CKA.ecParams, curve]],
    curves: [curve],
  };
}

function rsa(bits: number): Mechanisms {
  return {
    keyType: CKK.rsa,
    generate: CKM.rsaKeyPairGen,
    sign: CKM.rsaPkcs,
    bits,
    parameters: [
      [CKA.modulusBits, bits],
      [CKA.publicExponent, Uint8Array.of(1, 0, 1)],
    ],
    curves: [],
  };
}

const MECHANISMS: Readonly<Record<ClassicalKeyAlgorithm, Mechanisms>> = {
  'ECDSA-P256': ec(OID.p256, 256),
  'ECDSA-P384': ec(OID.p384, 384),
  'ECDSA-P521': ec(OID.p521, 521),
  Ed25519: {
    keyType: CKK.ecEdwards,
    generate: CKM.edwardsKeyPairGen,
    sign: CKM.eddsa,
    bits: 256,
    parameters: [[CKA.ecParams, oidElement(OID.ed25519)]],
    curves: [oidElement(OID.ed25519), EDWARDS25519],
  },
  'RSA-2048': rsa(2048),
  'RSA-3072': rsa(3072),
  'RSA-4096': rsa(4096),
};

export function mechanismsOf(algorithm: KeyAlgorithm): Mechanisms {
  return MECHANISMS[classicalAlgorithm(algorithm)];
}

/** The elliptic-curve algorithm that CKA_EC_PARAMS names. */
export function algorithmOfCurve(keyType: number, parameters: Uint8Array): ClassicalKeyAlgorithm | undefined {
  return CLASSICAL_KEY_ALGORITHMS.find(
    (algorithm) =>
      MECHANISMS[algorithm].keyType === keyType &&
      MECHANISMS[algorithm].curves.some((curve) => sameOctets(curve, parameters)),
  );
}

/**
 * What the token can make and sign with, by its own word; and without what the module says and cannot do, which is known
 * of single modules.
 */
export function offeredAlgorithms({ library, mechanisms }: OpenedToken): readonly KeyAlgorithm[] {
  const has = (type: number, bits: number) =>
    mechanisms.some((info) => info.type === type && admits(info, bits));
  return CLASSICAL_KEY_ALGORITHMS.filter((algorithm) => {
    const { generate, sign, bits } = MECHANISMS[algorithm];
    // tpm2-pkcs11 lists P-521 by its range of sizes, and fails to read the point that the TPM gives it.
    if (library.description === 'TPM2.0 Cryptoki' && algorithm === 'ECDSA-P521') return false;
    return has(generate, bits) && has(sign, bits);
  });
}

/** Some modules count RSA keys in octets, and some give no size at all. */
function admits({ minimum, maximum }: MechanismInfo, bits: number): boolean {
  if (maximum === 0) return true;
  const inside = (size: number) => minimum <= size && size <= maximum;
  return inside(bits) || (maximum <= 1024 && bits >= 2048 && inside(bits / 8));
}

/** DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2, note 1). */
const SHA256_DIGEST_INFO = fromHex('3031300d060960864801650304020105000420');

/** What the token is given to sign: the plain mechanisms, which every token has, take what is hashed already. */
export function toBeSigned(algorithm: KeyAlgorithm, data: Uint8Array, hasher: Hasher): Uint8Array {
  const { hash } = signatureAlgorithmOf(algorithm);
  if (hash === undefined) return data;
  const digest = hasher.hash(hash, data);
  return mechanismsOf(algorithm).keyType === CKK.rsa ? concat(SHA256_DIGEST_INFO, digest) : digest;
}

/** The token's signature as X.509 has it; undefined where it is none of that algorithm. */
export function signatureOf(algorithm: KeyAlgorithm, raw: Uint8Array): Uint8Array | undefined {
  const { keyType, bits } = mechanismsOf(algorithm);
  return keyType === CKK.ec ? derFromRaw(raw, Math.ceil(bits / 8)) : raw;
}
