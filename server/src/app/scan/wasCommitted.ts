import { scanInBackground } from './scanInBackground.ts';

/** Whether git ever had this value at this path. Undefined: git cannot tell. */
export async function wasCommitted(
  root: string,
  path: string,
  value: Uint8Array,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const history = { kind: 'history' as const, root, starts: [path] };
    const scanned = await scanInBackground(history, () => undefined, signal);
    for (const found of scanned.findings) {
      const octets = await scanned.octetsOf(found);
      if (octets !== undefined && Buffer.compare(octets, value) === 0) return true;
    }
    return false;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
