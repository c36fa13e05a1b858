import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { bundledProgram } from '../modules/bundledProgram.ts';
import { MARK, type PostQuantumLibrary, type PostQuantumTask, type PostQuantumWork } from './work.ts';

let loaded: PostQuantumLibrary | undefined;

/** Read on first use, at once and not later: whoever checks a signature cannot wait. */
export function postQuantumLibrary(): PostQuantumLibrary {
  if (loaded === undefined) {
    const { library } = createRequire(import.meta.url)(file()) as { library: PostQuantumLibrary };
    loaded = library;
  }
  return loaded;
}

/** Lattices take milliseconds, hashes up to seconds: those have a thread of their own. */
export async function postQuantumWork(task: PostQuantumTask): Promise<PostQuantumWork> {
  if (!task.set.startsWith('SLH-DSA')) return postQuantumLibrary().work(task);
  const worker = new Worker(file(), { workerData: { [MARK]: true, task } });
  try {
    return await new Promise<PostQuantumWork>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new Error('the thread that works with post-quantum keys ended early')),
      );
    });
  } finally {
    await worker.terminate();
  }
}

function file(): string {
  return bundledProgram('postQuantum', 'cjs');
}
