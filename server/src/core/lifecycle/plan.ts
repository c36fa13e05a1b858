import type { IdentityId } from '../identity/identityId.ts';
import { formatIdentity } from '../identity/identityId.ts';
import type { IdentityEvent, RevocationReason } from './event.ts';

export const VERBS = ['issue', 'renew', 'rotate', 'restore', 'revoke', 'verify', 'destroy'] as const;
export type Verb = (typeof VERBS)[number];

/** Verbs that write: they are planned, confirmed, journaled. */
export type WritingVerb = Exclude<Verb, 'verify'>;

/** Undoable: the engine can take it back. Repeatable: doing it twice is the same as once. Final: it cannot be taken back. */
export type StepClass = 'undoable' | 'repeatable' | 'final';

export const STEP_VERBS = [
  'make-key',
  'read-request',
  'issue',
  'deliver',
  'reload',
  'put-back',
  'verify',
  'supersede',
  'revoke',
  'publish',
  'destroy-copy',
  'destroy-key',
  'erase-staged',
] as const;
export type StepVerb = (typeof STEP_VERBS)[number];

export interface PlanStep {
  readonly n: number;
  readonly verb: StepVerb;
  readonly class: StepClass;
  readonly keyChanges: boolean;
  /** What it does and what follows, as a person reads it. */
  readonly consequence: string;
  readonly machine?: string;
  readonly backend?: string;
  readonly target?: string;
  /** The generation that it makes or ends. */
  readonly generation?: string;
}

/** What a verb is about: an identity on all its machines, or one machine's share of it. */
export interface ActionSubject {
  readonly identity: IdentityId;
  readonly machine?: string;
}

export interface ActionRequest extends ActionSubject {
  readonly verb: WritingVerb;
  readonly reason?: RevocationReason;
  readonly because?: string;
  /** Of `revoke`: only what another one took the place of and is accepted still; what is in use stays. */
  readonly former?: true;
}

export interface Plan {
  readonly id: string;
  /** SHA-256 over everything the plan rests on: manifest, record head, target versions, steps. */
  readonly hash: string;
  readonly verb: WritingVerb;
  readonly identity: IdentityId;
  /** There when it is about this machine's share alone. */
  readonly machine?: string;
  /** One sentence: what is about to happen to what, where. */
  readonly summary: string;
  readonly steps: readonly PlanStep[];
  /** Number of the first final step: before it the action can be undone, from it on only finished. Null: never final. */
  readonly line: number | null;
  /** What a person should know first: who is affected, what stays valid, what is not encrypted. */
  readonly warnings: readonly string[];
  readonly confirmation: {
    /** `typed`: the person types `name`; `plain`: a yes is enough. */
    readonly mode: 'plain' | 'typed';
    readonly name: string;
    readonly consequence: string;
    /** The command line that does the same, for a client that cannot ask. */
    readonly commandLine: string;
  };
}

/** Why there is no plan. The action is refused before anything was touched. */
export interface Refusal {
  readonly refused: true;
  /** Stable, such as `refused/dirty-manifest`, `refused/world-ahead`. */
  readonly code: string;
  readonly what: string;
  readonly hint: string;
  readonly identity?: IdentityId;
  /** Of `refused/policy`: what stands against it, the first one as `what` tells it. */
  readonly against?: readonly BrokenLimit[];
}

/** What a policy asks for and an identity does not keep. Lines count from 1, as people read them. */
export interface BrokenLimit {
  readonly rule: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly policy: {
    readonly name: string;
    /** `project`, or what it comes from outside of it. */
    readonly origin: string;
    readonly file: string;
    readonly line: number;
  };
}

export type StepState = 'waiting' | 'done' | 'failed' | 'pending' | 'unknown' | 'undone';

/**
 * `done`: all steps; `refused`/`failed`: nothing is left half done; `unfinished`: resume or undo; `undone`: taken back;
 * `abandoned`: given up by a person, and what it left is recorded.
 */
export type ActionState = 'done' | 'failed' | 'unfinished' | 'undone' | 'refused' | 'cancelled' | 'abandoned';

export interface StepResult {
  readonly n: number;
  readonly state: StepState;
  readonly detail?: string;
  /** When a pending step is worth another look; ISO 8601. */
  readonly retryAt?: string;
}

export interface ActionResult {
  readonly planId: string;
  readonly verb: WritingVerb;
  readonly identity: IdentityId;
  /** There when it was about this machine's share alone. */
  readonly machine?: string;
  readonly state: ActionState;
  readonly steps: readonly StepResult[];
  readonly events: readonly IdentityEvent[];
  /** What to do next, as a person reads it; empty when nothing is left to do. */
  readonly next: string;
  /** The backend that took the login no more, where the action stopped for that. */
  readonly signIn?: string;
}

/** What a person should know of steps that were done, such as a credential that was ended on the way. */
export function toldBy({ steps }: Pick<ActionResult, 'steps'>): readonly string[] {
  return steps.flatMap(({ state, detail }) => (state === 'done' && detail !== undefined ? [detail] : []));
}

/** `Certificate/payments/api`, or `Certificate/payments/api on payments-1`: what an action is about, as a person reads it. */
export function formatSubject({ identity, machine }: ActionSubject): string {
  return `${formatIdentity(identity)}${machine === undefined ? '' : ` on ${machine}`}`;
}
