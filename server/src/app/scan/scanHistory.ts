import { formatDay } from '../../core/text/instant.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import type { Blob, BlobLife, Commit, History } from '../../platform/git/history.ts';
import { openHistory } from '../../platform/git/history.ts';
import { gathering } from './gathered.ts';
import { inLanes } from './inLanes.ts';
import { knownBlob } from './knownContents.ts';
import { noWorkTree } from './noWorkTree.ts';
import { octetsOfContents } from './octetsOfContents.ts';
import { type ScannedContent, type ScannedFinding, saidAs } from './openScanner.ts';
import { type ReadBlob, scanTasks } from './scanTasks.ts';
import type { Scanned, ScanOptions } from './scanTree.ts';

export interface ScannedBlobs extends Scanned {
  /** Top of the work tree: paths are relative to it. */
  readonly root: string;
}

export interface ScannedHistory extends ScannedBlobs {
  /** That any ref leads to. */
  readonly commits: number;
}

/** So many contents at once are another thread's to scan. */
const BLOBS = 3000;

/**
 * Each content that any branch, tag or stash leads to, once, with the commits that brought it and took it away. `starts` are
 * relative to `folder`.
 */
export async function scanHistory(
  folder: string,
  starts: readonly string[],
  options: ScanOptions,
  signal: AbortSignal,
): Promise<ScannedHistory> {
  const history = await historyOf(folder, signal);
  const { root, prefix } = history;
  const wanted = fromTop(prefix, starts);
  const { blobs, commits } = await history.all(wanted);
  const scanned = await scanBlobs(history, folder, blobs, options, signal);
  const lives = await history.lives(new Set(scanned.findings.map(({ content = '' }) => content)), wanted);
  const findings = scanned.findings.map((each) => {
    const life = lives.get(each.content ?? '');
    const said = saidAs(lifeText(life), each);
    return life?.since === undefined ? said : { ...said, commit: life.since.id };
  });
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
  const wanted = fromTop(prefix, starts);
  const blobs = (await history.staged()).filter(({ path }) => wanted.some((start) => isBelow(path, start)));
  const scanned = await scanBlobs(history, folder, blobs, { told: () => undefined }, signal);
  return { ...scanned, root, findings: scanned.findings.map((each) => saidAs('is staged', each)) };
}

function fromTop(prefix: string, starts: readonly string[]): readonly string[] {
  return starts.map((start) => `${prefix}${start}`.replace(/\/$/, ''));
}

async function historyOf(folder: string, signal: AbortSignal, index?: string): Promise<History> {
  const history = await openHistory(folder, signal, index);
  if (history !== undefined) return history;
  throw noWorkTree(folder, 'without --history and --staged the files themselves are scanned');
}

async function scanBlobs(
  history: History,
  folder: string,
  blobs: readonly Blob[],
  { told, known, threads = 1 }: ScanOptions,
  signal: AbortSignal,
): Promise<Scanned> {
  const gathered = gathering({ keysOnce: true });
  const tasks = scanTasks();
  const add = (place: number, { id }: Blob, content: ScannedContent, bytes: number, isKnown: boolean) => {
    const findings = content.findings.map((each) => ({ ...each, content: id }));
    gathered.add(place, { ...content, findings }, bytes, isKnown);
  };
  const unknown: Blob[] = [];
  const places = new Map<Blob, number>();
  for (const [place, blob] of blobs.entries()) {
    const before = known?.get(knownBlob(blob));
    places.set(blob, place);
    if (before === undefined) unknown.push(blob);
    else add(place, blob, before.content, before.bytes, true);
  }
  // One version of a file after the other: they have most in common, for git as for us.
  unknown.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const jobs = function* (): Generator<readonly Blob[]> {
    for (let first = 0; first < unknown.length; first += BLOBS) yield unknown.slice(first, first + BLOBS);
  };
  await inLanes<readonly Blob[], readonly (ReadBlob | undefined)[]>(
    {
      jobs: jobs(),
      here: (some) => tasks.readBlobs({ folder, blobs: some }, signal, history),
      request: (some) => ({ kind: 'blobs', task: { folder, blobs: some } }),
      done(some, results) {
        for (const [each, blob] of some.entries()) {
          const place = places.get(blob) ?? 0;
          const result = results[each];
          if (result === undefined) {
            gathered.skip(place, { path: blob.path, why: 'git does not have its content here' });
            continue;
          }
          const { bytes, ...content } = result;
          add(place, blob, content, bytes, false);
          known?.add(knownBlob(blob), { bytes, content });
        }
        told(gathered.files);
      },
    },
    threads,
    signal,
  );
  const all = gathered.end();
  return { ...all, octetsOf: octetsOfContents(all.findings, async () => history) };
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

/** As a scan of `folder` gives it, which found these. */
export function octetsInHistory(
  folder: string,
  findings: readonly ScannedFinding[],
  signal: AbortSignal,
): Scanned['octetsOf'] {
  let history: Promise<History> | undefined;
  return octetsOfContents(findings, () => (history ??= historyOf(folder, signal)));
}
