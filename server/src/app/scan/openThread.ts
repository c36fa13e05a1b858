import { Worker } from 'node:worker_threads';
import { BackendError } from '../../backends/errors.ts';
import { bundledProgram } from '../../platform/modules/bundledProgram.ts';
import type { Asked, Request, Told } from './threadMessages.ts';

export interface ScanThread {
  /** Rejects when the thread ends before it has answered. */
  ask<Value>(request: Request, progress?: (done: number) => void): Promise<Value>;
  close(): Promise<void>;
}

interface Waiting {
  readonly progress: ((done: number) => void) | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export function openThread(): ScanThread {
  const worker = new Worker(bundledProgram('scanThread'));
  const waiting = new Map<number, Waiting>();
  let ids = 0;
  const ended = (error: unknown): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (told: Told) => {
    const asked = waiting.get(told.id);
    if ('progress' in told) {
      asked?.progress?.(told.progress);
      return;
    }
    waiting.delete(told.id);
    if ('value' in told) asked?.resolve(told.value);
    else asked?.reject('failure' in told ? new BackendError(told.failure) : new Error(told.error));
  });
  worker.on('error', ended);
  worker.on('exit', () => ended(new Error('the thread that scans ended early')));
  return {
    ask: <Value>(request: Request, progress?: (done: number) => void) =>
      new Promise<Value>((resolve, reject) => {
        ids += 1;
        waiting.set(ids, { progress, resolve: (value) => resolve(value as Value), reject });
        worker.postMessage({ ...request, id: ids } satisfies Asked);
      }),
    async close() {
      await worker.terminate();
    },
  };
}
