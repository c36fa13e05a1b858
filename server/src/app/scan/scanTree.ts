import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { KeySighting } from '../../core/keys/keySighting.ts';
import { openScanner, type ScannedFinding } from './openScanner.ts';
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

/** So that Ctrl-C and progress have their turn. */
const TURN_MS = 50;

/** Scans files and folders below `root`. Rejects when `signal` is aborted. */
export async function scanTree(
  root: string,
  starts: readonly string[],
  told: ScanProgress,
  signal: AbortSignal,
): Promise<Scanned> {
  const scanner = openScanner();
  const findings: ScannedFinding[] = [];
  const keys: KeySighting[] = [];
  const skipped: Skipped[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let turn = performance.now();
  for (const start of starts) {
    for (const file of walkTree(root, start, skipped)) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      bytes += file.bytes.length;
      const scanned = scanner.scan(file.path, file.bytes);
      findings.push(...scanned.findings);
      for (const key of scanned.keys) keys.push(key);
      skipped.push(...scanned.skipped);
      if (performance.now() - turn < TURN_MS) continue;
      told(seen.size);
      await setImmediate();
      signal.throwIfAborted();
      turn = performance.now();
    }
  }
  return { findings, keys, files: seen.size, bytes, skipped, octetsOf: (found) => readOctets(root, found) };
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
