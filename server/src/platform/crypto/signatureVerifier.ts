import { constants, createPublicKey, type KeyObject, type VerifyKeyObjectInput, verify } from 'node:crypto';
import {
  bitString,
  context,
  type Der,
  fieldsOf,
  objectIdentifier,
  readDer,
  sequence,
  smallInteger,
  TAG,
} from '../../core/credential/der.ts';
import { DIGESTS } from '../../core/credential/oid.ts';
import { type ParameterSet, parameterSetOf } from '../../core/credential/postQuantum.ts';
import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { HashName, SignatureVerifier, VerifyOutcome } from '../../core/ports.ts';
import { postQuantumLibrary } from '../postQuantum/loaded.ts';

/** How a signature is checked: with which kind of key, and hashed how (null: the algorithm hashes for itself). */
interface Scheme {
  readonly keyType: string;
  readonly hash: HashName | null;
  readonly pssSaltLength?: number;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  '1.2.840.113549.1.1.5': { keyType: 'rsa', hash: 'sha1' },
  '1.2.840.113549.1.1.11': { keyType: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { keyType: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { keyType: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.1': { keyType: 'ec', hash: 'sha1' },
  '1.2.840.10045.4.3.2': { keyType: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { keyType: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { keyType: 'ec', hash: 'sha512' },
  '1.2.840.10040.4.3': { keyType: 'dsa', hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { keyType: 'dsa', hash: 'sha256' },
  '1.3.101.112': { keyType: 'ed25519', hash: null },
  '1.3.101.113': { keyType: 'ed448', hash: null },
};

/**
 * Checks with the crypto of the Node or Electron we run in. What that does not know (an algorithm, a curve, a damaged
 * key) is `cannot-verify-here`, never `bad`: another machine may tell.
 */
export const nodeSignatureVerifier: SignatureVerifier = {
  verify(spki, signatureAlgorithm, data, signature) {
    try {
      const set = parameterSetOf(algorithmOf(signatureAlgorithm));
      if (set !== undefined) return postQuantumOutcome(set, spki, data, signature);
      const scheme = schemeOf(signatureAlgorithm);
      if (scheme === undefined) return 'cannot-verify-here';
      const key = publicKeyOf(spki);
      // A key of another type than the algorithm's can never have made the signature.
      if (!mayUse(key, scheme)) return 'bad';
      return verify(scheme.hash, data, inputOf(key, scheme), signature) ? 'good' : 'bad';
    } catch {
      return 'cannot-verify-here';
    }
  },
};

/** Alike on every runtime: Node's own is too old where it is 20, and the editor's is another library. */
function postQuantumOutcome(
  set: ParameterSet,
  spki: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): VerifyOutcome {
  const key = publicKeyFacts(spki);
  if (key === undefined) return 'cannot-verify-here';
  if (key.algorithm !== set.name) return 'bad';
  const octets = bitString(lastOf(key.spki), 'the key');
  const holds = postQuantumLibrary().verify(set.name, octets, data, signature);
  return holds === undefined ? 'cannot-verify-here' : holds ? 'good' : 'bad';
}

function lastOf(spki: Uint8Array): Der {
  const fields = sequence(readDer(spki), 'the public key');
  fields.any('the key algorithm');
  return fields.any('the key');
}

/** Most signatures are checked with the keys of a few authorities, and to read one takes longer than to check one. */
const MOST_KEYS = 32;
/** No real key is longer; one that is made to be is read each time. */
const LONGEST_KEY = 2048;
const keys = new Map<string, KeyObject>();

function publicKeyOf(spki: Uint8Array): KeyObject {
  const read = () => createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  if (spki.length > LONGEST_KEY) return read();
  const name = Buffer.from(spki).toString('latin1');
  const key = keys.get(name) ?? read();
  // Last in the order of the map: what was not used for longest goes first.
  keys.delete(name);
  keys.set(name, key);
  for (const oldest of keys.keys()) {
    if (keys.size <= MOST_KEYS) break;
    keys.delete(oldest);
  }
  return key;
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

function algorithmOf(der: Uint8Array): string {
  return objectIdentifier(sequence(readDer(der), 'the algorithm').any('the algorithm'), 'the algorithm');
}

function schemeOf(der: Uint8Array): Scheme | undefined {
  const fields = sequence(readDer(der), 'the algorithm');
  const algorithm = objectIdentifier(fields.any('the algorithm'), 'the algorithm');
  if (algorithm !== RSASSA_PSS) return SCHEMES[algorithm];
  return pssScheme(fields.optional(TAG.sequence));
}

/** RSASSA-PSS-params (RFC 4055, 3.1); what is absent means SHA-1, MGF1 with SHA-1 and a salt of 20 octets. */
function pssScheme(parameters: Der | undefined): Scheme | undefined {
  const fields = parameters === undefined ? undefined : fieldsOf(parameters);
  const inner = (number: number): Der | undefined => {
    const tagged = fields?.optional(context(number));
    return tagged === undefined ? undefined : fieldsOf(tagged).any('a parameter');
  };
  const hashField = inner(0);
  const maskField = inner(1);
  const saltField = inner(2);
  const hash = hashField === undefined ? 'sha1' : hashOf(hashField);
  const maskHash = maskField === undefined ? 'sha1' : maskHashOf(maskField);
  // Node takes one hash for both; other pairs are legal but cannot be checked here.
  if (hash === undefined || maskHash !== hash) return undefined;
  const pssSaltLength = saltField === undefined ? 20 : smallInteger(saltField, 'the salt length');
  return { keyType: 'rsa', hash, pssSaltLength };
}

function hashOf(identifier: Der): HashName | undefined {
  return DIGESTS.get(objectIdentifier(sequence(identifier, 'the hash').any('the hash'), 'the hash'));
}

function maskHashOf(identifier: Der): HashName | undefined {
  const fields = sequence(identifier, 'the mask');
  const isMgf1 = objectIdentifier(fields.any('the mask'), 'the mask') === MGF1;
  return isMgf1 ? hashOf(fields.any("the mask's hash")) : undefined;
}

function mayUse(key: KeyObject, scheme: Scheme): boolean {
  if (key.asymmetricKeyType === scheme.keyType) return true;
  return key.asymmetricKeyType === 'rsa-pss' && scheme.pssSaltLength !== undefined;
}

function inputOf(key: KeyObject, scheme: Scheme): VerifyKeyObjectInput {
  if (scheme.pssSaltLength === undefined) return { key, dsaEncoding: 'der' };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.pssSaltLength };
}
