import { setImmediate } from 'node:timers/promises';

export const TURN_MS = 50;

/** Now and then a promise to wait for, so that Ctrl-C and progress have their turn. It rejects when `signal` is aborted. */
export function turns(signal: AbortSignal): () => Promise<void> | undefined {
  let turn = performance.now();
  const others = async (): Promise<void> => {
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
  };
  return () => (performance.now() - turn < TURN_MS ? undefined : others());
}
