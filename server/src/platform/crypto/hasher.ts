import { createHash } from 'node:crypto';
import type { Hasher } from '../../core/ports.ts';

export const nodeHasher: Hasher = {
  hash: (name, bytes) => new Uint8Array(createHash(name).update(bytes).digest()),
};
