import { createCipheriv, createDecipheriv, hkdf, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomSource } from '../../core/ports.ts';

/** AES-256-GCM with a fresh 96-bit nonce (NIST SP 800-38D, 8.2.2); Node's and Electron's crypto both have it. */
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
export const KEY_LENGTH = 32;

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about a third of a second for each guess (OWASP Password Storage Cheat Sheet). */
export const SCRYPT_COST: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** nonce ‖ ciphertext ‖ tag. `context` is bound to it: it opens with the same one only. */
export function seal(key: Uint8Array, plain: Uint8Array, context: string, random: RandomSource): Buffer {
  const nonce = random.bytes(NONCE_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when the key or the context is another one, or a bit of it was changed. */
export function unseal(key: Uint8Array, box: Uint8Array, context: string): Buffer | undefined {
  if (box.length < NONCE_LENGTH + TAG_LENGTH) return undefined;
  const end = box.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(end));
  try {
    return Buffer.concat([decipher.update(box.subarray(NONCE_LENGTH, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** RFC 7914, off the event loop. The same passphrase typed on another keyboard is the same (NFKC). */
export function keyFromPassphrase(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Buffer> {
  const maxmem = 128 * cost.N * cost.r + 128 * cost.r * cost.p + 2 ** 25;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_LENGTH, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** RFC 5869 with SHA-256. */
export async function keyFromKey(key: Uint8Array, salt: Uint8Array, purpose: string): Promise<Buffer> {
  return Buffer.from(await promisify(hkdf)('sha256', key, salt, purpose, KEY_LENGTH));
}
