import {
  content,
  type Der,
  integerOctets,
  objectIdentifier,
  readInside,
  sequence,
  TAG,
  whole,
} from '../../credential/der.ts';
import { withoutLeadingZeros } from '../../credential/octets.ts';
import { CURVES, OID } from '../../credential/oid.ts';

export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: Der | undefined;
  /** Something stands behind the parameters. */
  readonly node: Der;
}

/** Throws `DerError`. */
export function readAlgorithm(node: Der): AlgorithmIdentifier {
  const fields = sequence(node, 'an algorithm');
  const oid = objectIdentifier(fields.any('the algorithm'), 'the algorithm');
  return { oid, parameters: fields.more() ? fields.any('the parameters') : undefined, node };
}

export interface RsaNumbers {
  /** Magnitudes. */
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
  readonly bits: number;
  readonly negative: boolean;
}

export interface KeyView {
  readonly algorithm: AlgorithmIdentifier;
  readonly kind: 'RSA' | 'RSASSA-PSS' | 'EC' | 'DSA' | 'Ed25519' | 'Ed448' | 'other';
  /** Content of the BIT STRING, without the count of unused bits. */
  readonly key: Uint8Array;
  readonly unusedBits: number;
  readonly rsa: RsaNumbers | undefined;
  /** Of EC: the named curve; undefined where the parameters are no name. */
  readonly curve:
    | { readonly oid: string; readonly name: string; readonly bits: number | undefined }
    | undefined;
  /** Of DSA; undefined where they are inherited. */
  readonly dsa: { readonly p: Uint8Array; readonly q: Uint8Array; readonly g: Uint8Array } | undefined;
  readonly spki: Uint8Array;
}

const KINDS: ReadonlyMap<string, KeyView['kind']> = new Map([
  [OID.rsaEncryption, 'RSA'],
  [OID.rsaPss, 'RSASSA-PSS'],
  [OID.ecPublicKey, 'EC'],
  [OID.dsa, 'DSA'],
  [OID.ed25519, 'Ed25519'],
  [OID.ed448, 'Ed448'],
]);

/** Throws `DerError` where the parts of an RSA, DSA or EC key are not what they should be. */
export function readKey(node: Der): KeyView {
  const fields = sequence(node, 'the public key');
  const algorithm = readAlgorithm(fields.any('the key algorithm'));
  const bits = fields.take(TAG.bitString, 'the key');
  const octets = content(bits);
  const kind = KINDS.get(algorithm.oid) ?? 'other';
  const isRsa = kind === 'RSA' || kind === 'RSASSA-PSS';
  return {
    algorithm,
    kind,
    key: octets.subarray(1),
    unusedBits: octets[0] ?? 0,
    rsa: isRsa ? rsaOf(readInside(bits, 1)) : undefined,
    curve: kind === 'EC' ? curveOf(algorithm.parameters) : undefined,
    dsa: kind === 'DSA' ? dsaOf(algorithm.parameters) : undefined,
    spki: whole(node),
  };
}

function rsaOf(node: Der): RsaNumbers {
  const fields = sequence(node, 'the RSA key');
  const signed = [
    integerOctets(fields.any('the modulus'), 'the modulus'),
    integerOctets(fields.any('the exponent'), 'the exponent'),
  ];
  const [modulus = new Uint8Array(), exponent = new Uint8Array()] = signed.map(withoutLeadingZeros);
  return {
    modulus,
    exponent,
    bits: bitLength(modulus),
    negative: signed.some((octets) => (octets[0] ?? 0) >= 0x80),
  };
}

function curveOf(parameters: Der | undefined): KeyView['curve'] {
  if (parameters?.tag !== TAG.oid) return undefined;
  const oid = objectIdentifier(parameters, 'the curve');
  const known = CURVES.get(oid);
  return { oid, name: known?.name ?? oid, bits: known?.bits };
}

function dsaOf(parameters: Der | undefined): KeyView['dsa'] {
  if (parameters?.tag !== TAG.sequence) return undefined;
  const fields = sequence(parameters, 'the DSA parameters');
  const number = (name: string) => withoutLeadingZeros(integerOctets(fields.any(name), name));
  return { p: number('p'), q: number('q'), g: number('g') };
}

export function bitLength(magnitude: Uint8Array): number {
  return magnitude.length === 0 ? 0 : magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}
