/**
 * What this client reads of the language server's own messages (docs/lsp.md). The client stands alone: these are the
 * fields that it shows, not a copy of the engine's types.
 */
import type { Diagnostic } from 'vscode-languageclient/node';

export type Verb = 'issue' | 'renew' | 'rotate' | 'restore' | 'revoke' | 'verify' | 'destroy';
export type WritingVerb = Exclude<Verb, 'verify'>;

export interface IdentityRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Place {
  readonly file: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

/** One row of the inventory: an identity, or one machine's share of it. */
export interface InventoryRow extends IdentityRef {
  readonly machine: string | null;
  readonly owner: string | null;
  readonly contact: string | null;
  readonly backend: string | null;
  readonly issuer: string | null;
  readonly keyStore: string | null;
  readonly targets: readonly string[];
  readonly state: string;
  /** Who issues and renews it, where that is not the server's to do. */
  readonly managedBy?: string;
  /** Of the login of a backend: what was seen of it when that was checked last. */
  readonly login?: {
    readonly method: string;
    readonly seenAt: string | null;
    readonly reach: readonly string[];
  };
  readonly notAfter: string | null;
  readonly daysLeft: number | null;
  readonly hoursLeft: number | null;
  readonly algorithm: string | null;
  readonly serialNumber: string | null;
  readonly fingerprintSha256: string | null;
  readonly consumers: readonly string[];
  readonly verbs: readonly Verb[];
  readonly declaredAt: Place | null;
  /** `expires in 12 days`: the words that every face shows. */
  readonly status: string;
}

export interface PlanStep {
  readonly n: number;
  readonly verb: string;
  readonly class: 'undoable' | 'repeatable' | 'final';
  readonly keyChanges: boolean;
  readonly consequence: string;
  readonly machine?: string;
  readonly backend?: string;
  readonly target?: string;
}

/** What the server looked at before the first step of a plan. */
export interface PreflightCheck {
  /** Null: about the action as a whole. */
  readonly step: number | null;
  readonly backend?: string;
  readonly what: string;
  readonly outcome: 'ok' | 'failed' | 'unknown' | 'person';
  readonly detail: string;
  readonly hint?: string;
}

/** What the plan changes; the words are the server's. */
export interface PlanChange {
  readonly title: string;
  /** Of these machines' shares alone. */
  readonly machines?: readonly string[];
  /** Null: there is none yet. */
  readonly before: string | null;
  /** Null: there is none any more. */
  readonly after: string | null;
  readonly changes: boolean;
}

export interface PlanReach {
  readonly what: 'backend' | 'consumer' | 'endpoint' | 'outage';
  readonly name: string;
  readonly detail: string;
}

/** `gone`: it was carried out, or another one was made. */
export type PlanState =
  | { readonly state: 'current' }
  | { readonly state: 'outdated' | 'gone'; readonly why: string };

export interface Plan {
  readonly id: string;
  readonly hash: string;
  readonly verb: WritingVerb;
  readonly identity: IdentityRef;
  /** There when it is about this machine's share alone. */
  readonly machine?: string;
  readonly summary: string;
  readonly steps: readonly PlanStep[];
  /** Number of the first step that cannot be taken back; null: there is none. */
  readonly line: number | null;
  readonly warnings: readonly string[];
  readonly confirmation: { readonly commandLine: string };
  readonly preflight: readonly PreflightCheck[];
  readonly changes: readonly PlanChange[];
  readonly reach: readonly PlanReach[];
  /** Argument of `idac.plan` that makes it anew. */
  readonly again: RunArgument;
}

/** The record of an identity as a page; the words are the server's. */
export interface Audit {
  readonly title: string;
  readonly text: string;
  readonly links: readonly { readonly range: Place['range']; readonly uri: string }[];
}

export interface Refusal {
  readonly refused: true;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

export interface RunArgument {
  readonly verb: WritingVerb;
  readonly identity: IdentityRef | string;
  /** Only this machine's share; left out: all machines. */
  readonly machine?: string;
  /** Of `revoke`: only what was replaced. */
  readonly former?: true;
  readonly uri?: string;
  readonly reason?: string;
}

/** How an action ended. */
export interface Outcome {
  readonly result:
    | Refusal
    | {
        readonly planId: string;
        readonly state: string;
        readonly identity: IdentityRef;
        readonly machine?: string;
      };
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly files: readonly string[];
  readonly resume: {
    readonly planId: string;
    readonly undoable: boolean;
    readonly abandonable: boolean;
  } | null;
  /** The backend that must be signed in to first. */
  readonly signIn: { readonly backend: string } | null;
}

export interface VerifyReport {
  readonly identity: IdentityRef;
  readonly ok: boolean;
  readonly machines: readonly {
    readonly machine: string | null;
    readonly checks: readonly {
      readonly what: string;
      readonly outcome: 'ok' | 'failed' | 'unknown';
      readonly detail: string;
    }[];
  }[];
}

export interface ConfirmParams {
  readonly plan: Plan;
  readonly title: string;
  readonly identity: string;
  readonly backend: string | null;
  readonly consequence: string;
  /** There when the person must type it. */
  readonly typedName?: string;
}

/** Before an action is given up that can neither be finished nor be taken back. */
export interface ConfirmAbandonParams {
  readonly title: string;
  readonly undoing: boolean;
  readonly left: readonly string[];
  readonly consequence: string;
  readonly typedName: string;
}

export interface ConfirmAnswer {
  readonly confirmed: boolean;
  readonly typed?: string;
}

/** One question for all of a selection. */
export interface ConfirmAllParams {
  readonly verb: WritingVerb;
  readonly title: string;
  readonly plans: readonly Plan[];
  readonly leftAlone: readonly { readonly subject: string; readonly why: string }[];
  readonly consequences: readonly { readonly text: string; readonly count: number }[];
  readonly backends: readonly { readonly name: string; readonly detail: string; readonly count: number }[];
  /** There when the person must type it. */
  readonly typedText?: string;
}

/** How a selection ended. */
export interface OutcomeOfAll {
  readonly parts: readonly {
    readonly subject: string;
    readonly state: string;
    readonly message: string;
    readonly code?: string;
  }[];
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly files: readonly string[];
  readonly resume: {
    readonly actions: readonly { readonly planId: string; readonly uri: string }[];
    readonly undoable: boolean;
  } | null;
  readonly signIn: { readonly backend: string; readonly uri: string } | null;
}

export interface UnlockAnswer {
  readonly ok: boolean;
  readonly encrypted: boolean;
  readonly needs: 'nothing' | 'passphrase';
  readonly slots: readonly { readonly kind: 'key' | 'passphrase'; readonly name: string }[];
  readonly what?: string;
  readonly hint?: string;
}

export interface SealedSecret extends SealedMessage {
  readonly kind: 'key' | 'passphrase';
  /** Absent for a passphrase. */
  readonly keyName?: string;
}

/** What crosses the connection is sealed to one session. */
export interface SealedMessage {
  readonly clientPublicKey: string;
  readonly iv: string;
  readonly sealed: string;
}

export interface LoginField {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly secret: boolean;
  readonly optional?: boolean;
  /** May be given in place of that field. */
  readonly insteadOf?: string;
}

export interface SignInParams {
  /** Good for this one question: what is typed is sealed to it. */
  readonly question: string;
  readonly backend: string;
  readonly type: string;
  readonly address: string;
  readonly trust: string | null;
  readonly confirmed: string | null;
  readonly current: boolean;
  readonly login: {
    readonly method: string;
    readonly title: string;
    readonly fields: readonly LoginField[];
  } | null;
}

export interface SignInAnswer {
  readonly confirmed: boolean;
  readonly sealed?: SealedMessage;
}

export interface SignInOutcome {
  readonly ok: boolean;
  readonly backend: string;
  readonly code?: string;
  readonly what: string;
  readonly hint: string;
}

export interface DeclaredBackend {
  readonly backend: string;
  readonly type: string;
  readonly root: string;
  readonly signIn: boolean;
}

export interface BackendArgument {
  readonly backend: string;
  readonly uri?: string;
}

export interface BackendCheck {
  readonly backend: string;
  readonly title: string;
  readonly ok: boolean;
  readonly signIn: boolean;
  readonly checks: readonly {
    readonly what: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly hint?: string;
  }[];
  readonly notes: readonly string[];
}

export function isRefusal(answer: object): answer is Refusal {
  return 'refused' in answer && answer.refused === true;
}

/** `Certificate/payments/api`, as every face writes it. */
export function formatIdentity(identity: IdentityRef): string {
  return [identity.kind, identity.namespace, identity.name].filter((part) => part !== '').join('/');
}

/** `Certificate/payments/api on payments-1`: one machine's share, where a machine is given. */
export function formatSubject(identity: IdentityRef, machine: string | null | undefined): string {
  return [formatIdentity(identity), ...(machine ? ['on', machine] : [])].join(' ');
}

/** Of `idac.findSecrets`. No part of a secret is in it. */
export interface SecretsReport {
  /** Of the project. */
  readonly root: string;
  readonly name: string;
  readonly where: 'folder' | 'history';
  /** What was looked at: `12 files`. */
  readonly looked: string;
  /** How many somebody judged to be none. */
  readonly aside: number;
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly secrets: readonly FoundSecret[];
}

export interface FoundSecret {
  readonly uri: string;
  readonly file: string;
  /** The file is in the work tree. */
  readonly isThere: boolean;
  /** That brought it; null: the file itself was looked at. */
  readonly commit: string | null;
  readonly diagnostic: Diagnostic;
  /** What ends it, for `idac.run`. */
  readonly acts: {
    readonly identity: string;
    readonly verbs: readonly WritingVerb[];
    readonly machine?: string;
    readonly former?: true;
  } | null;
}
