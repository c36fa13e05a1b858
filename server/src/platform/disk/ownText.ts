import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { errno } from './errno.ts';

/** `refused`: something else stands there, and `why` says what, such as `it is a link`. */
export type OwnText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string };

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * A text that a project keeps for us, read without anybody asking for it: whoever made the folder may have put a pipe, a
 * device or a link to elsewhere there. `file` has forward slashes; no part of it may be a link.
 */
export function readOwnText(root: string, file: string, longest: number): OwnText {
  const parts = file.split('/');
  let descriptor: number | undefined;
  try {
    for (let count = 1; count < parts.length; count += 1)
      if (!lstatSync(path.join(root, ...parts.slice(0, count))).isDirectory())
        return { kind: 'refused', why: `${parts.slice(0, count).join('/')} is a link or no folder` };
    descriptor = openSync(path.join(root, ...parts), READ);
    const state = fstatSync(descriptor);
    if (!state.isFile()) return { kind: 'refused', why: 'it is no regular file' };
    if (state.size > longest) return { kind: 'refused', why: `it has more than ${longest} octets` };
    return { kind: 'text', text: readFileSync(descriptor, 'utf8') };
  } catch (error) {
    const code = errno(error);
    if (code === 'ENOENT') return { kind: 'absent' };
    if (code === 'ELOOP' || code === 'EMLINK') return { kind: 'refused', why: 'it is a link' };
    return { kind: 'refused', why: `it cannot be read (${code ?? 'unknown'})` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
