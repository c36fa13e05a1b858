import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Undefined: no file of this machine. */
export function filePath(uri: string): string | undefined {
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return undefined;
  try {
    return path.normalize(fileURLToPath(uri)).replace(/(?<=.)[\\/]+$/, '');
  } catch {
    // Another machine's file, or not a URI at all.
    return undefined;
  }
}
