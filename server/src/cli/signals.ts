import { setMaxListeners } from 'node:events';
import { line, span } from './output/text.ts';
import type { Terminal } from './terminal.ts';

let actions = 0;

/** While an action runs, the first signal stops it between two steps, where nothing is half done. */
export async function whileActing<T>(work: () => Promise<T>): Promise<T> {
  actions += 1;
  try {
    return await work();
  } finally {
    actions -= 1;
  }
}

/** Ctrl-C and SIGTERM: the second one, or the first where no action runs, ends the process at once. */
export function onSignals(terminal: Terminal): AbortSignal {
  const cancelled = new AbortController();
  // Every call of a run with many jobs listens; none of them is forgotten.
  setMaxListeners(0, cancelled.signal);
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (actions === 0 || cancelled.signal.aborted) {
        // As if nobody listened: that ends a process that waits for a pipe, too, which an exit would wait for.
        process.removeAllListeners(name);
        process.kill(process.pid, name);
        return;
      }
      terminal.err([
        line(span('Stopping as soon as the current step is done. Once more ends idac now.', 'warning')),
      ]);
      cancelled.abort();
    });
  }
  return cancelled.signal;
}
