import type { IdentityId } from './identity/identityId.ts';
import type { WritingVerb } from './lifecycle/plan.ts';
import type { Range } from './text/position.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A place in a file. `file` is relative to the project root, with forward slashes. */
export interface Location {
  readonly file: string;
  readonly range: Range;
}

export interface RelatedPlace extends Location {
  readonly message: string;
}

export interface TextEdit extends Location {
  readonly newText: string;
}

/** A repair. At most one fix of a finding is `preferred`: the one that is almost surely meant. */
export interface Fix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly TextEdit[];
  /** Its texts hold `NAME_TO_CHOOSE`, until the project says what can stand there. */
  readonly choose?: Choice;
}

/** A resource that a field can name. */
export interface Choice {
  readonly kind: string;
  /** Role that a backend must play. */
  readonly role: string | undefined;
}

/** Stands in a fix for the name of a resource; a DNS label, so that it needs quotes where a name does. */
export const NAME_TO_CHOOSE = 'name-to-choose';

/** What puts a finding right that no edit can: one of these verbs, each for the identity that it is about. */
export interface Acts {
  readonly verbs: readonly WritingVerb[];
  /** It is about this machine's share alone. */
  readonly machine?: string;
  /** Of `revoke`: it is about what was replaced; what is in use stays. */
  readonly former?: true;
}

/** What a rule reports. The same value becomes an LSP diagnostic, a line of `idac check` and a SARIF result. */
export interface Finding extends Location {
  /** Stable id such as `certificate/expired`; it names the page docs/rules/<rule>.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong and what would be right, in one sentence of about 100 characters. Never a secret value. */
  readonly message: string;
  /** Why it matters; shown on a line of its own. */
  readonly why?: string;
  readonly identity?: IdentityId;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
  readonly acts?: Acts;
  /** A policy asks for it, or makes it graver. */
  readonly policy?: PolicySource;
}

/** The policy that a finding rests on, and the line where it says so. */
export interface PolicySource extends Location {
  readonly name: string;
  /** `project`, or what it comes from outside of it. */
  readonly origin: string;
  /** Of what it comes from outside of the project, whole. */
  readonly digest?: string;
  /** What the standard says about it, where the policy cites one: `CA/Browser Forum TLS BR 6.3.2`. */
  readonly cites?: string;
  /** No waiver, and no comment in a manifest, makes an exception. */
  readonly binding: boolean;
}
