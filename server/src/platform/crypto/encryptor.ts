import { createCipheriv } from 'node:crypto';
import type { Encryptor } from '../../core/ports.ts';

export const nodeEncryptor: Encryptor = {
  encrypt(cipher, key, iv, data) {
    const sealing = createCipheriv(cipher, key, iv);
    return new Uint8Array(Buffer.concat([sealing.update(data), sealing.final()]));
  },
};
