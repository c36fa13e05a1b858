/** The engine as its three faces (command line, language server, tests) see it. Each use case below is one file of app/. */

import type { Login, LoginMethod } from '../backends/contract.ts';
import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import type { Offers } from '../core/impact/replacement/offers.ts';
import type { InventoryRow } from '../core/inventory/inventoryRow.ts';
import type { CredentialFacts, IdentityEvent, RevocationReason } from '../core/lifecycle/event.ts';
import type {
  ActionRequest,
  ActionResult,
  ActionSubject,
  Plan,
  PlanStep,
  Refusal,
  StepResult,
  Verb,
} from '../core/lifecycle/plan.ts';
import type { PreviewedPlan } from '../core/lifecycle/planning/preview/preview.ts';
import type { GitReference, PackReference } from '../core/policy/packReference.ts';
import type { Secret } from '../core/secret.ts';
import type { Range } from '../core/text/position.ts';
import type { OwnText } from '../platform/disk/ownText.ts';
import type { FileStanding } from '../platform/git/standingOfFiles.ts';
import type { Unlock } from '../platform/seal/unlock.ts';
import type { BackendOverview } from './backendOverview.ts';
import type { Found } from './found/foundApi.ts';
import type { PackError } from './policies/packError.ts';
import type { BackendAnswers } from './scan/askBackends.ts';
import type { KeyJudgement } from './scan/keyJudgement.ts';
import type { ScannedProject } from './scan/scanProject.ts';
import type { ScanProgress } from './scan/scanTree.ts';
import type { OutsideOptions } from './status/openOutsideSources.ts';
import type { WizardAnswer, WizardRequest } from './wizard.ts';
import type { Workspace } from './workspace.ts';

/** By file. */
export type StandingOfFiles = ReadonlyMap<string, FileStanding>;

export interface Confirmation {
  /** What the person typed, where the plan wants the name typed. */
  readonly typed?: string;
  readonly confirmed: boolean;
}

/** A place in an action at which it can be observed, and at which tests kill the process. */
export type Checkpoint =
  | { readonly at: 'planned' | 'locked' | 'giving-up' | 'given-up' | 'ended' }
  | {
      readonly at: 'step-journaled' | 'step-acted' | 'step-noted' | 'step-done' | 'step-undone';
      readonly step: PlanStep;
    };

export interface ActionObserver {
  /** Awaited: progress is shown and, in tests, the process ends here. */
  reached?(point: Checkpoint, plan: Plan): void | Promise<void>;
}

export interface UnfinishedAction {
  readonly plan: Plan;
  readonly startedAt: string;
  readonly steps: readonly StepResult[];
  /** False from the line on: then it can only be finished. */
  readonly undoable: boolean;
  /** It is being taken back, and goes on with that. */
  readonly undoing: boolean;
  /** It has failed where it can neither be finished nor be taken back: a person may give it up. */
  readonly abandonable: boolean;
  /** What it would leave then, as a person reads it. */
  readonly left: readonly string[];
  /** A process works on it right now. */
  readonly running: boolean;
  readonly next: string;
}

export interface VerifyCheck {
  readonly what: string;
  /** `unknown`: it could not be told, and `detail` says what was looked for. */
  readonly outcome: 'ok' | 'failed' | 'unknown';
  readonly detail: string;
  /** What to do. */
  readonly hint?: string;
  /** Of the failure that kept it from being made, such as `backend/unreachable`. */
  readonly code?: string;
  /** What it is about in the manifest. */
  readonly place?: { readonly file: string; readonly range: Range };
}

/** A file that was handed over to be judged, such as the SVID that a workload presented. */
export interface PresentedFile {
  /** How it is called to a person. */
  readonly name: string;
  readonly bytes: Secret<Uint8Array>;
  /** Whom a token in it was presented to. */
  readonly audience?: string;
}

export interface VerifyMore {
  /** What a Workload presented; left out, the file that its manifest names in `spec.svid`. */
  readonly svid?: PresentedFile;
  /** Places that certificates name are asked whether they were revoked; left out, nobody is. */
  readonly outside?: OutsideOptions;
}

export interface VerifyReport {
  readonly identity: IdentityId;
  readonly ok: boolean;
  readonly machines: readonly {
    readonly machine: string | null;
    readonly credential: CredentialFacts | null;
    readonly checks: readonly VerifyCheck[];
  }[];
}

export interface LogVerification {
  readonly events: number;
  readonly clones: number;
  readonly problems: readonly { readonly file: string; readonly what: string }[];
}

export interface DoctorReport {
  readonly ok: boolean;
  readonly sections: readonly DoctorSection[];
}

/** One thing that was looked at before an action, for one of its steps; nothing was changed. */
export interface PreflightCheck {
  /** Null: about the action as a whole. */
  readonly step: number | null;
  readonly backend?: string;
  readonly what: string;
  /** `failed`: the step would be refused. `unknown`: it cannot be told, and stops nothing. `person`: somebody must be there. */
  readonly outcome: 'ok' | 'failed' | 'unknown' | 'person';
  readonly detail: string;
  readonly hint?: string;
}

export interface Actions {
  /** Reads the world, changes nothing. The plan is kept for `execute` until another one for the identity is made. */
  plan(request: ActionRequest, signal: AbortSignal): Promise<PreviewedPlan | Refusal>;
  /**
   * What can be told of the plan's steps before they are taken: rights of the logins, budgets, targets, endpoints, and
   * whether a person is needed. Changes nothing; empty for a plan that is not kept any more.
   */
  preflight(planId: string, signal: AbortSignal): Promise<readonly PreflightCheck[]>;
  /** Plans again first: another hash means that the world or the manifest changed since, and is refused. */
  execute(
    planId: string,
    hash: string,
    confirmation: Confirmation,
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal>;
  /**
   * Plans and executes in one turn, for who has consented to whatever the plan says: `consent` answers at once, and asks
   * nobody. Nothing can change in between, so the world is read once.
   */
  act(
    request: ActionRequest,
    consent: (plan: Plan) => Confirmation,
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<{ readonly plan: Plan; readonly result: ActionResult } | Refusal>;
  verify(subject: ActionSubject, signal: AbortSignal, more?: VerifyMore): Promise<VerifyReport | Refusal>;
  unfinished(signal: AbortSignal): Promise<readonly UnfinishedAction[]>;
  resume(
    planId: string,
    how: 'forward' | 'undo',
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal>;
  /**
   * Gives up an action that is `abandonable`: what was done and what is left is recorded, and the identity can be acted on
   * again. Nothing is done at a backend. The confirmation types the identity's name.
   */
  abandon(
    planId: string,
    confirmation: Confirmation,
    because: string | undefined,
    signal: AbortSignal,
    observer?: ActionObserver,
  ): Promise<ActionResult | Refusal>;
  /** Puts back events that this machine wrote and the work tree lost (git clean, branch switch). Gives the files. */
  restoreEvents(signal: AbortSignal): Promise<readonly string[]>;
}

/** How the user's sealed store is opened, without anything secret. */
export interface SealStatus {
  readonly folder: string;
  /** False: what lies in it can be read by anyone who can read the user's files. */
  readonly encrypted: boolean;
  readonly slots: readonly {
    readonly id: string;
    readonly how: 'passphrase' | 'key' | 'none';
    readonly keyName?: string;
  }[];
}

export interface DoctorSection {
  readonly title: string;
  readonly checks: readonly {
    readonly what: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly hint?: string;
  }[];
  /** What a backend cannot do, and what to know about it. */
  readonly notes: readonly string[];
}

/** The same checks for one backend. */
export interface BackendCheck extends DoctorSection {
  readonly backend: string;
  readonly ok: boolean;
  /** Its address is not confirmed, a login is missing, or the one that is kept is refused. */
  readonly signIn: boolean;
}

/** The user's logins: what opens the sealed store, and which address each backend's name was confirmed for. */
export interface Logins {
  /** What there is to open, without opening it; no slots: no store was made yet. */
  peek(): Promise<SealStatus>;
  /** Opens it. BackendError `unauthenticated` or `locked` when it does not open. */
  seal(): Promise<SealStatus>;
  /** Adds one more way to open the sealed store; the first one encrypts it. */
  addUnlock(unlock: Unlock): Promise<SealStatus>;
  removeUnlock(slotId: string): Promise<SealStatus>;
  /** What the backend's manifest points to now, and what was confirmed. */
  backend(name: string): Promise<BackendBinding>;
  /**
   * Confirms the address that the manifest points to now. BackendError `conflict` where that is no longer what was shown to
   * the person.
   */
  confirm(name: string, shown?: ShownBinding): Promise<void>;
  /** What is missing before it can be used; nothing is contacted, and no sealed store is made. */
  standing(name: string): Promise<LoginStanding>;
  /** How to log in to it, by the method that its manifest names; null: there is nothing to log in to. */
  method(name: string): Promise<LoginForm | null>;
  /**
   * Keeps the login sealed for what the manifest points to now, which must be confirmed, then tries it. What the server
   * refuses is not kept, and the login of before stays; a server that does not answer is told, and the new one stays.
   * Gives what a person should know of what was given.
   */
  logIn(name: string, values: Login['values'], signal: AbortSignal): Promise<readonly string[]>;
  forget(name: string): Promise<void>;
}

export interface BackendBinding {
  readonly type: string;
  readonly address: string;
  /** SHA-256 digest of the project files that say which CA is trusted there; null: the system's CAs are. */
  readonly trust: string | null;
  /** The address that was confirmed last; null: none yet. */
  readonly confirmed: string | null;
  /** That address, with the CA that counted then, is what the manifest says now. */
  readonly current: boolean;
}

/** What a person saw before saying yes. */
export type ShownBinding = Pick<BackendBinding, 'type' | 'address' | 'trust'>;

/** `locked`: the sealed store does not open, so nobody can tell whether a login is in it. */
export type LoginStanding = 'settled' | 'unconfirmed' | 'missing' | 'locked';

/** What a person or a pipeline fills in to log in. */
export interface LoginForm extends LoginMethod {
  readonly method: string;
  /** Since when a login is kept for this address; null: none is. */
  readonly boundAt: string | null;
}

/** What of the world beside the manifests is read again: `known` nothing, `begun` what `begin` did not read. */
export type OverviewEvents = 'read' | 'known' | 'begun';

/** Findings are those that manifests alone do not tell; the others are `Workspace.findings`. */
export interface Overview {
  readonly rows: readonly InventoryRow[];
  readonly unfinished: readonly UnfinishedAction[];
  readonly findings: readonly Finding[];
}

/** One project root, open. */
export interface Project extends KeyJudgement {
  readonly root: string;
  readonly name: string;
  readonly trusted: boolean;
  /** Manifests as text: open buffers over files on disk, incremental. */
  readonly workspace: Workspace;
  readonly actions: Actions;
  /** Everything wrong with manifests and records; files narrow it (paths relative to the root). */
  check(signal: AbortSignal, files?: readonly string[]): Promise<readonly Finding[]>;
  /** Policies from outside that this machine or the command line names and that cannot be had: no verdict counts without them. */
  policyProblems(): readonly PackError[];
  /** All references to such policies, whether they can be had or not. */
  policyReferences(): readonly PackReference[];
  /** Fetches the policies of another repository, now, and keeps them on this machine. */
  fetchPolicies(reference: GitReference, signal: AbortSignal): Promise<{ readonly files: number }>;
  inventory(signal: AbortSignal): Promise<readonly InventoryRow[]>;
  /**
   * What rests on the record, for a face that keeps it shown. `known`: only manifests changed since the last time, so
   * records, journals and git are not read again.
   */
  overview(signal: AbortSignal, events: OverviewEvents): Promise<Overview>;
  /**
   * Reads the folder for a face that shows rows meanwhile: `shown` gets those that there are, now and then. The `overview` that
   * follows is asked for as `begun`.
   */
  begin(signal: AbortSignal, shown: (rows: readonly InventoryRow[]) => void): Promise<void>;
  /** Ids that are declared or recorded, for selectors and completion. */
  identities(signal: AbortSignal): Promise<readonly IdentityId[]>;
  /** Events of one identity, oldest first. */
  events(identity: IdentityId, signal: AbortSignal): Promise<readonly IdentityEvent[]>;
  /**
   * Looks for secrets and keys in the files that git tracks or would take; without git in all. `starts`: files and folders,
   * none: all.
   */
  scan(starts: readonly string[], told: ScanProgress, signal: AbortSignal): Promise<ScannedProject>;
  /** What the declared backends know of keys, by the hex SHA-256 of their SubjectPublicKeyInfo. Contacts them, changes nothing. */
  askBackends(keys: readonly string[], signal: AbortSignal): Promise<BackendAnswers>;
  /** A text that the project keeps for us, by its path in it and at most so many octets long. Links are not followed. */
  ownText(file: string, longest: number): OwnText;
  /** How git takes files of the project; empty where it is not asked, as in an untrusted folder. */
  standingOf(files: readonly string[], signal: AbortSignal): Promise<StandingOfFiles>;
  /** Puts a value into a backend's secret store, where nothing is yet, and reads it back. */
  keepSecret(backend: string, path: string, value: Secret<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Whether git ever had a secret with this value in this file. Undefined: git cannot tell, or is not asked. */
  wasCommitted(file: string, value: Uint8Array, signal: AbortSignal): Promise<boolean | undefined>;
  /** Which key algorithms the declared backends offer, as far as it is known here; nobody is contacted. */
  offers(signal: AbortSignal): Promise<Offers>;
  /** All that is recorded, of what is declared no more too. */
  recorded(signal: AbortSignal): Promise<readonly IdentityEvent[]>;
  verifyLog(signal: AbortSignal): Promise<LogVerification>;
  doctor(signal: AbortSignal): Promise<DoctorReport>;
  /** BackendError `not-found` where no manifest declares it; whatever else is wrong with it is a check that failed. */
  checkBackend(name: string, signal: AbortSignal): Promise<BackendCheck>;
  /** Those that are declared, and what is known of each on this machine; nobody is contacted. */
  backends(signal: AbortSignal): Promise<readonly BackendOverview[]>;
  readonly logins: Logins;
  /** Credentials that lie in the folder, and how they get manifests. */
  readonly found: Found;
  /** The next question of a wizard, or the manifest that comes of the answers. Changes nothing. */
  wizard(request: WizardRequest, signal: AbortSignal): Promise<WizardAnswer>;
  close(): Promise<void>;
}

export type {
  ActionRequest,
  ActionResult,
  BackendOverview,
  InventoryRow,
  OwnText,
  Plan,
  PreviewedPlan,
  Refusal,
  RevocationReason,
  StepResult,
  Unlock,
  Verb,
};
