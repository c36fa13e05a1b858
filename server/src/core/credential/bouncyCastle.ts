/** Key stores of Bouncy Castle, as far as they are read without a password: enough to tell that a file is one. */
import { elements, isConstructed, objectIdentifier, octetString, readDer, sequence } from './der.ts';
import { OID } from './oid.ts';
import { attempt } from './problem.ts';

const SEQUENCE = 0x30;
/** `ObjectStore`: what is encrypted under PBES2, and a MAC whose key comes from the password by one of these. */
const DERIVATIONS: ReadonlySet<string> = new Set([OID.pbkdf2, OID.scrypt]);

/** BCFKS, the format of its FIPS provider. */
export function isBcfks(bytes: Uint8Array): boolean {
  if (bytes[0] !== SEQUENCE) return false;
  const isOne = attempt([], 'the key store', () => {
    const [store, check, ...others] = [...elements(readDer(bytes))];
    if (store === undefined || check === undefined || others.length > 0) return false;
    const data = sequence(store, 'the store');
    const scheme = sequence(data.any('the encryption'), 'the encryption');
    if (objectIdentifier(scheme.any('the scheme'), 'the scheme') !== OID.pbes2) return false;
    octetString(data.any('the content'), 'the content');
    const mac = sequence(check, 'the check');
    if (!isConstructed(mac.any('the algorithm'))) return false;
    const derivation = sequence(mac.any('the derivation'), 'the derivation');
    return DERIVATIONS.has(objectIdentifier(derivation.any('the function'), 'the function'));
  });
  return isOne === true;
}

const SALT_OCTETS = 20;
/** Of the length of the salt, and of the rounds, after the version. */
const LENGTH_AT = 4;
const ROUNDS_AT = LENGTH_AT + 4 + SALT_OCTETS;
const FEWEST_ROUNDS = 1024;

/** BKS and UBER: a version, a salt of 20 octets and 1,024 to 2,047 rounds, as the provider draws them. */
export function isBks(bytes: Uint8Array): boolean {
  if (bytes.length < ROUNDS_AT + 4) return false;
  const version = word(bytes, 0);
  const rounds = word(bytes, ROUNDS_AT);
  return (
    (version === 1 || version === 2) &&
    word(bytes, LENGTH_AT) === SALT_OCTETS &&
    rounds >= FEWEST_ROUNDS &&
    rounds < 2 * FEWEST_ROUNDS
  );
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at);
}
