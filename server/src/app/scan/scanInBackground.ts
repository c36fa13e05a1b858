import { openThread } from './openThread.ts';
import { octetsInHistory, type ScannedHistory } from './scanHistory.ts';
import { octetsOfFile, type Scanned, type ScanProgress } from './scanTree.ts';

export interface BackgroundScan {
  /** The files themselves, or all that git ever had of them. */
  readonly kind: 'tree' | 'history';
  readonly root: string;
  /** Relative to it. */
  readonly starts: readonly string[];
}

/** As `scanTree` and `scanHistory`, all of it in another thread: who asks can do something else meanwhile. */
export async function scanInBackground(
  scan: BackgroundScan,
  told: ScanProgress,
  signal: AbortSignal,
): Promise<Scanned | ScannedHistory> {
  signal.throwIfAborted();
  const thread = openThread();
  const stop = (): void => void thread.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const scanned = await thread.ask<Omit<Scanned, 'octetsOf'>>(scan, told);
    const octetsOf =
      scan.kind === 'tree' ? octetsOfFile(scan.root) : octetsInHistory(scan.root, scanned.findings, signal);
    return { ...scanned, octetsOf };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await thread.close();
  }
}
