/**
 * Which project a file belongs to: the nearest folder above it that holds a `Project` manifest at its top or `.identity/`,
 * else the top level of its git work tree (told by `.git`; git itself is not run), else the folder that was opened.
 */
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';

const MANIFEST = /\.identity\.(?:ya?ml|json)$/;
const PROJECT_KIND = /^(?:kind:|\s*"kind":)\s*["']?Project\b/m;
/** A `Project` manifest is a page long; a longer file is not searched further. */
const HEAD_BYTES = 64 * 1024;

export interface ProjectRoots {
  /** `folder` is absolute; `opened` are the folders of the window. */
  of(folder: string, opened: readonly string[]): string;
  /** Manifests or `.identity/` appeared or vanished. */
  forget(): void;
}

export function projectRoots(): ProjectRoots {
  const known = new Map<string, string | undefined>();
  const marked = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const root = search(folder);
    known.set(folder, root);
    return root;
  };
  return {
    of(folder, opened) {
      return marked(folder) ?? longest(opened.filter((each) => contains(each, folder))) ?? folder;
    },
    forget: () => known.clear(),
  };
}

/** Whether `inner` is `outer` or below it. */
export function contains(outer: string, inner: string): boolean {
  return pathBelow(outer, inner) !== undefined;
}

/** A file as it is seen from a folder, with forward slashes; both are absolute. */
export function relativeTo(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll(path.sep, '/');
}

/** `inner` as it is seen from `outer`, with forward slashes: nothing where they are the same. Undefined: it lies elsewhere. */
export function pathBelow(outer: string, inner: string): string | undefined {
  const relative = relativeTo(outer, inner);
  const isOutside = relative === '..' || relative.startsWith('../') || path.isAbsolute(relative);
  return isOutside ? undefined : relative;
}

function search(folder: string): string | undefined {
  let gitTop: string | undefined;
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.identity')) || holdsProjectManifest(at)) return at;
    if (gitTop === undefined && existsSync(path.join(at, '.git'))) gitTop = at;
    if (path.dirname(at) === at) return gitTop;
  }
}

function holdsProjectManifest(folder: string): boolean {
  try {
    return readdirSync(folder).some(
      (name) => MANIFEST.test(name) && PROJECT_KIND.test(head(path.join(folder, name))),
    );
  } catch {
    // A folder that may not be listed cannot be a project either.
    return false;
  }
}

function head(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function longest(folders: readonly string[]): string | undefined {
  return folders.reduce<string | undefined>(
    (best, each) => (best === undefined || each.length > best.length ? each : best),
    undefined,
  );
}
