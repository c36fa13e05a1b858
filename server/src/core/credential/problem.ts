import { DerError } from './der.ts';

/** Something in a credential that could not be read. The rest of it was. */
export interface Problem {
  /** The part, such as `the subject`. */
  readonly what: string;
  readonly reason: string;
  /** Octet in the decoded data. */
  readonly offset: number;
}

/** What a decoder answers: what could be had, and what could not. */
export interface Decoded<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** Reads one part; what is wrong with it becomes a problem, and the parts beside it are still read. */
export function attempt<T>(problems: Problem[], what: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    problems.push(problemOf(what, error));
    return undefined;
  }
}

function problemOf(what: string, error: unknown): Problem {
  if (error instanceof DerError) return { what, reason: error.message, offset: error.offset };
  throw error;
}
