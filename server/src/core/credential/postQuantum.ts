/**
 * Post-quantum keys: the parameter sets of FIPS 203, 204 and 205 as X.509 names them (RFC 9935, RFC 9881, RFC 9909), and the
 * forms of their private keys. What has to be computed (a key out of its seed) is a port's.
 */
import { context, type Der, DerError, objectIdentifier, octetString, readDer, sequence, TAG } from './der.ts';
import { element, oidElement } from './derWriter.ts';

export type PostQuantumFamily = 'ML-DSA' | 'SLH-DSA' | 'ML-KEM';

export interface ParameterSet {
  readonly name: string;
  readonly oid: string;
  readonly family: PostQuantumFamily;
  /** Security category of NIST's process (FIPS 204, table 1; FIPS 205, table 2; FIPS 203, table 2). */
  readonly category: 1 | 2 | 3 | 5;
  /** Octets of a public and of a private key. */
  readonly publicKey: number;
  readonly privateKey: number;
  /** Octets that a private key is made of; undefined: X.509 knows no such form. */
  readonly seed?: number;
}

const NIST_ALGORITHMS = '2.16.840.1.101.3.4';

const lattice = (
  family: 'ML-DSA' | 'ML-KEM',
  arc: string,
  [size, category, publicKey, privateKey]: readonly [number, ParameterSet['category'], number, number],
): ParameterSet => ({
  name: `${family}-${size}`,
  oid: `${NIST_ALGORITHMS}.${arc}`,
  family,
  category,
  publicKey,
  privateKey,
  seed: family === 'ML-DSA' ? 32 : 64,
});

const SECURITY = [
  [128, 1, 16],
  [192, 3, 24],
  [256, 5, 32],
] as const;

/** FIPS 205, table 2: both keys are made of values of `n` octets, small (`s`) and fast (`f`) signatures alike. */
const hashBased = (hash: 'SHA2' | 'SHAKE', firstArc: number): readonly ParameterSet[] =>
  SECURITY.flatMap(([bits, category, n], at) =>
    (['s', 'f'] as const).map((size, second) => ({
      name: `SLH-DSA-${hash}-${bits}${size}`,
      oid: `${NIST_ALGORITHMS}.3.${firstArc + 2 * at + second}`,
      family: 'SLH-DSA' as const,
      category,
      publicKey: 2 * n,
      privateKey: 4 * n,
    })),
  );

export const PARAMETER_SETS: readonly ParameterSet[] = [
  lattice('ML-DSA', '3.17', [44, 2, 1312, 2560]),
  lattice('ML-DSA', '3.18', [65, 3, 1952, 4032]),
  lattice('ML-DSA', '3.19', [87, 5, 2592, 4896]),
  ...hashBased('SHA2', 20),
  ...hashBased('SHAKE', 26),
  lattice('ML-KEM', '4.1', [512, 1, 800, 1632]),
  lattice('ML-KEM', '4.2', [768, 3, 1184, 2400]),
  lattice('ML-KEM', '4.3', [1024, 5, 1568, 3168]),
];

const BY_OID = new Map(PARAMETER_SETS.map((set) => [set.oid, set]));
const BY_NAME = new Map(PARAMETER_SETS.map((set) => [set.name, set]));

export function parameterSetOf(oid: string): ParameterSet | undefined {
  return BY_OID.get(oid);
}

export function parameterSetNamed(name: string): ParameterSet | undefined {
  return BY_NAME.get(name);
}

/** How a private key stands in PKCS#8: what it is made of, the key itself, or both (RFC 9881, 6; RFC 9935, 6). */
export type PrivateKeyForm = 'seed' | 'expanded' | 'both';

export interface PostQuantumPrivateKey {
  readonly set: ParameterSet;
  readonly form: PrivateKeyForm;
  readonly seed?: Uint8Array;
  readonly expanded?: Uint8Array;
}

/** `key`: what stands in the OCTET STRING of PKCS#8. Throws `DerError` where it is no key of that set. */
export function readPostQuantumKey(set: ParameterSet, key: Uint8Array): PostQuantumPrivateKey {
  // RFC 9909, 6: the octets themselves, without anything around them.
  if (set.seed === undefined)
    return { set, form: 'expanded', expanded: sized(key, set.privateKey, set.name, 0) };
  const node = readDer(key);
  const seedOf = (field: Der, tag: number) =>
    sized(octetString(field, 'the seed', tag), set.seed ?? 0, `a seed of ${set.name}`, field.start);
  const expandedOf = (field: Der) =>
    sized(octetString(field, 'the expanded key'), set.privateKey, set.name, field.start);
  switch (node.tag) {
    case context(0, 'primitive'):
      return { set, form: 'seed', seed: seedOf(node, node.tag) };
    case TAG.octetString:
      return { set, form: 'expanded', expanded: expandedOf(node) };
    case TAG.sequence: {
      const fields = sequence(node, 'the private key');
      const seed = seedOf(fields.any('the seed'), TAG.octetString);
      return { set, form: 'both', seed, expanded: expandedOf(fields.any('the expanded key')) };
    }
    default:
      throw new DerError(`it is no private key of ${set.name}`, node.start);
  }
}

function sized(octets: Uint8Array, length: number, what: string, offset: number): Uint8Array {
  if (octets.length === length) return octets;
  throw new DerError(`it has ${octets.length} octets, and ${what} has ${length}`, offset);
}

/** The public half where it stands in the private one; undefined where it must be computed. */
export function publicPartOf({ set, expanded }: PostQuantumPrivateKey): Uint8Array | undefined {
  if (expanded === undefined) return undefined;
  // FIPS 205, 9.1: SK.seed, SK.prf, PK.seed, PK.root.
  if (set.family === 'SLH-DSA') return expanded.subarray(set.publicKey);
  // FIPS 203, 7.1: the key of the scheme below, the public key, its digest (32), the value for rejections (32).
  if (set.family === 'ML-KEM') return expanded.subarray(-(set.publicKey + 64), -64);
  return undefined;
}

/** PKCS#8 (RFC 5958) of a key as it is made here: as its seed where there is one, which is what standards recommend. */
export function postQuantumPkcs8(set: ParameterSet, secret: Uint8Array): Uint8Array {
  return element(
    TAG.sequence,
    element(TAG.integer, Uint8Array.of(0)),
    element(TAG.sequence, oidElement(set.oid)),
    element(TAG.octetString, set.seed === undefined ? secret : element(context(0, 'primitive'), secret)),
  );
}

/** Reads PKCS#8; undefined where it holds a key of another kind. Throws `DerError` where it is damaged. */
export function postQuantumKeyIn(pkcs8: Uint8Array): PostQuantumPrivateKey | undefined {
  const fields = sequence(readDer(pkcs8), 'the private key');
  fields.take(TAG.integer, 'the version');
  const algorithm = sequence(fields.any('the key algorithm'), 'the key algorithm');
  const set = parameterSetOf(objectIdentifier(algorithm.any('the key algorithm'), 'the key algorithm'));
  return set && readPostQuantumKey(set, octetString(fields.any('the key'), 'the key'));
}
