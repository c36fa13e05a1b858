import { Worker } from 'node:worker_threads';
import { type KeyProblems, type PublicKeys, weakKeySteps } from '../../core/keys/weak/weakKeys.ts';
import { bundledProgram } from '../../platform/modules/bundledProgram.ts';
import { inTurns } from '../inspect/inTurns.ts';
import { weakKeyTools } from './tools.ts';

/** So few are done before a thread has started. */
const FEW_KEYS = 32;

/** What is wrong with each key and with all of them together. Rejects when `signal` is aborted. */
export async function findWeakKeys(keys: PublicKeys, signal: AbortSignal): Promise<KeyProblems> {
  signal.throwIfAborted();
  if (keys.size <= FEW_KEYS) return inTurns(weakKeySteps(keys, weakKeyTools()), signal);
  const worker = new Worker(bundledProgram('weakKeys'), { workerData: keys });
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
