import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { KeySighting } from '../../core/keys/keySighting.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import { contentScanner } from './contentScanner.ts';
import { openScanner, type ScannedFinding } from './openScanner.ts';
import { treeReader } from './treeReader.ts';
import { turns } from './turns.ts';
import { type Skipped, walkTree } from './walkTree.ts';

export interface Scanned {
  readonly findings: readonly ScannedFinding[];
  /** All keys that were seen, the public ones, too. */
  readonly keys: readonly KeySighting[];
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
  /** The octets of what was found; undefined: they cannot be had any more. */
  octetsOf(found: ScannedFinding): Promise<Uint8Array | undefined>;
}

/** Hears now and then how many files, or contents of a history, were looked at. */
export type ScanProgress = (done: number) => void;

/** Scans files and folders below `root`. Rejects when `signal` is aborted. */
export async function scanTree(
  root: string,
  starts: readonly string[],
  told: ScanProgress,
  signal: AbortSignal,
): Promise<Scanned> {
  const read = treeReader(root, contentScanner(openScanner()));
  const findings: ScannedFinding[] = [];
  const keys: KeySighting[] = [];
  const skipped: Skipped[] = [];
  let files = 0;
  let bytes = 0;
  const pause = turns(signal);
  for (const start of outermost(starts)) {
    for (const file of walkTree(root, start, skipped)) {
      const reading = read(file);
      let step = reading.next();
      for (; step.done !== true; step = reading.next()) {
        const turn = pause();
        if (turn !== undefined) await turn;
      }
      const scanned = step.value;
      for (const each of scanned.findings) findings.push(each);
      for (const key of scanned.keys) keys.push(key);
      skipped.push(...scanned.skipped);
      // Where nothing stands nothing was looked at.
      if (scanned.bytes) files += 1;
      bytes += scanned.bytes ?? 0;
      const turn = pause();
      if (turn === undefined) continue;
      told(files);
      await turn;
    }
  }
  return { findings, keys, files, bytes, skipped, octetsOf: (found) => readOctets(root, found) };
}

/** Without what lies in another of them, or is named twice. */
function outermost(starts: readonly string[]): readonly string[] {
  return starts.filter(
    (start, place) => !starts.some((other, at) => isBelow(start, other) && (start !== other || at < place)),
  );
}

async function readOctets(
  root: string,
  { finding, octets: { start, end } }: ScannedFinding,
): Promise<Uint8Array | undefined> {
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
}
