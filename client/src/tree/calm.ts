import type * as vscode from 'vscode';

/**
 * So long after an answer VS Code may still ask for what is below the rows that it was given. Longer than the 200 ms for which
 * it puts a change of a tree off when another one, be it of the view's message, came just before.
 */
const QUIET_MS = 300;

/** So long it is waited for a reading that is to come: a window that is busy takes its time, and a row may stay closed. */
const PATIENCE_MS = 2000;

/**
 * When the roots of a tree change, VS Code forgets all its rows at once. While it fills a view it asks for one open row after
 * another by the names that it had: those that are forgotten meanwhile stay empty, and an error is logged for each. So that
 * the roots changed is told when nobody is reading.
 */
export interface Calm extends vscode.Disposable {
  /** Whoever reads is waited for. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** VS Code was given rows that stand open, and is going to ask for what is below them. */
  expect(): void;
  /** Something was told that VS Code may tell itself together with what comes next. */
  stir(): void;
  /** Asked for several times before it comes, it comes once. */
  whenCalm(): void;
}

export function createCalm(run: () => void): Calm {
  let reading = 0;
  let lastStir = 0;
  /** The reading that comes next was expected since; undefined: none is. */
  let expected: number | undefined;
  let isWanted = false;
  let pause: NodeJS.Timeout | undefined;
  const lookSoon = (): void => {
    clearTimeout(pause);
    if (!isWanted || reading > 0) return;
    const until = Math.max(lastStir + QUIET_MS, expected === undefined ? 0 : expected + PATIENCE_MS);
    const left = until - Date.now();
    if (left > 0) {
      pause = setTimeout(lookSoon, left);
      return;
    }
    isWanted = false;
    expected = Date.now();
    run();
  };
  return {
    async read(work) {
      reading += 1;
      expected = undefined;
      try {
        return await work();
      } finally {
        reading -= 1;
        lastStir = Date.now();
        lookSoon();
      }
    },
    expect() {
      expected = Date.now();
    },
    stir() {
      // Not while somebody waits: who tells something every moment must not keep the rows away.
      if (!isWanted) lastStir = Date.now();
    },
    whenCalm() {
      isWanted = true;
      lookSoon();
    },
    dispose: () => clearTimeout(pause),
  };
}
