import { constants, lstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { type Gathered, gathering } from './gathered.ts';
import { inLanes } from './inLanes.ts';
import { type KnownContents, knownFile } from './knownContents.ts';
import type { ScannedFinding } from './openScanner.ts';
import { scanTasks } from './scanTasks.ts';
import type { ReadFile } from './treeReader.ts';
import { TURN_MS } from './turns.ts';
import { placeOf, type TreeFile, walkTree } from './walkTree.ts';

export interface Scanned extends Gathered {
  /** The octets of what was found; undefined: they cannot be had any more. */
  octetsOf(found: ScannedFinding): Promise<Uint8Array | undefined>;
}

/** Hears now and then how many files, or contents of a history, were looked at. */
export type ScanProgress = (done: number) => void;

export interface ScanOptions {
  readonly told: ScanProgress;
  /** What earlier scans found. */
  readonly known?: KnownContents;
  /** How many may work at it, where it takes long; one if it is not given. */
  readonly threads?: number;
}

/** So many files at once are another thread's to scan. */
const FILES = 64;

interface Job {
  readonly places: readonly number[];
  readonly files: readonly TreeFile[];
}

/** Scans files and folders below `root`. Rejects when `signal` is aborted. */
export async function scanTree(
  root: string,
  starts: readonly string[],
  { told, known, threads = 1 }: ScanOptions,
  signal: AbortSignal,
): Promise<Scanned> {
  const gathered = gathering();
  const tasks = scanTasks();
  /** Those that have to be read. */
  const jobs = function* (): Generator<Job> {
    let [places, files]: [number[], TreeFile[]] = [[], []];
    let place = 0;
    let turn = performance.now();
    for (const start of outermost(starts)) {
      for (const entry of walkTree(root, start)) {
        place += 1;
        if ('why' in entry) gathered.skip(place, entry);
        else {
          const before = known && knownBefore(known, root, entry);
          if (before === undefined) {
            places.push(place);
            files.push(entry);
          } else gathered.add(place, before.content, before.bytes, true);
        }
        if (files.length < FILES && performance.now() - turn < TURN_MS) continue;
        yield { places, files };
        [places, files] = [[], []];
        turn = performance.now();
      }
    }
    yield { places, files };
  };
  await inLanes<Job, readonly ReadFile[]>(
    {
      jobs: jobs(),
      here: ({ files }) => tasks.readFiles({ root, files }, signal),
      request: ({ files }) => ({ kind: 'files', task: { root, files } }),
      done({ places, files }, results) {
        for (const [each, { bytes = 0, state, ...content }] of results.entries()) {
          gathered.add(places[each] ?? 0, content, bytes, false);
          const { path: file } = files[each] as TreeFile;
          if (state !== undefined) known?.add(knownFile(file, state), { bytes, content });
        }
        told(gathered.files);
      },
    },
    threads,
    signal,
  );
  return { ...gathered.end(), octetsOf: octetsOfFile(root) };
}

function knownBefore(known: KnownContents, root: string, { path: file, name }: TreeFile) {
  if (known.isEmpty) return undefined;
  try {
    return known.get(knownFile(file, lstatSync(placeOf(root, name))));
  } catch {
    // What is wrong with it is told by who reads it.
    return undefined;
  }
}

/** Without what lies in another of them, or is named twice. */
function outermost(starts: readonly string[]): readonly string[] {
  const all = new Set(starts);
  return [...all].filter((start) => {
    for (let end = start.lastIndexOf('/'); end > 0; end = start.lastIndexOf('/', end - 1))
      if (all.has(start.slice(0, end))) return false;
    return start === '' || !all.has('');
  });
}

export function octetsOfFile(root: string): Scanned['octetsOf'] {
  return async ({ finding, octets: { start, end } }) => {
    const file = await open(
      path.join(root, finding.file),
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0),
    ).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
      return bytesRead === end - start ? buffer : undefined;
    } finally {
      await file.close();
    }
  };
}
