/**
 * The one place where what went wrong becomes what a person reads and what a script gets: a stable code, a sentence, the
 * next step and the exit code. The language server shows the same two sentences in its message.
 */
import type { BackendErrorKind } from '../backends/errors.ts';
import { BackendError } from '../backends/errors.ts';
import type { ActionState, Refusal } from '../core/lifecycle/plan.ts';
import { capitalized, sentence } from '../core/text/sentence.ts';
import type { VerifyReport } from './api.ts';
import { PackError } from './policies/packError.ts';

/** The contract of the command line: scripts depend on these. */
export const EXIT = {
  clean: 0,
  findings: 1,
  refused: 1,
  misuse: 2,
  backendFailed: 3,
  unfinished: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Failure {
  /** Stable: `backend/locked`, `refused/dirty-manifest`, `usage`, `cancelled`, `system/ENOSPC`, `internal`. */
  readonly code: string;
  readonly what: string;
  /** What to do next; may be empty. */
  readonly hint: string;
  readonly exitCode: ExitCode;
  /** The same request may well succeed a little later. */
  readonly retryable: boolean;
}

/** The command line was not understood. `hint` says how it would be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(what: string, hint: string) {
    super(what);
    this.hint = hint;
  }
}

/** `unfinished`: something may be half done, so `idac resume` is the next step. */
const BACKEND_EXIT: Readonly<Record<BackendErrorKind, ExitCode>> = {
  unauthenticated: EXIT.backendFailed,
  forbidden: EXIT.backendFailed,
  'not-found': EXIT.backendFailed,
  conflict: EXIT.backendFailed,
  'invalid-request': EXIT.backendFailed,
  unsupported: EXIT.backendFailed,
  locked: EXIT.backendFailed,
  'rate-limited': EXIT.backendFailed,
  unreachable: EXIT.backendFailed,
  interrupted: EXIT.unfinished,
  corrupt: EXIT.backendFailed,
  internal: EXIT.backendFailed,
};

const ACTION_EXIT: Readonly<Record<ActionState, ExitCode>> = {
  done: EXIT.clean,
  refused: EXIT.refused,
  cancelled: EXIT.refused,
  failed: EXIT.backendFailed,
  undone: EXIT.backendFailed,
  unfinished: EXIT.unfinished,
  // What a person asked for; that something is left is recorded.
  abandoned: EXIT.clean,
};

/** What the operating system says, in words. */
const SYSTEM: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ['There is no such file or folder', 'Check the path.'],
  EACCES: ['Permission denied', 'Check who owns it and its mode.'],
  EPERM: ['The system does not permit it', 'Check who owns it and its mode.'],
  EISDIR: ['A file was expected, this is a folder', 'Name a file.'],
  ENOTDIR: ['A folder was expected, this is a file', 'Name a folder.'],
  ENOSPC: ['The disk is full', 'Free some space, then run the same command again.'],
  EROFS: ['The file system is read-only', 'Use a folder that can be written to.'],
  EMFILE: ['Too many files are open', 'Raise the limit (ulimit -n), then run the same command again.'],
};

/** Anything thrown, by whomever. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) {
    return { code: 'usage', what: error.message, hint: error.hint, exitCode: EXIT.misuse, retryable: false };
  }
  if (error instanceof PackError) {
    return {
      code: 'policy/unreadable',
      what: sentence(error.message),
      hint: capitalized(sentence(error.hint)),
      exitCode: EXIT.misuse,
      retryable: false,
    };
  }
  if (error instanceof BackendError) {
    return {
      code: `backend/${error.kind}`,
      what: sentence(error.what),
      hint: sentence(error.hint),
      exitCode: error.mayHaveActed ? EXIT.unfinished : BACKEND_EXIT[error.kind],
      retryable: error.retryable,
    };
  }
  if (isAbort(error)) {
    return {
      code: 'cancelled',
      what: 'Cancelled.',
      hint: '`idac resume` shows whether an action is unfinished.',
      exitCode: EXIT.refused,
      retryable: true,
    };
  }
  return describeSystemError(error) ?? describeDefect(error);
}

export function describeRefusal(refusal: Refusal): Failure {
  return {
    code: refusal.code,
    what: refusal.what,
    hint: refusal.hint,
    exitCode: EXIT.refused,
    retryable: false,
  };
}

export function exitCodeOfAction(state: ActionState): ExitCode {
  return ACTION_EXIT[state];
}

/** A backend that fails tells nothing of the identity: that is another ending than an identity that is not as it should be. */
export function exitCodeOfReport({ ok, machines }: VerifyReport): ExitCode {
  if (ok) return EXIT.clean;
  const failed = machines.some(({ checks }) => checks.some(({ code }) => code?.startsWith('backend/')));
  return failed ? EXIT.backendFailed : EXIT.findings;
}

/** Several outcomes, one exit code: what needs a person most decides. */
export function worstExit(codes: Iterable<ExitCode>): ExitCode {
  const order: readonly ExitCode[] = [
    EXIT.clean,
    EXIT.findings,
    EXIT.backendFailed,
    EXIT.unfinished,
    EXIT.misuse,
  ];
  let worst: ExitCode = EXIT.clean;
  for (const code of codes) if (order.indexOf(code) > order.indexOf(worst)) worst = code;
  return worst;
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value && value.refused === true;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CancellationError');
}

function describeSystemError(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const known = SYSTEM[error.code];
  if (known === undefined) return undefined;
  const place = 'path' in error && typeof error.path === 'string' ? `: ${error.path}` : '';
  return {
    code: `system/${error.code}`,
    what: `${known[0]}${place}`,
    hint: known[1],
    exitCode: EXIT.misuse,
    retryable: error.code === 'EMFILE' || error.code === 'ENOSPC',
  };
}

function describeDefect(error: unknown): Failure {
  return {
    code: 'internal',
    what: `Internal error: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'This is a defect of idac. Run the command again with IDAC_DEBUG=1 and report what it prints.',
    exitCode: EXIT.misuse,
    retryable: false,
  };
}
