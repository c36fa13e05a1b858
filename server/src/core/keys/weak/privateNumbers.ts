/**
 * What the numbers of a private key say that its public ones do not: FIPS 186-5, A.1.1 for RSA (the private exponent is longer
 * than half of the modulus, the primes differ in their first 100 bits), A.2 and SP 800-56A rev. 3, 5.6.1.2 for curves (a number
 * that nobody guesses). Only that is told, and no number.
 */
import { CURVE_PARAMETERS } from '../../credential/curveParameters.ts';
import {
  context,
  type Der,
  DerError,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  TAG,
} from '../../credential/der.ts';
import { keyFactorable } from '../../credential/findings/keyFactorable.ts';
import { keyGuessable } from '../../credential/findings/keyGuessable.ts';
import { bitLength } from '../../credential/integers.ts';
import { toBigInt } from '../../credential/octets.ts';
import { OID } from '../../credential/oid.ts';
import type { KeyProblem } from './check.ts';
import { LARGEST_BITS } from './keyNumbers.ts';

/** What is shorter is tried by whoever tries keys at all. */
const GUESSABLE_BITS = 64;
const OCTETS_OF_ONE_SIGN = 8;

/** `pkcs8`: PrivateKeyInfo, not encrypted. */
export function privateNumberProblem(pkcs8: Uint8Array): KeyProblem | undefined {
  try {
    const fields = sequence(readDer(pkcs8), 'the private key');
    fields.take(TAG.integer, 'the version');
    const algorithm = fieldsOf(fields.take(TAG.sequence, 'the key algorithm'));
    const oid = objectIdentifier(algorithm.any('the key algorithm'), 'the key algorithm');
    const parameters = algorithm.more() ? algorithm.any('the parameters') : undefined;
    const inner = octetString(fields.any('the key'), 'the key');
    switch (oid) {
      case OID.rsaEncryption:
      case OID.rsaPss:
        return rsaProblem(readDer(inner));
      case OID.ecPublicKey:
        return curveProblem(readDer(inner), parameters);
      case OID.ed25519:
      case OID.ed448:
      case OID.x25519:
      case OID.x448:
        return seedProblem(octetString(readDer(inner), 'the seed'));
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function rsaProblem(node: Der): KeyProblem | undefined {
  const fields = sequence(node, 'the RSA key');
  fields.take(TAG.integer, 'the version');
  const [n, , d, p, q] = ['modulus', 'public exponent', 'private exponent', 'prime', 'prime'].map((what) =>
    numberOf(fields.any(`the ${what}`), what),
  );
  if (n === undefined || d === undefined || p === undefined || q === undefined) return undefined;
  const bits = bitLength(n);
  if (bitLength(d) <= bits >> 1)
    return factorable('the private exponent of the key is shorter than half of the modulus');
  const apart = p > q ? p - q : q - p;
  // Of several primes the first two may have other lengths, and then they are far apart.
  return bitLength(apart) <= (bits >> 1) - 100
    ? factorable('the two primes of the key begin with the same hundred bits')
    : undefined;
}

function factorable(what: string): KeyProblem {
  return {
    rule: keyFactorable,
    message: `${what}: that makes it easier, or easy, to compute the private key from the public one`,
  };
}

function curveProblem(node: Der, parameters: Der | undefined): KeyProblem | undefined {
  const fields = sequence(node, 'the EC key');
  fields.take(TAG.integer, 'the version');
  const d = toBigInt(octetString(fields.any('the private number'), 'the private number'));
  const inner = fields.optional(context(0));
  const named = parameters ?? (inner && fieldsOf(inner).any('the curve'));
  const curve =
    named?.tag === TAG.oid ? CURVE_PARAMETERS.get(objectIdentifier(named, 'the curve')) : undefined;
  if (curve !== undefined && (d === 0n || d >= curve.order))
    return guessable('the private number of the key is not between 1 and the order of its curve');
  const distance = curve !== undefined && curve.order - d < d ? curve.order - d : d;
  return bitLength(distance) <= GUESSABLE_BITS
    ? guessable(`the private number of the key is within ${GUESSABLE_BITS} bits of the end of its range`)
    : undefined;
}

/** RFC 8032, 5.1.5: a seed is octets at random. */
function seedProblem(seed: Uint8Array): KeyProblem | undefined {
  return new Set(seed).size < OCTETS_OF_ONE_SIGN
    ? guessable('the private number of the key is made of a few octets over and over')
    : undefined;
}

function guessable(what: string): KeyProblem {
  return { rule: keyGuessable, message: `${what}: whoever tries such numbers first has the key` };
}

function numberOf(node: Der, what: string): bigint {
  const octets = integerOctets(node, `the ${what}`);
  if (octets.length * 8 > LARGEST_BITS + 8) throw new DerError(`the ${what} is too large`, node.start);
  return toBigInt(octets);
}
