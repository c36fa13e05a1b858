import { lstatSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../../platform/disk/errno.ts';
import { unreadable } from './walkTree.ts';

export type Standing =
  | { readonly is: 'file' | 'folder' | 'link' | 'gone' }
  /** Nobody looks there. */
  | { readonly is: 'barred'; readonly why: string };

/**
 * What stands below `root` at a path that somebody else tells, as git does: a folder on the way may be a file by now, or a link
 * that leads out. Each folder is asked once.
 */
export function standingIn(root: string): (file: string) => Standing {
  const folders = new Map<string, Standing>();
  const folderOf = (file: string): Standing => {
    const end = file.lastIndexOf('/');
    if (end === -1) return { is: 'folder' };
    const folder = file.slice(0, end);
    const known = folders.get(folder) ?? standing(folder);
    folders.set(folder, known);
    return known;
  };
  const standing = (file: string): Standing => {
    const above = folderOf(file);
    if (above.is === 'barred') return above;
    if (above.is === 'link') return { is: 'barred', why: 'it lies behind a link' };
    if (above.is !== 'folder') return { is: 'gone' };
    try {
      const state = lstatSync(path.join(root, file));
      return { is: state.isDirectory() ? 'folder' : state.isSymbolicLink() ? 'link' : 'file' };
    } catch (error) {
      const isGone = ['ENOENT', 'ENOTDIR'].includes(errno(error) ?? '');
      return isGone ? { is: 'gone' } : { is: 'barred', why: unreadable(error) };
    }
  };
  return standing;
}
