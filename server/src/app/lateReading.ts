import { setTimeout as pause, setImmediate } from 'node:timers/promises';

/** Longer than between two keys of somebody who types, shorter than anybody waits for. */
const PAUSE_MS = 150;

/**
 * Texts that were typed and are read when the typing pauses: reading a large document takes longer than a key may. A newer
 * text of a file takes the place of an older one.
 */
export interface LateReading {
  /** `text` is put together only when somebody asks. */
  put(path: string, text: () => string): void;
  /** Undefined: what is known of the file is what was typed last. */
  text(path: string): string | undefined;
  has(path: string): boolean;
  forget(path: string): void;
  /** Reads all that waits, now. */
  finish(): void;
  /** Resolves when nothing waits; rejects when `signal` is aborted before. */
  settled(signal: AbortSignal): Promise<void>;
}

export function lateReading(read: (path: string, text: string) => void): LateReading {
  const waiting = new Map<string, () => string>();
  let typed = 0;
  let ended: Promise<void> | undefined;

  const text = (path: string): string | undefined => waiting.get(path)?.();
  const finish = (): void => {
    for (const path of [...waiting.keys()]) {
      const now = text(path);
      waiting.delete(path);
      if (now !== undefined) read(path, now);
    }
  };
  const afterPause = async (): Promise<void> => {
    for (let before = -1; before !== typed && waiting.size > 0; ) {
      before = typed;
      await pause(PAUSE_MS, undefined, { ref: false });
      // Whoever asked meanwhile is answered first.
      await setImmediate();
    }
    ended = undefined;
    finish();
  };

  return {
    put(path, newest) {
      waiting.set(path, newest);
      typed += 1;
      ended ??= afterPause();
    },
    text,
    has: (path) => waiting.has(path),
    forget: (path) => void waiting.delete(path),
    finish,
    async settled(signal) {
      while (waiting.size > 0 && ended !== undefined) await abortable(ended, signal);
      signal.throwIfAborted();
    },
  };
}

async function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
