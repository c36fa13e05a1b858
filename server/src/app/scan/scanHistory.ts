import type { KeySighting } from '../../core/keys/keySighting.ts';
import { formatDay } from '../../core/text/instant.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import type { Blob, BlobLife, Commit, History } from '../../platform/git/history.ts';
import { openHistory } from '../../platform/git/history.ts';
import { contentScanner } from './contentScanner.ts';
import { noWorkTree } from './noWorkTree.ts';
import { openScanner, type ScannedFinding, saidAs } from './openScanner.ts';
import type { Scanned, ScanProgress } from './scanTree.ts';
import type { Skipped } from './walkTree.ts';

export interface ScannedBlobs extends Scanned {
  /** Top of the work tree: paths are relative to it. */
  readonly root: string;
}

export interface ScannedHistory extends ScannedBlobs {
  /** That any ref leads to. */
  readonly commits: number;
}

const TOLD_EVERY = 500;

interface Held {
  readonly blob: Blob;
  readonly scanned: ScannedFinding;
}

/**
 * Each content that any branch, tag or stash leads to, once, with the commits that brought it and took it away. `starts` are
 * relative to `folder`.
 */
export async function scanHistory(
  folder: string,
  starts: readonly string[],
  told: ScanProgress,
  signal: AbortSignal,
): Promise<ScannedHistory> {
  const history = await historyOf(folder, signal);
  const { root, prefix } = history;
  const { blobs, commits } = await history.all();
  const { held, ...scanned } = await scanBlobs(history, below(blobs, prefix, starts), told);
  const lives = await history.lives(new Set(held.map(({ blob }) => blob.id)));
  const findings = held.map(({ blob, scanned: each }) => saidAs(lifeText(lives.get(blob.id)), each));
  return { ...scanned, root, commits, findings };
}

/**
 * What the next commit would bring, as it is staged: the work tree may say something else. `index`: the one that git made for
 * a commit of some files alone, while its hook runs.
 */
export async function scanStaged(
  folder: string,
  starts: readonly string[],
  index: string | undefined,
  signal: AbortSignal,
): Promise<ScannedBlobs> {
  const history = await historyOf(folder, signal, index);
  const { root, prefix } = history;
  const { held, ...scanned } = await scanBlobs(
    history,
    below(await history.staged(), prefix, starts),
    () => undefined,
  );
  return { ...scanned, root, findings: held.map(({ scanned: each }) => saidAs('is staged', each)) };
}

function below(blobs: readonly Blob[], prefix: string, starts: readonly string[]): readonly Blob[] {
  const wanted = starts.map((start) => `${prefix}${start}`.replace(/\/$/, ''));
  return blobs.filter(({ path }) => wanted.some((folder) => isBelow(path, folder)));
}

async function historyOf(folder: string, signal: AbortSignal, index?: string): Promise<History> {
  const history = await openHistory(folder, signal, index);
  if (history !== undefined) return history;
  throw noWorkTree(folder, 'without --history and --staged the files themselves are scanned');
}

async function scanBlobs(history: History, blobs: readonly Blob[], told: ScanProgress) {
  const content = contentScanner(openScanner());
  const held: Held[] = [];
  const cut: Skipped[] = [];
  /** A file has most of its keys in all its versions. */
  const keys = new Map<string, KeySighting>();
  let bytes = 0;
  let done = 0;
  const { missing } = await history.read(blobs, {
    begin(blob, size) {
      bytes += size;
      content.begin(blob.path, size);
    },
    chunk: (some) => content.write(some),
    end(blob) {
      done += 1;
      if (done % TOLD_EVERY === 0) told(done);
      const { findings, keys: some, skipped } = content.end();
      for (const each of findings) held.push({ blob, scanned: { ...each, content: blob.id } });
      for (const key of some) {
        const { file, form, spkiSha256, fingerprintSha256 = '' } = key;
        const name = [file, form, spkiSha256, fingerprintSha256].join('\0');
        if (!keys.has(name)) keys.set(name, key);
      }
      cut.push(...skipped);
    },
  });
  const unread = missing.map(({ path }) => ({ path, why: 'git does not have its content here' }));
  return {
    held,
    keys: [...keys.values()],
    files: blobs.length - unread.length,
    bytes,
    skipped: [...unread, ...cut],
    octetsOf: (found: ScannedFinding) => readOctets(history, found),
  };
}

async function readOctets(
  history: History,
  { content: id, octets: { start, end } }: ScannedFinding,
): Promise<Uint8Array | undefined> {
  if (id === undefined) return undefined;
  const value = Buffer.alloc(end - start);
  let at = 0;
  const { missing } = await history.read([{ id, path: '' }], {
    begin: () => undefined,
    chunk(bytes) {
      if (at < end) value.set(bytes.subarray(Math.max(0, start - at), end - at), Math.max(0, at - start));
      at += bytes.length;
    },
    end: () => undefined,
  });
  return missing.length > 0 || at < end ? undefined : value;
}

function lifeText(life: BlobLife | undefined): string {
  const since = life?.since === undefined ? '' : ` since ${commitText(life.since)}`;
  if (life?.inHead === true) return `stands here${since}`;
  if (life?.until !== undefined) return `is in the history${since}, taken away by ${commitText(life.until)}`;
  return `is on another branch${since}`;
}

function commitText({ id, author, date }: Commit): string {
  return `${id.slice(0, 10)} (${author}, ${formatDay(date)})`;
}
