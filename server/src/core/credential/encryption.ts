/** Password-based encryption of key files: PBES2 (RFC 8018, 6.2) and the older schemes of PKCS#12 (RFC 7292, C). */
import type { CipherName, Decryptor, Hasher, HashName } from '../ports.ts';
import { encodeUtf8 } from './charset.ts';
import {
  content,
  type Der,
  DerError,
  type Fields,
  fieldsOf,
  objectIdentifier,
  octetString,
  sequence,
  smallInteger,
  TAG,
} from './der.ts';
import { concat } from './octets.ts';
import { OID } from './oid.ts';
import { bmpPasswords, pkcs12Key } from './pkcs12Key.ts';
import { type RoundBudget, spend } from './roundBudget.ts';

export interface Tools {
  readonly hasher: Hasher;
  readonly decryptor: Decryptor;
  /** What one file may cost in all: a hostile one asks for years of key derivation. */
  readonly budget: RoundBudget;
}

export interface Encryption {
  /** For people: `AES-256-CBC, PBKDF2 with SHA-256, 2048 rounds`. */
  readonly name: string;
  /** Undefined: the password is wrong, or this scheme cannot be done here. */
  open(password: string, data: Uint8Array, tools: Tools): Uint8Array | undefined;
}

interface Cipher {
  readonly name: CipherName;
  readonly label: string;
  readonly keyLength: number;
  readonly ivLength: number;
}

const CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', label: 'AES-128-CBC', keyLength: 16, ivLength: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', label: 'AES-192-CBC', keyLength: 24, ivLength: 16 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', label: 'AES-256-CBC', keyLength: 32, ivLength: 16 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', label: '3DES-CBC', keyLength: 24, ivLength: 8 }],
  ['1.3.14.3.2.7', { name: 'des-cbc', label: 'DES-CBC', keyLength: 8, ivLength: 8 }],
]);

const OLD_SCHEMES: ReadonlyMap<string, Cipher> = new Map([
  ['1.2.840.113549.1.12.1.3', { name: 'des-ede3-cbc', label: '3DES', keyLength: 24, ivLength: 8 }],
  [
    '1.2.840.113549.1.12.1.4',
    { name: 'des-ede3-cbc', label: '3DES with two keys', keyLength: 16, ivLength: 8 },
  ],
  ['1.2.840.113549.1.12.1.5', { name: 'rc2-128-cbc', label: 'RC2-128', keyLength: 16, ivLength: 8 }],
  ['1.2.840.113549.1.12.1.6', { name: 'rc2-40-cbc', label: 'RC2-40', keyLength: 5, ivLength: 8 }],
]);

export const HMACS: ReadonlyMap<string, HashName> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

/** Reads an AlgorithmIdentifier; throws `DerError` where it is none. */
export function readEncryption(algorithm: Der): Encryption {
  const fields = sequence(algorithm, 'the encryption');
  const oid = objectIdentifier(fields.any('the encryption'), 'the encryption');
  const old = OLD_SCHEMES.get(oid);
  if (old !== undefined) return readOldScheme(old, sequence(fields.any('its parameters'), 'its parameters'));
  if (oid !== OID.pbes2) return { name: UNSUPPORTED.get(oid) ?? oid, open: () => undefined };
  const parameters = sequence(fields.any('its parameters'), 'its parameters');
  const derivation = readDerivation(parameters.any('the key derivation'));
  const scheme = sequence(parameters.any('the cipher'), 'the cipher');
  const cipherOid = objectIdentifier(scheme.any('the cipher'), 'the cipher');
  const cipher = CIPHERS.get(cipherOid);
  const name = `${cipher?.label ?? cipherOid}, ${derivation.name}`;
  if (cipher === undefined || !scheme.more()) return { name, open: () => undefined };
  const iv = octetString(scheme.any('the initial vector'), 'the initial vector');
  return {
    name,
    open: (password, data, tools) => {
      const key = derivation.derive(encodeUtf8(password), cipher.keyLength, tools);
      return key && tools.decryptor.decrypt(cipher.name, key, iv, data);
    },
  };
}

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.12.1.1', 'RC4-128 of PKCS#12'],
  ['1.2.840.113549.1.12.1.2', 'RC4-40 of PKCS#12'],
  ['1.2.840.113549.1.5.3', 'DES with MD5 (PBES1)'],
  ['1.2.840.113549.1.5.10', 'DES with SHA-1 (PBES1)'],
  ['1.2.840.113549.1.5.11', 'RC2 with SHA-1 (PBES1)'],
]);

export interface Derivation {
  readonly name: string;
  derive(password: Uint8Array, length: number, tools: Tools): Uint8Array | undefined;
}

export function readDerivation(node: Der): Derivation {
  const fields = sequence(node, 'the key derivation');
  const oid = objectIdentifier(fields.any('the key derivation'), 'the key derivation');
  if (oid === OID.pbkdf2) return readPbkdf2(sequence(fields.any('its parameters'), 'its parameters'));
  if (oid !== OID.scrypt) return { name: oid, derive: () => undefined };
  const parameters = sequence(fields.any('its parameters'), 'its parameters');
  const salt = octetString(parameters.any('the salt'), 'the salt');
  const cost = smallInteger(parameters.any('the cost'), 'the cost');
  const blockSize = smallInteger(parameters.any('the block size'), 'the block size');
  const parallel = smallInteger(parameters.any('the parallelization'), 'the parallelization');
  return {
    name: `scrypt with N=${cost}, r=${blockSize}, p=${parallel}`,
    derive: (password, length, { decryptor, budget }) =>
      spend(budget, cost * blockSize * parallel)
        ? decryptor.scrypt(password, salt, cost, blockSize, parallel, length)
        : undefined,
  };
}

function readPbkdf2(fields: Fields): Derivation {
  const salt = octetString(fields.any('the salt'), 'the salt');
  const rounds = smallInteger(fields.any('the rounds'), 'the rounds');
  fields.optional(TAG.integer);
  const prf = fields.optional(TAG.sequence);
  // RFC 8018, A.2: HMAC with SHA-1 where none is named.
  const oid =
    prf === undefined ? '1.2.840.113549.2.7' : objectIdentifier(fieldsOf(prf).any('the hash'), 'the hash');
  const hash = HMACS.get(oid);
  return {
    name: `PBKDF2 with ${hash === undefined ? oid : hashLabel(hash)}, ${rounds} rounds`,
    derive: (password, length, { decryptor, budget }) =>
      hash !== undefined && spend(budget, rounds)
        ? decryptor.pbkdf2(hash, password, salt, rounds, length)
        : undefined,
  };
}

function readOldScheme(cipher: Cipher, fields: Fields): Encryption {
  const salt = octetString(fields.any('the salt'), 'the salt');
  const rounds = smallInteger(fields.any('the rounds'), 'the rounds');
  return {
    name: `${cipher.label} of PKCS#12, ${rounds} rounds`,
    open: (password, data, tools) => {
      for (const secret of bmpPasswords(password)) {
        const key = pkcs12Key(tools, 'sha1', secret, salt, rounds, 1, cipher.keyLength);
        const iv = pkcs12Key(tools, 'sha1', secret, salt, rounds, 2, cipher.ivLength);
        if (key === undefined || iv === undefined) return undefined;
        // Two keys: the first one is used again (EDE).
        const full =
          cipher.name === 'des-ede3-cbc' && key.length === 16 ? concat(key, key.subarray(0, 8)) : key;
        const plain = tools.decryptor.decrypt(cipher.name, full, iv, data);
        if (plain !== undefined) return plain;
      }
      return undefined;
    },
  };
}

export function hashLabel(hash: HashName): string {
  return hash.replace('sha', 'SHA-').toUpperCase();
}

/** EncryptedPrivateKeyInfo (RFC 5958, 3). */
export function readEncryptedKey(node: Der): { readonly encryption: Encryption; readonly data: Uint8Array } {
  const fields = sequence(node, 'the encrypted key');
  const encryption = readEncryption(fields.take(TAG.sequence, 'the encryption'));
  const dataNode = fields.any('the encrypted data');
  if (content(dataNode).length === 0) throw new DerError('the encrypted data is empty', dataNode.start);
  return { encryption, data: octetString(dataNode, 'the encrypted data') };
}
