import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { ContentScanner } from './contentScanner.ts';
import type { ScannedContent } from './openScanner.ts';
import { placeOf, type TreeFile, unreadable } from './walkTree.ts';

export interface ReadFile extends ScannedContent {
  /** In octets; undefined: the file was not looked at. */
  readonly bytes: number | undefined;
  /** How the file was when it was read; undefined where it may be another by now without looking otherwise. */
  readonly state?: FileState;
}

/** By which a file is known not to have changed. */
export type FileState = Readonly<Record<'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs', number>>;

const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const CHUNK = 256 * 1024;
/** Files of some systems say that they are empty, and are not (proc(5)). */
const AT_LEAST = 1024 * 1024;
/** Within it a change may go unnoticed, since times of files are not exact: two seconds on some systems. */
const RACY_MS = 2000;

/** Pauses in the middle of a large file. Before the next is begun it has to be run to its end. */
export type TreeReader = (file: TreeFile) => Generator<undefined, ReadFile>;

/** Reads files below `root`, each as long as it says that it is: one that grows meanwhile may have no end. */
export function treeReader(root: string, content: ContentScanner): TreeReader {
  const chunk = Buffer.allocUnsafe(CHUNK);
  return function* ({ path, name }) {
    const not = (why: string): ReadFile => ({
      bytes: undefined,
      findings: [],
      keys: [],
      skipped: [{ path, why }],
    });
    let descriptor: number | undefined;
    try {
      descriptor = openSync(placeOf(root, name), READ);
      const began = Date.now();
      const before = fstatSync(descriptor);
      if (!before.isFile()) return not('it is no regular file');
      const said = before.size;
      const limit = said === 0 ? AT_LEAST : said;
      let length = 0;
      content.begin(path, limit);
      // One octet more than is left is asked for: what gives less ends there, and most files take one call.
      let [isEnded, isLonger] = [false, false];
      while (length < limit) {
        const left = limit - length;
        const asked = Math.min(CHUNK, left + 1);
        const count = readSync(descriptor, chunk, 0, asked, null);
        if (count === 0) break;
        const taken = Math.min(count, left);
        content.write(chunk.subarray(0, taken));
        length += taken;
        [isEnded, isLonger] = [said !== 0 && count < asked, count > taken];
        if (length < limit) yield;
      }
      const scanned = content.end();
      const isWhole =
        (said === 0 || length === said) &&
        !isLonger &&
        (isEnded || readSync(descriptor, chunk, 0, 1, null) === 0);
      // What is read at once is of one moment.
      if (isWhole && (length <= CHUNK || isSame(before, fstatSync(descriptor))))
        return { bytes: length, ...scanned, ...settled(before, began) };
      const why = 'it changed while it was read, and was looked at as it was then';
      return { bytes: length, ...scanned, skipped: [...scanned.skipped, { path, why }] };
    } catch (error) {
      return not((error as NodeJS.ErrnoException).code === 'ELOOP' ? 'it is a link' : unreadable(error));
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };
}

function isSame(one: Stats, other: Stats): boolean {
  return one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;
}

function settled({ dev, ino, size, mtimeMs, ctimeMs }: Stats, now: number): Pick<ReadFile, 'state'> {
  const isRacy = Math.max(mtimeMs, ctimeMs) > now - RACY_MS;
  return isRacy ? {} : { state: { dev, ino, size, mtimeMs, ctimeMs } };
}
