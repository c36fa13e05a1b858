/** Why a path does not hold, at which certificate. */
export type PathProblem =
  | 'unreadable'
  | 'no-path'
  | 'too-many-paths'
  | 'not-yet-valid'
  | 'expired'
  | 'bad-signature'
  | 'cannot-verify'
  | 'not-a-ca'
  | 'path-too-long'
  | 'key-usage'
  | 'extended-key-usage'
  | 'critical-extension'
  | 'name-constraints'
  | 'policies'
  | 'names'
  | 'revoked'
  | 'revocation-unknown'
  | 'not-conforming';

export interface PathReason {
  readonly problem: PathProblem;
  /** One sentence without a full stop. */
  readonly message: string;
  /** Place in the path: 0 is the certificate that was asked about. */
  readonly at: number;
}

/** Not valid, or nobody here can tell: these are no proof that somebody did wrong. */
const UNDECIDED: ReadonlySet<PathProblem> = new Set([
  'unreadable',
  'no-path',
  'too-many-paths',
  'cannot-verify',
  'critical-extension',
  'revocation-unknown',
]);

export function isUndecided({ problem }: PathReason): boolean {
  return UNDECIDED.has(problem);
}
