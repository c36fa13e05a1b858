/** A thread of its own that scans what it is given: see openThread.ts. */
import { parentPort } from 'node:worker_threads';
import { BackendError } from '../../backends/errors.ts';
import { scanHistory } from './scanHistory.ts';
import { scanTasks } from './scanTasks.ts';
import { scanTree } from './scanTree.ts';
import type { Asked, Told } from './threadMessages.ts';

const tasks = scanTasks();
/** It is ended from outside. */
const { signal } = new AbortController();
const tell = (told: Told): void => parentPort?.postMessage(told);

/** One after the other: a scanner has one content at a time. */
let before = Promise.resolve();
parentPort?.on('message', (asked: Asked) => {
  before = before.then(() => answer(asked));
});

async function answer(asked: Asked): Promise<void> {
  const { id } = asked;
  const progress = (done: number): void => tell({ id, progress: done });
  try {
    tell({ id, value: await answerTo(asked, progress) });
  } catch (error) {
    if (error instanceof BackendError) {
      const { kind, what, hint, retryable } = error;
      tell({ id, failure: { kind, what, hint, retryable } });
    } else tell({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function answerTo(asked: Asked, told: (done: number) => void): Promise<unknown> {
  switch (asked.kind) {
    case 'files':
      return tasks.readFiles(asked.task, signal);
    case 'blobs':
      return tasks.readBlobs(asked.task, signal);
    case 'tree': {
      const { octetsOf: _, ...scanned } = await scanTree(asked.root, asked.starts, { told }, signal);
      return scanned;
    }
    case 'history': {
      const { octetsOf: _, ...scanned } = await scanHistory(asked.root, asked.starts, { told }, signal);
      return scanned;
    }
    default:
      return asked satisfies never;
  }
}
