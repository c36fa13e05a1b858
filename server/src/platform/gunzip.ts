import { gunzipSync } from 'node:zlib';

/** Undefined: it is not packed with gzip, is damaged, or would be more than `most` octets. */
export function gunzip(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch {
    return undefined;
  }
}
