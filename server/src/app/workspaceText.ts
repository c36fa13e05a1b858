import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { mentionsManifests } from '../core/identity/certManager.ts';
import { isOursByName } from '../core/manifest/fileName.ts';
import { MANIFEST_LIMITS } from '../core/manifest/limits.ts';

/** What tells whether a file changed since it was read. */
export interface DiskStamp {
  readonly size: number;
  readonly modified: number;
  /** Named as ours, or its text has an apiVersion that is read somewhere: worth parsing. */
  readonly isCandidate: boolean;
}

/** A file's text as it was read just now; empty where it is of no concern. */
export interface DiskText extends DiskStamp {
  readonly text: string;
}

const DECODER = new TextDecoder();

/**
 * Undefined: there is no such regular file here, or it cannot be read. `same`: it is what `known` was read from.
 * Synchronous: four ways through the thread pool cost several times what reading a manifest does. Whoever reads many gives
 * way between them.
 */
export function readManifestText(
  root: string,
  file: string,
  known: DiskStamp | undefined,
): DiskText | 'same' | undefined {
  if (file.startsWith('/') || file.split('/').includes('..')) return undefined;
  let handle: number;
  try {
    // A pipe without a writer must not hold the server up.
    handle = openSync(path.join(root, file), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const status = fstatSync(handle);
    if (!status.isFile()) return undefined;
    const stamp = { size: status.size, modified: status.mtimeMs };
    if (known !== undefined && known.size === stamp.size && known.modified === stamp.modified) return 'same';
    // One byte more than is allowed is enough to be refused, with its reason, by whoever parses it.
    const bytes = Buffer.allocUnsafe(Math.min(status.size, 3 * MANIFEST_LIMITS.fileSize + 1));
    const bytesRead = readSync(handle, bytes, 0, bytes.length, 0);
    const text = DECODER.decode(bytes.subarray(0, bytesRead));
    const isCandidate = isOursByName(file) || mentionsManifests(text);
    return { ...stamp, text: isCandidate ? text : '', isCandidate };
  } catch {
    return undefined;
  } finally {
    closeSync(handle);
  }
}
