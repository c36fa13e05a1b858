/** The methods that are ours, beside LSP's: docs/lsp.md describes them. */
import {
  type Diagnostic,
  NotificationType,
  NotificationType0,
  RequestType,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type {
  ActionResult,
  InventoryRow,
  LoginForm,
  Plan,
  PreflightCheck,
  PreviewedPlan,
  Refusal,
} from '../app/api.ts';
import type { CredentialPage, PlacedBelonging, ShownCard } from '../app/credentialPage.ts';
import type { Adoption, AdoptionPlan, FoundItem } from '../app/found/foundApi.ts';
import type { WizardAnswer } from '../app/wizard.ts';
import type { ShownFinding } from '../core/credential/view/card.ts';
import type { ShownSection, ShownValue, TablePage } from '../core/credential/view/shown.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import type { Range } from '../core/text/position.ts';
import type { ActData } from './diagnostics.ts';

/** A plan with what was looked at before its first step. */
export interface CheckedPlan extends PreviewedPlan {
  readonly preflight: readonly PreflightCheck[];
  /** Argument of `idac.plan` that makes it anew. */
  readonly again: PlanArgument;
}

export interface PlanArgument {
  readonly verb: Plan['verb'];
  readonly identity: string;
  readonly machine?: string;
  readonly reason?: string;
  readonly because?: string;
  readonly uri: string;
}

/** `gone`: it was carried out, or another one was made. */
export type PlanState =
  | { readonly state: 'current' }
  | { readonly state: 'outdated' | 'gone'; readonly why: string };

export interface ConfirmParams {
  readonly plan: CheckedPlan;
  readonly title: string;
  readonly identity: string;
  readonly backend: string | null;
  readonly consequence: string;
  /** There when the person must type it. */
  readonly typedName?: string;
}

/** Before an action is given up that can neither be finished nor be taken back. */
export interface ConfirmAbandonParams {
  readonly planId: string;
  readonly title: string;
  readonly identity: string;
  /** It was being taken back: `left` is what was not. */
  readonly undoing: boolean;
  /** What would stand as it is. */
  readonly left: readonly string[];
  readonly consequence: string;
  /** The person must type it. */
  readonly typedName: string;
}

export interface ConfirmAnswer {
  readonly confirmed: boolean;
  readonly typed?: string;
}

/** One question for all of a selection. */
export interface ConfirmAllParams {
  readonly verb: Plan['verb'];
  /** `Revoke 12 identities?` */
  readonly title: string;
  /** What would be done, each as it was planned and checked. */
  readonly plans: readonly CheckedPlan[];
  /** What of the selection is left as it is, and why. */
  readonly leftAlone: readonly { readonly subject: string; readonly why: string }[];
  /** What follows, the most frequent first, with how many plans say so. */
  readonly consequences: readonly { readonly text: string; readonly count: number }[];
  /** All that the steps reach. */
  readonly backends: readonly { readonly name: string; readonly detail: string; readonly count: number }[];
  /** There when the person must type it: verb and number, such as `revoke 12`. */
  readonly typedText?: string;
}

export interface ProjectInventory {
  /** URI. */
  readonly root: string;
  readonly name: string;
  readonly trusted: boolean;
  readonly rows: readonly InventoryRow[];
}

export interface Outcome {
  readonly result: ActionResult | Refusal;
  readonly message: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** URIs of delivered files that exist. */
  readonly files: readonly string[];
  readonly resume: {
    readonly planId: string;
    readonly undoable: boolean;
    /** It failed where it can neither be finished nor be taken back. */
    readonly abandonable: boolean;
  } | null;
  /** The backend whose missing login, or unconfirmed address, stands in the way. */
  readonly signIn: { readonly backend: string } | null;
}

/** How one of several ended. `left`: it had no turn, and is as it was. */
export interface PartOutcome {
  readonly subject: string;
  readonly uri: string;
  readonly state: ActionResult['state'] | 'left';
  readonly message: string;
  /** Of a refusal, such as `refused/dirty-manifest`. */
  readonly code?: string;
}

export interface OutcomeOfAll {
  /** In the order in which they were asked for. */
  readonly parts: readonly PartOutcome[];
  readonly message: string;
  readonly severity: Outcome['severity'];
  readonly files: readonly string[];
  /** Arguments of `idac.resumeAll` for those that are unfinished; null: none is. */
  readonly resume: {
    readonly actions: readonly { readonly planId: string; readonly uri: string }[];
    readonly undoable: boolean;
  } | null;
  readonly signIn: { readonly backend: string; readonly uri: string } | null;
}

/** What a person is asked before a backend is used with a login of theirs: first its address, then the method's fields. */
export interface SignInParams {
  /** Good for this one question: what is typed is sealed to it. */
  readonly question: string;
  readonly backend: string;
  readonly type: string;
  readonly address: string;
  /** SHA-256 digest of the files that say which CA is trusted there; null: the system's CAs are. */
  readonly trust: string | null;
  /** The address that was confirmed last; null: none yet. */
  readonly confirmed: string | null;
  /** That is the address which the manifest names now, with the same CA. */
  readonly current: boolean;
  /** Null: there is no login, its address is all there is to confirm. */
  readonly login: {
    readonly method: string;
    readonly title: string;
    readonly fields: LoginForm['fields'];
  } | null;
}

export interface SignInAnswer {
  readonly confirmed: boolean;
  /** There where there is a login. */
  readonly sealed?: { readonly clientPublicKey: string; readonly iv: string; readonly sealed: string };
}

export interface SignInOutcome {
  readonly ok: boolean;
  readonly backend: string;
  /** Stable; there when `ok` is false. */
  readonly code?: string;
  readonly what: string;
  readonly hint: string;
}

/** One page of what lies in a project's folder. */
export interface FoundPage {
  /** URI. */
  readonly root: string;
  readonly name: string;
  readonly trusted: boolean;
  readonly total: number;
  readonly adoptable: number;
  readonly offset: number;
  readonly items: readonly FoundItem[];
  /** Parts of the folder that were not looked at. */
  readonly cut: readonly string[];
  /** Backends that could renew what is adopted, with the kinds that they issue. */
  readonly issuers: readonly { readonly backend: string; readonly kinds: readonly string[] }[];
}

export interface AdoptAnswer {
  readonly adoptions: readonly Adoption[];
  readonly refused: AdoptionPlan['refused'];
  /** Makes the files, each to be confirmed; null: the client makes no files by edits. */
  readonly edit: WorkspaceEdit | null;
}

export interface UnlockAnswer {
  readonly ok: boolean;
  readonly encrypted: boolean;
  readonly needs: 'nothing' | 'passphrase';
  readonly slots: readonly { readonly kind: 'key' | 'passphrase'; readonly name: string }[];
  readonly what?: string;
  readonly hint?: string;
}

/** An identity that a shown credential belongs to. */
export interface InspectOwner extends Omit<PlacedBelonging, 'root' | 'declaredAt'> {
  /** URI of the project's root. */
  readonly root: string;
  readonly declaredAt: { readonly uri: string; readonly range: Range } | null;
}

export interface InspectCard extends Omit<ShownCard, 'belongsTo' | 'findings'> {
  readonly belongsTo: readonly InspectOwner[];
  /** `page`: file URI of the page that explains the rule. */
  readonly findings: readonly (ShownFinding & { readonly page: string })[];
}

export interface InspectAnswer extends Omit<CredentialPage, 'cards' | 'deliveredHere'> {
  readonly title: string;
  /** By it more is asked for; null: there is no more. */
  readonly reading: string | null;
  readonly deliveredHere: readonly InspectOwner[];
  readonly cards: readonly InspectCard[];
  /** Of an identity: what is public of it, as it is recorded. */
  readonly publicText: string | null;
}

/** Null: the reading is not kept any more; ask for the whole again. */
export type InspectMoreAnswer =
  | { readonly of: 'cards'; readonly cards: readonly InspectCard[] }
  | { readonly of: 'sections'; readonly sections: readonly ShownSection[] }
  | { readonly of: 'values'; readonly values: readonly ShownValue[] }
  | ({ readonly of: 'rows' } & TablePage)
  | null;

/** Server → client: a person is asked. */
export const ConfirmRequest = new RequestType<ConfirmParams, ConfirmAnswer, void>('identity/confirm');
export const ConfirmAbandonRequest = new RequestType<ConfirmAbandonParams, ConfirmAnswer, void>(
  'identity/confirmAbandon',
);
export const ConfirmAllRequest = new RequestType<ConfirmAllParams, ConfirmAnswer, void>(
  'identity/confirmAll',
);
/** Server → client: a person is asked. */
export const SignInRequest = new RequestType<SignInParams, SignInAnswer, void>('identity/signIn');
export const InventoryRequest = new RequestType<unknown, readonly ProjectInventory[], void>(
  'identity/inventory',
);
/** A page of text, and where it leads. */
export interface Audit {
  readonly title: string;
  readonly text: string;
  readonly links: readonly { readonly range: Range; readonly uri: string }[];
}

export const AuditRequest = new RequestType<unknown, Audit, void>('identity/audit');
export const PlanStateRequest = new RequestType<unknown, PlanState, void>('identity/planState');
export const LogRequest = new RequestType<unknown, readonly IdentityEvent[], void>('identity/log');
export const InspectRequest = new RequestType<unknown, InspectAnswer, void>('identity/inspect');
export const InspectMoreRequest = new RequestType<unknown, InspectMoreAnswer, void>('identity/inspectMore');
export const UnlockRequest = new RequestType<unknown, UnlockAnswer, void>('identity/unlock');
export const FoundRequest = new RequestType<unknown, readonly FoundPage[], void>('identity/found');
export const AdoptRequest = new RequestType<unknown, AdoptAnswer | Refusal, void>('identity/adopt');
export const AdoptedRequest = new RequestType<
  unknown,
  { readonly recorded: readonly IdentityId[] } | Refusal,
  void
>('identity/adopted');
export const WizardRequestType = new RequestType<
  unknown,
  WizardAnswer | (WizardAnswer & { readonly edit: WorkspaceEdit | null }),
  void
>('identity/wizard');
export const TrustGrantedNotification = new NotificationType0('identity/trustGranted');
export const ChangedNotification = new NotificationType<{ readonly roots: readonly string[] }>(
  'identity/changed',
);

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
  readonly secrets: readonly {
    readonly uri: string;
    readonly file: string;
    readonly isThere: boolean;
    /** That brought it; null: the file itself was looked at. */
    readonly commit: string | null;
    readonly diagnostic: Diagnostic;
    /** What ends it, for `idac.run`. */
    readonly acts: ActData | null;
  }[];
}
