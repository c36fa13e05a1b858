import { gunzipSync } from 'node:zlib';

/** Undefined: it is not packed with gzip, or is damaged. */
export function gunzip(bytes: Uint8Array, most: number): Uint8Array | 'more' | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    return error instanceof RangeError ? 'more' : undefined;
  }
}
