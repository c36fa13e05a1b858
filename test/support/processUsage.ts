import { readFileSync } from 'node:fs';
import type { Ran, Running } from './idac.ts';

const LOOK_MS = 20;

export interface Usage {
  /** What it used at most while it ran. */
  readonly peakMiB: number | undefined;
  /** What it read, from wherever. */
  readonly readMiB: number | undefined;
}

/** What a process used. Linux alone tells; elsewhere it is undefined. */
export async function withUsage(running: Running): Promise<Ran & Usage> {
  const [peak, read] = [
    { file: 'status', form: /^VmHWM:\s+(\d+) kB$/m, unit: 1024, found: undefined as number | undefined },
    { file: 'io', form: /^rchar: (\d+)$/m, unit: 1024 * 1024, found: undefined as number | undefined },
  ];
  const look = setInterval(() => {
    for (const each of [peak, read]) {
      try {
        const text = readFileSync(`/proc/${running.pid}/${each.file}`, 'utf8');
        const [, amount] = each.form.exec(text) ?? [];
        if (amount !== undefined) each.found = Number(amount) / each.unit;
      } catch {
        // It ended, or there is no such file here.
      }
    }
  }, LOOK_MS);
  try {
    return { ...(await running.ended), peakMiB: peak.found, readMiB: read.found };
  } finally {
    clearInterval(look);
  }
}
