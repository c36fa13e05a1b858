import { BackendError } from './errors.ts';

type Verb<Arguments extends readonly unknown[], Result> = (
  ...rest: [...Arguments, AbortSignal]
) => Promise<Result>;

/**
 * Wraps a verb so that it honours its signal from the start and throws BackendError alone, as the contract promises:
 * an abort becomes `interrupted`, and what nobody foresaw becomes `internal` with its cause. For verbs that only look.
 */
export function looking<Arguments extends readonly unknown[], Result>(
  what: string,
  work: Verb<Arguments, Result>,
): Verb<Arguments, Result> {
  return guarded(what, work, false);
}

/** The same for verbs that change something: after a failure that nobody foresaw, the caller must look what was done. */
export function acting<Arguments extends readonly unknown[], Result>(
  what: string,
  work: Verb<Arguments, Result>,
): Verb<Arguments, Result> {
  return guarded(what, work, true);
}

function guarded<Arguments extends readonly unknown[], Result>(
  what: string,
  work: Verb<Arguments, Result>,
  mayHaveActed: boolean,
): Verb<Arguments, Result> {
  return async (...rest) => {
    try {
      const signal = rest.at(-1);
      if (signal instanceof AbortSignal) signal.throwIfAborted();
      return await work(...rest);
    } catch (error) {
      throw asBackendError(what, error, mayHaveActed);
    }
  };
}

export function asBackendError(what: string, error: unknown, mayHaveActed: boolean): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return new BackendError({
      kind: 'interrupted',
      what: `could not ${what}: it was cancelled`,
      hint: 'run it again; what had been done by then is found and not done twice',
      cause: error,
      retryable: true,
    });
  return new BackendError({
    kind: 'internal',
    what: `could not ${what}: ${error instanceof Error ? error.message : 'unknown failure'}`,
    hint: 'if the message names a file or the disk, mend that and run it again; else report it as a defect',
    cause: error,
    mayHaveActed,
  });
}
