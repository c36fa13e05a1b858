import { openThread, type ScanThread } from './openThread.ts';
import type { Request } from './threadMessages.ts';

/** So long one thread works alone: another takes about a tenth of it to start. */
const WORTH_MS = 3000;
/** So that a thread has something to do while this one is busy. */
const AHEAD = 3;

export interface Laned<Job, Result> {
  /** Taken one after the other, wherever they are done. */
  readonly jobs: Iterable<Job>;
  here(job: Job): Promise<Result>;
  /** The same as it is asked of another thread. */
  request(job: Job): Request;
  /** In whatever order they are done. */
  done(job: Job, result: Result): void;
}

/** `threads`: this one, and others that begin to help when it takes long. */
export async function inLanes<Job, Result>(
  { jobs, here, request, done }: Laned<Job, Result>,
  threads: number,
  signal: AbortSignal,
): Promise<void> {
  const iterator = jobs[Symbol.iterator]();
  const began = performance.now();
  const others: ScanThread[] = [];
  const lanes: Promise<void>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const next = (): Job | undefined => {
    if (failure !== undefined || signal.aborted) return undefined;
    const { value, done: isLast } = iterator.next();
    return isLast === true ? undefined : value;
  };
  const lane = async (work: (job: Job) => Promise<Result>): Promise<void> => {
    try {
      for (let job = next(); job !== undefined; job = next()) {
        if (others.length === 0 && threads > 1 && performance.now() - began > WORTH_MS) open();
        done(job, await work(job));
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  const open = (): void => {
    while (others.length < threads - 1) {
      const thread = openThread();
      others.push(thread);
      for (let each = 0; each < AHEAD; each += 1) lanes.push(lane((job) => thread.ask<Result>(request(job))));
    }
  };
  const stop = (): void => {
    for (const thread of others) void thread.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await lane(here);
    await Promise.all(lanes);
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(others.map((thread) => thread.close()));
  }
  signal.throwIfAborted();
  if (failure !== undefined) throw failure.error;
}
