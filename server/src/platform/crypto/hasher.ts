import * as crypto from 'node:crypto';
import type { Hasher } from '../../core/ports.ts';

/** In one call it costs less than half; not every runtime that an editor brings has it. */
const oneCall: typeof crypto.hash | undefined = crypto.hash;

export const nodeHasher: Hasher = {
  hash: (name, bytes) =>
    new Uint8Array(oneCall?.(name, bytes, 'buffer') ?? crypto.createHash(name).update(bytes).digest()),
  hex: (name, bytes) => oneCall?.(name, bytes, 'hex') ?? crypto.createHash(name).update(bytes).digest('hex'),
};
