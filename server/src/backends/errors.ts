/** What kind of failure it was; one table maps it to a message, a progress end and an exit code. */
export type BackendErrorKind =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid-request'
  | 'unsupported'
  | 'locked'
  | 'rate-limited'
  | 'unreachable'
  | 'interrupted'
  | 'corrupt'
  | 'internal';

/** The one error that backends throw. `what` and `hint` are sentences for a person and hold no secret. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly kind: BackendErrorKind;
  readonly what: string;
  readonly hint: string;
  readonly retryable: boolean;
  /** The server may have acted all the same: the engine must look before it tries again. */
  readonly mayHaveActed: boolean;

  constructor(options: {
    kind: BackendErrorKind;
    what: string;
    hint: string;
    cause?: unknown;
    retryable?: boolean;
    mayHaveActed?: boolean;
  }) {
    super(options.what, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind;
    this.what = options.what;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.mayHaveActed = options.mayHaveActed ?? false;
  }
}
