import { lstatSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { isInternal, relativePathProblem } from '../../core/text/relativePath.ts';
import { errno, ifThere } from './errno.ts';

/** Where a path of a manifest really leads. */
export interface Place {
  /** Real path of the project root. */
  readonly root: string;
  /** Below the root, links resolved, forward slashes. */
  readonly path: string;
  readonly folder: readonly string[];
  readonly name: string;
}

/**
 * Refuses by the text alone first, then resolves links: they may lead elsewhere in the project, not out of it and not
 * into git's files or the records. Whoever opens the place must still reach it without following links (`withFolder`).
 */
export function resolvePlace(root: string, wanted: string): Place {
  refuseText(wanted, wanted);
  const segments = wanted.split('/');
  const real = realExisting(root, segments, wanted);
  const relative = path.relative(root, real);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
    throw forbidden(
      `${wanted} leads out of the project through a link`,
      'remove the link, or choose another path',
    );
  }
  const inside = relative.split(path.sep).join('/');
  refuseText(inside, wanted);
  const folder = inside.split('/');
  const name = folder.pop() ?? '';
  return { root, path: inside, folder, name };
}

function refuseText(text: string, wanted: string): void {
  const problem = relativePathProblem(text);
  if (problem !== undefined) {
    throw forbidden(
      `the path "${printable(wanted)}" is refused: ${problem}`,
      'write a path relative to the project, such as certs/api.pem',
    );
  }
  const internal = isInternal(text);
  if (internal !== undefined) {
    throw forbidden(
      `the path "${wanted}" is refused: it leads into ${internal}/`,
      'choose a folder of the project itself, such as certs/',
    );
  }
}

/** The real path of the longest part that exists, with the rest behind it. */
function realExisting(root: string, segments: readonly string[], wanted: string): string {
  for (let count = segments.length; count > 0; count -= 1) {
    const candidate = path.join(root, ...segments.slice(0, count));
    try {
      return path.join(realpathSync.native(candidate), ...segments.slice(count));
    } catch (error) {
      const code = errno(error);
      if (code === 'ELOOP') throw forbidden(`${wanted} goes through links in a circle`, 'remove the links');
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    }
    if (isLink(candidate)) {
      throw forbidden(`${wanted} goes through a link that leads nowhere`, 'remove the link');
    }
  }
  return path.join(root, ...segments);
}

function isLink(place: string): boolean {
  try {
    return ifThere(() => lstatSync(place))?.isSymbolicLink() ?? false;
  } catch (error) {
    if (errno(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** Whether `root` lies in a git repository, without asking git. */
export function hasRepositoryAbove(root: string): boolean {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (ifThere(() => lstatSync(path.join(folder, '.git'))) !== undefined) return true;
    if (folder === path.dirname(folder)) return false;
  }
}

/** A hostile path must not paint on a terminal. */
function printable(text: string): string {
  const clean = Array.from(text.slice(0, 200), (character) =>
    character < ' ' || character === '\u007f' ? '�' : character,
  );
  return clean.join('');
}

function forbidden(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'forbidden', what, hint });
}
