import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../../core/ports.ts';

/** The operating system's generator. */
export const nodeRandom: RandomSource = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
