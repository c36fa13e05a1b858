import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  pbkdf2Sync,
  scryptSync,
} from 'node:crypto';
import type { CipherName, Decryptor } from '../../core/ports.ts';
import { halvesDiffer, postQuantumSpki } from './postQuantumKeys.ts';
import { decryptRc2 } from './rc2.ts';

/** Above this a hostile file could take the memory of the process; real ones take 16 to 64 MiB. */
const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024;

/** Node's crypto; the editor's (BoringSSL) lacks some ciphers, which then stay locked. */
export const nodeDecryptor: Decryptor = {
  pbkdf2: (hash, password, salt, rounds, length) =>
    orUndefined(() => pbkdf2Sync(password, salt, rounds, length, hash)),
  scrypt: (password, salt, cost, blockSize, parallel, length) =>
    128 * cost * blockSize * parallel > MAX_SCRYPT_MEMORY
      ? undefined
      : orUndefined(() =>
          scryptSync(password, salt, length, {
            N: cost,
            r: blockSize,
            p: parallel,
            maxmem: MAX_SCRYPT_MEMORY + 1024 * 1024,
          }),
        ),
  hmac: (hash, key, data) => new Uint8Array(createHmac(hash, key).update(data).digest()),
  decrypt: (cipher, key, iv, data) => orUndefined(() => decrypt(cipher, key, iv, data)),
  halvesDiffer(pkcs8) {
    try {
      return halvesDiffer(pkcs8);
    } catch {
      return false;
    }
  },
  publicKeyOf: (pkcs8) =>
    orUndefined(
      () =>
        postQuantumSpki(pkcs8) ??
        createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })).export({
          format: 'der',
          type: 'spki',
        }),
    ),
};

function decrypt(
  cipher: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  // OpenSSL 3 moved RC2 to a provider that Node does not load, and old .p12 files are full of it.
  if (cipher === 'rc2-40-cbc') return decryptRc2(key, 40, iv, data);
  if (cipher === 'rc2-128-cbc') return decryptRc2(key, 128, iv, data);
  const decipher = createDecipheriv(cipher, key, iv);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function orUndefined(compute: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    const result = compute();
    return result === undefined ? undefined : new Uint8Array(result);
  } catch {
    return undefined;
  }
}
