/** Writes PKCS#12 (RFC 7292) as OpenSSL 3, Java and Windows read it: PBES2 with AES-256, and a MAC with SHA-256. */
import type { Decryptor, Encryptor, Hasher, RandomSource } from '../../ports.ts';
import { encodeUtf8, encodeUtf16BigEndian } from '../charset.ts';
import { context, TAG } from '../der.ts';
import { element, oidElement, unsignedInteger } from '../derWriter.ts';
import { concat } from '../octets.ts';
import { OID } from '../oid.ts';
import { bmpPasswords, pkcs12Key } from '../pkcs12Key.ts';
import { roundBudget } from '../roundBudget.ts';
import type { KeystoreContent } from './keystore.ts';

export interface Pkcs12Tools {
  readonly hasher: Hasher;
  readonly random: RandomSource;
  readonly encryptor: Encryptor;
  readonly decryptor: Pick<Decryptor, 'pbkdf2' | 'hmac'>;
}

/**
 * What Java writes. The password is made here with 256 bits, which no number of rounds makes stronger, and the MAC's own
 * derivation is a loop that nothing else runs beside: 10,000 take some 20 ms. Readers bound what they do, too, such as .NET.
 */
const ROUNDS = 10_000;
const SALT_LENGTH = 16;

const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
const SHA256 = '2.16.840.1.101.3.4.2.1';
/** Java takes a certificate for a trusted one only where it is marked with this attribute of Oracle's, for any use. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_EXTENDED_KEY_USAGE = '2.5.29.37.0';

const sequence = (...parts: readonly Uint8Array[]) => element(TAG.sequence, ...parts);
const octets = (bytes: Uint8Array) => element(TAG.octetString, bytes);
const explicit = (bytes: Uint8Array) => element(context(0), bytes);
const integer = (value: number) => {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest & 0xff);
  return unsignedInteger(Uint8Array.from(bytes));
};
const NULL = element(TAG.null);

/** The key lies in a safe that says that it holds one; the certificates lie in an encrypted one, as all programs write it. */
export function buildPkcs12(content: KeystoreContent, password: string, tools: Pkcs12Tools): Uint8Array {
  const { key, trusted } = content;
  const id = key?.chain[0] === undefined ? undefined : tools.hasher.hash('sha1', key.chain[0]);
  const certificates = [
    ...(key?.chain ?? []).map((der, index) =>
      certificateBag(der, index === 0 ? attributes(key?.alias, id) : undefined),
    ),
    ...trusted.map(({ der, alias }) => certificateBag(der, attributes(alias, undefined, true))),
  ];
  const safes = [
    ...(certificates.length === 0 ? [] : [encryptedSafe(sequence(...certificates), password, tools)]),
    ...(key === undefined
      ? []
      : [plainSafe(sequence(keyBag(key.pkcs8, attributes(key.alias, id), password, tools)))]),
  ];
  const authenticated = sequence(...safes);
  return sequence(
    integer(3),
    sequence(oidElement(OID.data), explicit(octets(authenticated))),
    mac(authenticated, password, tools),
  );
}

function plainSafe(bags: Uint8Array): Uint8Array {
  return sequence(oidElement(OID.data), explicit(octets(bags)));
}

function encryptedSafe(bags: Uint8Array, password: string, tools: Pkcs12Tools): Uint8Array {
  const { algorithm, data } = sealed(bags, password, tools);
  const info = sequence(oidElement(OID.data), algorithm, element(context(0, 'primitive'), data));
  return sequence(oidElement(OID.encryptedData), explicit(sequence(unsignedInteger(Uint8Array.of(0)), info)));
}

function certificateBag(der: Uint8Array, marks: Uint8Array | undefined): Uint8Array {
  const value = sequence(oidElement(OID.x509Certificate), explicit(octets(der)));
  return sequence(oidElement(CERTIFICATE_BAG), explicit(value), ...(marks === undefined ? [] : [marks]));
}

function keyBag(
  pkcs8: Uint8Array,
  marks: Uint8Array | undefined,
  password: string,
  tools: Pkcs12Tools,
): Uint8Array {
  const { algorithm, data } = sealed(pkcs8, password, tools);
  const value = sequence(algorithm, octets(data));
  return sequence(oidElement(SHROUDED_KEY_BAG), explicit(value), ...(marks === undefined ? [] : [marks]));
}

/** The set in the order that DER wants (X.690, 11.6): some readers insist. */
function attributes(alias: string | undefined, id: Uint8Array | undefined, isTrusted = false): Uint8Array {
  const one = (oid: string, value: Uint8Array) => sequence(oidElement(oid), element(TAG.set, value));
  const each = [
    ...(alias === undefined ? [] : [one(OID.friendlyName, element(0x1e, encodeUtf16BigEndian(alias)))]),
    ...(id === undefined ? [] : [one(OID.localKeyId, octets(id))]),
    ...(isTrusted ? [one(TRUSTED_KEY_USAGE, oidElement(ANY_EXTENDED_KEY_USAGE))] : []),
  ];
  return element(TAG.set, ...each.sort(inDerOrder));
}

function inDerOrder(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** PBES2 (RFC 8018, 6.2). */
function sealed(
  plain: Uint8Array,
  password: string,
  { random, encryptor, decryptor }: Pkcs12Tools,
): { readonly algorithm: Uint8Array; readonly data: Uint8Array } {
  const salt = random.bytes(SALT_LENGTH);
  const iv = random.bytes(16);
  const key = decryptor.pbkdf2('sha256', encodeUtf8(password), salt, ROUNDS, 32);
  if (key === undefined) throw new Error('PBKDF2 with SHA-256 is not to be had here');
  const derivation = sequence(
    oidElement(OID.pbkdf2),
    sequence(octets(salt), integer(ROUNDS), sequence(oidElement(HMAC_SHA256), NULL)),
  );
  const cipher = sequence(oidElement(AES_256_CBC), octets(iv));
  return {
    algorithm: sequence(oidElement(OID.pbes2), sequence(derivation, cipher)),
    data: encryptor.encrypt('aes-256-cbc', key, iv, plain),
  };
}

/** MacData (RFC 7292, 4 and B). */
function mac(data: Uint8Array, password: string, { hasher, random, decryptor }: Pkcs12Tools): Uint8Array {
  const salt = random.bytes(SALT_LENGTH);
  const [secret = concat()] = bmpPasswords(password);
  const key = pkcs12Key({ hasher, budget: roundBudget() }, 'sha256', secret, salt, ROUNDS, 3, 32);
  if (key === undefined) throw new Error('the rounds of the MAC are more than one file may cost');
  const digest = sequence(sequence(oidElement(SHA256), NULL), octets(decryptor.hmac('sha256', key, data)));
  return sequence(digest, octets(salt), integer(ROUNDS));
}
