/**
 * Private keys: what they are and which public key they belong to, never what they hold. Nothing here gives a private
 * number away; what leaves is an algorithm and a SubjectPublicKeyInfo.
 */
import {
  bitString,
  content,
  context,
  type Der,
  DerError,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  smallInteger,
  TAG,
} from './der.ts';
import { element, oidElement } from './derWriter.ts';
import { CURVES, OID, PLAIN_KEY_ALGORITHMS } from './oid.ts';
import { type PrivateKeyForm, parameterSetOf, publicPartOf, readPostQuantumKey } from './postQuantum.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';
import { dsaSpki, ecSpkiOf, plainSpki, publicKeyFacts, rsaSpki } from './spki.ts';

export type PrivateKeyEncoding = 'pkcs8' | 'pkcs1' | 'sec1' | 'dsa';

export interface DecodedPrivateKey {
  readonly encoding: PrivateKeyEncoding;
  readonly algorithm: string;
  /** Of a post-quantum key. */
  readonly form?: PrivateKeyForm;
  /** Normalized; undefined where the structure does not carry the public half (see `PublicHalfFinder`). */
  readonly spki: Uint8Array | undefined;
  /** For a port that computes the public half. Private: never to be shown, logged or kept. */
  readonly pkcs8: Uint8Array;
}

/** Takes an unencrypted key of any of the four encodings. */
export function decodePrivateKey(der: Uint8Array): Decoded<DecodedPrivateKey | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the private key', () => readPrivateKey(der));
  return { value, problems };
}

function readPrivateKey(der: Uint8Array): DecodedPrivateKey {
  const node = readDer(der);
  const fields = sequence(node, 'the private key');
  const version = smallInteger(fields.take(TAG.integer, 'the version'), 'the version');
  const second = fields.any('the key');
  switch (second.tag) {
    case TAG.sequence:
      return readPkcs8(der.subarray(node.start, node.end), second, fields);
    case TAG.octetString: {
      const key = readSec1(node, undefined);
      return { ...key, encoding: 'sec1' };
    }
    case TAG.integer: {
      const numbers = [second];
      while (fields.more() && numbers.length < 12) numbers.push(fields.any('a number'));
      const isDsa = version === 0 && numbers.length === 5;
      return isDsa ? readOldDsa(numbers) : { ...readPkcs1(node), encoding: 'pkcs1' };
    }
    default:
      throw new DerError('it is no private key', node.start);
  }
}

/** RFC 5958. */
function readPkcs8(
  pkcs8: Uint8Array,
  algorithmNode: Der,
  fields: ReturnType<typeof fieldsOf>,
): DecodedPrivateKey {
  const algorithmFields = fieldsOf(algorithmNode);
  const oid = objectIdentifier(algorithmFields.any('the key algorithm'), 'the key algorithm');
  const parameters = algorithmFields.more() ? algorithmFields.any('the key parameters') : undefined;
  const inner = octetString(fields.any('the key'), 'the key');
  const carried = carriedPublicKey(fields);
  const known = { encoding: 'pkcs8', pkcs8 } as const;
  switch (oid) {
    case OID.rsaEncryption:
    case OID.rsaPss: {
      const key = readPkcs1(readDer(inner));
      if (oid === OID.rsaEncryption) return { ...key, ...known };
      // A key bound to RSASSA-PSS has another SubjectPublicKeyInfo, with its parameters: a port has to make it.
      return { ...known, algorithm: key.algorithm.replace('RSA', 'RSASSA-PSS'), spki: undefined };
    }
    case OID.ecPublicKey: {
      const curve = parameters?.tag === TAG.oid ? objectIdentifier(parameters, 'the curve') : undefined;
      return { ...readSec1(readDer(inner), curve), ...known };
    }
    case OID.dsa: {
      const bits = parameters === undefined ? undefined : sequence(parameters, 'the parameters').any('p');
      const size =
        bits === undefined ? '' : `-${content(bits).filter((octet, at) => at > 0 || octet > 0).length * 8}`;
      return { ...known, algorithm: `DSA${size}`, spki: undefined };
    }
    default: {
      const set = parameterSetOf(oid);
      if (set !== undefined) {
        const key = readPostQuantumKey(set, inner);
        const part = carried ?? publicPartOf(key);
        return { ...known, algorithm: set.name, form: key.form, spki: part && plainSpki(oid, part) };
      }
      const algorithm = PLAIN_KEY_ALGORITHMS.get(oid) ?? `unknown (${oid})`;
      return { ...known, algorithm, spki: carried && plainSpki(oid, carried) };
    }
  }
}

/** RFC 5958, 2: attributes [0], then publicKey [1] as an implicit BIT STRING. */
function carriedPublicKey(fields: ReturnType<typeof fieldsOf>): Uint8Array | undefined {
  while (fields.more()) {
    const field = fields.any('an optional field');
    if (field.tag === context(1, 'primitive')) return content(field).subarray(1);
  }
  return undefined;
}

/** RFC 8017, A.1.2. */
function readPkcs1(node: Der): Omit<DecodedPrivateKey, 'encoding'> {
  const fields = sequence(node, 'the RSA key');
  fields.take(TAG.integer, 'the version');
  const modulus = integerOctets(fields.any('the modulus'), 'the modulus');
  const exponent = integerOctets(fields.any('the exponent'), 'the exponent');
  fields.take(TAG.integer, 'the private exponent');
  const spki = rsaSpki(modulus, exponent);
  const algorithm = publicKeyFacts(spki)?.algorithm ?? 'RSA';
  return { algorithm, spki, pkcs8: wrap(element(TAG.null), OID.rsaEncryption, node) };
}

/** RFC 5915. `curve` is what PKCS#8 says around it. */
function readSec1(node: Der, curve: string | undefined): Omit<DecodedPrivateKey, 'encoding'> {
  const fields = sequence(node, 'the EC key');
  fields.take(TAG.integer, 'the version');
  fields.take(TAG.octetString, 'the private number');
  const parameters = fields.optional(context(0));
  const named = parameters === undefined ? undefined : fieldsOf(parameters).any('the curve');
  const oid = curve ?? (named?.tag === TAG.oid ? objectIdentifier(named, 'the curve') : undefined);
  const publicNode = fields.optional(context(1));
  const point = publicNode && bitString(fieldsOf(publicNode).any('the public key'), 'the public key');
  if (oid === undefined) {
    return { algorithm: 'ECDSA-explicit-parameters', spki: undefined, pkcs8: node.source };
  }
  return {
    algorithm: `ECDSA-${CURVES.get(oid)?.name ?? oid}`,
    spki: point && ecSpkiOf(oid, point),
    pkcs8: wrap(oidElement(oid), OID.ecPublicKey, node),
  };
}

/** OpenSSL's own form of DSA keys: version, p, q, g, public, private. */
function readOldDsa(numbers: readonly Der[]): DecodedPrivateKey {
  const [p, q, g, y] = numbers.map((number) => integerOctets(number, 'a number'));
  if (p === undefined || q === undefined || g === undefined || y === undefined) {
    throw new DerError('the DSA key lacks numbers', 0);
  }
  const spki = dsaSpki(p, q, g, y);
  const algorithm = publicKeyFacts(spki)?.algorithm ?? 'DSA';
  return { encoding: 'dsa', algorithm, spki, pkcs8: new Uint8Array() };
}

function wrap(parameters: Uint8Array, oid: string, node: Der): Uint8Array {
  const key = node.source.subarray(node.start, node.end);
  return element(
    TAG.sequence,
    element(TAG.integer, Uint8Array.of(0)),
    element(TAG.sequence, oidElement(oid), parameters),
    element(TAG.octetString, key),
  );
}
