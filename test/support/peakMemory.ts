import { readFileSync } from 'node:fs';
import type { Ran, Running } from './idac.ts';

const LOOK_MS = 20;

/** What a process used at most while it ran, in MiB. Linux alone tells; elsewhere it is undefined. */
export async function withPeakMemory(
  running: Running,
): Promise<Ran & { readonly peakMiB: number | undefined }> {
  let peakMiB: number | undefined;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
      const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
      if (kiB !== undefined) peakMiB = Number(kiB) / 1024;
    } catch {
      // It ended, or there is no such file here.
    }
  }, LOOK_MS);
  try {
    return { ...(await running.ended), peakMiB };
  } finally {
    clearInterval(look);
  }
}
