/**
 * What keeps a Java key store of Sun's form together: a keystream of SHA-1 over each key, and a digest over the file.
 * It has no rounds, so it is as strong as its password and not more.
 */
import type { Hasher } from '../ports.ts';
import { encodeUtf8, encodeUtf16BigEndian } from './charset.ts';
import { concat, sameOctets } from './octets.ts';

export const JKS_MAGIC = 0xfeedfeed;
/** Algorithm of a key's EncryptedPrivateKeyInfo. */
export const JKS_KEY_PROTECTOR = '1.3.6.1.4.1.42.2.17.1.1';

const SALT_LENGTH = 20;
const DIGEST_LENGTH = 20;
const WHITENER = 'Mighty Aphrodite';

function keystream(password: Uint8Array, salt: Uint8Array, length: number, hasher: Hasher): Uint8Array {
  const stream = new Uint8Array(length);
  let block = salt;
  for (let at = 0; at < length; at += DIGEST_LENGTH) {
    block = hasher.hash('sha1', concat(password, block));
    stream.set(block.subarray(0, length - at), at);
  }
  return stream;
}

function combined(bytes: Uint8Array, stream: Uint8Array): Uint8Array {
  return bytes.map((octet, index) => octet ^ (stream[index] ?? 0));
}

export function protectJksKey(
  plain: Uint8Array,
  password: string,
  salt: Uint8Array,
  hasher: Hasher,
): Uint8Array {
  const secret = encodeUtf16BigEndian(password);
  const stream = keystream(secret, salt, plain.length, hasher);
  return concat(salt, combined(plain, stream), hasher.hash('sha1', concat(secret, plain)));
}

/** Undefined: another password, or a changed file. */
export function openJksKey(sealed: Uint8Array, password: string, hasher: Hasher): Uint8Array | undefined {
  if (sealed.length <= SALT_LENGTH + DIGEST_LENGTH) return undefined;
  const secret = encodeUtf16BigEndian(password);
  const cipher = sealed.subarray(SALT_LENGTH, sealed.length - DIGEST_LENGTH);
  const stream = keystream(secret, sealed.subarray(0, SALT_LENGTH), cipher.length, hasher);
  const plain = combined(cipher, stream);
  const digest = hasher.hash('sha1', concat(secret, plain));
  return sameOctets(digest, sealed.subarray(sealed.length - DIGEST_LENGTH)) ? plain : undefined;
}

export function jksDigest(data: Uint8Array, password: string, hasher: Hasher): Uint8Array {
  return hasher.hash('sha1', concat(encodeUtf16BigEndian(password), encodeUtf8(WHITENER), data));
}
