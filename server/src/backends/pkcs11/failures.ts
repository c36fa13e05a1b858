import { BackendError, type BackendErrorKind } from '../errors.ts';
import { DriverError } from './driver.ts';
import type { Refusal } from './host/protocol.ts';

interface Meaning {
  readonly kind: BackendErrorKind;
  readonly what: string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** Return values that a person can do something about (PKCS#11 3.1, 5.1). All others are told by their names. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  CKR_PIN_INCORRECT: {
    kind: 'unauthenticated',
    what: 'the PIN is wrong',
    hint: 'give the right one with `idac login`; the wrong one is not tried again',
  },
  CKR_PIN_INVALID: {
    kind: 'unauthenticated',
    what: 'the PIN has characters that the token does not take',
    hint: 'give the right one with `idac login`',
  },
  CKR_PIN_LEN_RANGE: {
    kind: 'unauthenticated',
    what: 'the PIN is shorter or longer than the token takes',
    hint: 'give the right one with `idac login`',
  },
  CKR_PIN_LOCKED: {
    kind: 'locked',
    what: 'the PIN is locked after too many wrong tries',
    hint: "unlock it with the token's own tool and its security officer PIN, then run this again",
  },
  CKR_PIN_EXPIRED: {
    kind: 'unauthenticated',
    what: 'the PIN has expired',
    hint: "set a new one with the token's own tool, then give it with `idac login`",
  },
  CKR_USER_PIN_NOT_INITIALIZED: {
    kind: 'unauthenticated',
    what: 'the token has no user PIN yet',
    hint: "set one with the token's own tool (pkcs11-tool --init-pin), then give it with `idac login`",
  },
  CKR_USER_ANOTHER_ALREADY_LOGGED_IN: {
    kind: 'conflict',
    what: 'somebody else is logged in to the token',
    hint: 'end that session, then run this again',
    retryable: true,
  },
  CKR_USER_TOO_MANY_TYPES: {
    kind: 'conflict',
    what: 'somebody else is logged in to the token',
    hint: 'end that session, then run this again',
    retryable: true,
  },
  CKR_SESSION_COUNT: {
    kind: 'rate-limited',
    what: 'the token has no session left',
    hint: 'close other programs that use it, or lower spec.sessions',
    retryable: true,
  },
  CKR_DEVICE_MEMORY: {
    kind: 'forbidden',
    what: 'the token has no room for another object',
    hint: 'destroy keys that are not used any more, or use another token',
  },
  CKR_TOKEN_WRITE_PROTECTED: {
    kind: 'forbidden',
    what: 'the token is write-protected',
    hint: 'lift the protection, or use another token',
  },
  CKR_SESSION_READ_ONLY: {
    kind: 'forbidden',
    what: 'the token allows no change',
    hint: 'lift the protection, or use another token',
  },
  CKR_ACTION_PROHIBITED: {
    kind: 'forbidden',
    what: "the token's policy prohibits it",
    hint: 'ask whoever administers the token, or have the object removed with its own tool',
  },
  CKR_KEY_FUNCTION_NOT_PERMITTED: {
    kind: 'forbidden',
    what: 'the token does not let this key do that',
    hint: 'rotate the identity to get a new key',
  },
  CKR_MECHANISM_INVALID: {
    kind: 'unsupported',
    what: 'the token does not know the mechanism',
    hint: 'declare another key algorithm; `idac doctor` names those that it has',
  },
  CKR_FUNCTION_NOT_SUPPORTED: {
    kind: 'unsupported',
    what: 'the module does not offer this function',
    hint: 'use another module of the vendor, or another backend',
  },
};

/** What the token answers when it, the session or the login went away: a new process finds out whether it is back. */
const LOST = new Set([
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_FUNCTION_FAILED',
  'CKR_GENERAL_ERROR',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SLOT_ID_INVALID',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_USER_NOT_LOGGED_IN',
]);

/** Whether a process and login of their own may help: all verbs look before they act, so they can begin again. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof DriverError)) return false;
  const { failure } = error;
  switch (failure.kind) {
    case 'ended':
      return true;
    case 'hung':
      return false;
    case 'refused':
      return failure.why.kind === 'returned' && LOST.has(failure.why.code);
    default:
      return failure satisfies never;
  }
}

/** The name of the CK_RV, such as `CKR_PIN_INCORRECT`, if that is what the error is about. */
export function returnCode(error: unknown): string | undefined {
  if (!(error instanceof DriverError) || error.failure.kind !== 'refused') return undefined;
  const { why } = error.failure;
  return why.kind === 'returned' ? why.code : undefined;
}

/** `where` names backend, token and module, `step` what was about to be done. Anything but a DriverError stays as it is. */
export function backendErrorOf(error: unknown, where: string, step: string, acts: boolean): unknown {
  if (!(error instanceof DriverError)) return error;
  const { failure } = error;
  switch (failure.kind) {
    case 'ended':
      return new BackendError({
        kind: 'unreachable',
        what: `${where}: could not ${step}: the driver crashed twice (${failure.how})`,
        hint: "update the vendor's module, or try it alone: pkcs11-tool --module FILE --list-slots",
        cause: error,
        retryable: true,
        mayHaveActed: acts,
      });
    case 'hung':
      return new BackendError({
        kind: 'unreachable',
        what: `${where}: could not ${step}: the driver did not answer within ${failure.seconds} s and was ended`,
        hint: 'see whether the token answers to its own tool; a slow one gets more time by spec.timeout',
        cause: error,
        retryable: true,
        mayHaveActed: acts,
      });
    case 'refused':
      return refused(failure.why, where, step, acts, error);
    default:
      return failure satisfies never;
  }
}

function refused(why: Refusal, where: string, step: string, acts: boolean, cause: DriverError): BackendError {
  switch (why.kind) {
    case 'returned': {
      const meaning = MEANINGS[why.code];
      const lost = LOST.has(why.code);
      return new BackendError({
        kind: meaning?.kind ?? (lost ? 'unreachable' : 'internal'),
        what: `${where}: could not ${step}: ${meaning?.what ?? 'the token refused it'} (${why.call}: ${why.code})`,
        hint:
          meaning?.hint ??
          (lost
            ? 'see whether the token is there and answers to its own tool, then run this again'
            : "look the code up in the vendor's documentation"),
        cause,
        retryable: meaning?.retryable ?? lost,
        mayHaveActed: acts && meaning === undefined,
      });
    }
    case 'not-loaded':
      return new BackendError({
        kind: 'unreachable',
        what: `${where}: the module cannot be loaded: ${why.reason}`,
        hint: "install the vendor's module for this system, or correct where its name points to",
        cause,
      });
    case 'no-library':
      return new BackendError({
        kind: 'unsupported',
        what: `${where}: the package pkcs11js, which loads PKCS#11 modules, is not installed here`,
        hint: `in VS Code install the extension's package for this system (${process.platform}-${process.arch}), which has it; elsewhere install a C++ compiler, make and Python, then run \`npm ci\` or \`npm install\` again`,
        cause,
      });
    case 'defect':
      return new BackendError({
        kind: 'internal',
        what: `${where}: could not ${step}: ${why.reason}`,
        hint: 'this is a defect: please report it',
        cause,
        mayHaveActed: acts,
      });
    default:
      return why satisfies never;
  }
}
