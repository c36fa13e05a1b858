import { Worker } from 'node:worker_threads';
import { type KeyProblems, type PublicKeys, weakKeySteps } from '../../core/keys/weak/weakKeys.ts';
import { bundledProgram } from '../../platform/modules/bundledProgram.ts';
import { inTurns } from '../inspect/inTurns.ts';
import { columnsOf } from './keyColumns.ts';
import { openWeakKeyTools, type WeakKeyOptions } from './tools.ts';
import type { WeakKeyTask } from './worker.ts';

/** So few are done before a thread has started. */
const FEW_KEYS = 256;

/** What is wrong with each key and with all of them together. Rejects when `signal` is aborted. */
export async function findWeakKeys(
  keys: PublicKeys,
  options: WeakKeyOptions,
  signal: AbortSignal,
): Promise<KeyProblems> {
  signal.throwIfAborted();
  // A list that cannot be read is said before anything is begun.
  const tools = openWeakKeyTools(options);
  try {
    if (keys.size <= FEW_KEYS) return await inTurns(weakKeySteps(keys, tools), signal);
  } finally {
    tools.close();
  }
  return inThread({ keys: columnsOf(keys), options }, signal);
}

async function inThread(task: WeakKeyTask, signal: AbortSignal): Promise<KeyProblems> {
  const worker = new Worker(bundledProgram('weakKeys'), { workerData: task });
  let stop: (() => void) | undefined;
  try {
    return await new Promise<KeyProblems>((resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread that looks for weak keys ended early')));
    });
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
