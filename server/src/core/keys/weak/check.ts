import type { Severity } from '../../finding.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import type { KeyNumbers } from './keyNumbers.ts';

/** What is wrong with a key. It never says a factor or a private number: who has them has the private key. */
export interface KeyProblem {
  readonly rule: RuleMeta;
  /** Another one than the rule's. */
  readonly severity?: Severity;
  /** A clause with "the key" as its subject or about it. */
  readonly message: string;
  /** Of other keys that it has to do with: hex SHA-256 of their SubjectPublicKeyInfo. */
  readonly others?: readonly string[];
}

/** One file, one weakness, found from the public key alone. */
export interface WeakKeyCheck {
  find(key: KeyNumbers): KeyProblem | undefined;
}
