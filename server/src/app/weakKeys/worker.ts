/** A thread of its own: the numbers of thousands of keys are multiplied there, and nobody waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { drained } from '../../core/credential/inspect/derItems.ts';
import { weakKeySteps } from '../../core/keys/weak/weakKeys.ts';
import { type KeyColumns, keysIn } from './keyColumns.ts';
import { openWeakKeyTools, type WeakKeyOptions } from './tools.ts';

export interface WeakKeyTask {
  readonly keys: KeyColumns;
  readonly options: WeakKeyOptions;
}

const { keys, options } = workerData as WeakKeyTask;
parentPort?.postMessage(drained(weakKeySteps(keysIn(keys), openWeakKeyTools(options))));
