import type { Handle } from './library.ts';
import { Refused } from './library.ts';

/** Lends each session to one piece of work at a time; who finds none free waits in line. */
export interface SessionPool {
  use<T>(work: (session: Handle) => Promise<T>): Promise<T>;
}

export function sessionPool(sessions: readonly Handle[]): SessionPool {
  const free = [...sessions];
  const waiting: ((session: Handle) => void)[] = [];

  function lend(): Promise<Handle> {
    if (sessions.length === 0)
      throw new Refused({ kind: 'returned', code: 'CKR_TOKEN_NOT_PRESENT', call: 'C_OpenSession' });
    const session = free.pop();
    return session === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(session);
  }

  return {
    async use(work) {
      const session = await lend();
      try {
        return await work(session);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free.push(session);
        else next(session);
      }
    },
  };
}
