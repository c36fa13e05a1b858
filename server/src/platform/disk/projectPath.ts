import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { isInternal, relativePathProblem } from '../../core/text/relativePath.ts';
import { errno, unlessMissing } from './errno.ts';

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
export async function resolvePlace(root: string, wanted: string): Promise<Place> {
  refuseText(wanted, wanted);
  const segments = wanted.split('/');
  const real = await realExisting(root, segments, wanted);
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
async function realExisting(root: string, segments: readonly string[], wanted: string): Promise<string> {
  for (let count = segments.length; count > 0; count -= 1) {
    const candidate = path.join(root, ...segments.slice(0, count));
    try {
      return path.join(await realpath(candidate), ...segments.slice(count));
    } catch (error) {
      const code = errno(error);
      if (code === 'ELOOP') throw forbidden(`${wanted} goes through links in a circle`, 'remove the links');
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    }
    if ((await unlessMissing(lstat(candidate).catch(missingWhenNoFolder)))?.isSymbolicLink()) {
      throw forbidden(`${wanted} goes through a link that leads nowhere`, 'remove the link');
    }
  }
  return path.join(root, ...segments);
}

function missingWhenNoFolder(error: unknown): undefined {
  if (errno(error) === 'ENOTDIR') return undefined;
  throw error;
}

/** Whether `root` lies in a git repository, without asking git. */
export async function hasRepositoryAbove(root: string): Promise<boolean> {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if ((await unlessMissing(lstat(path.join(folder, '.git')))) !== undefined) return true;
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
