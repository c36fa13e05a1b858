/** The methods that are ours, beside LSP's: docs/lsp.md describes them. */
import { NotificationType, NotificationType0, RequestType } from 'vscode-languageserver/node';
import type { ActionResult, InventoryRow, Plan, Refusal } from '../app/api.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';

export interface ConfirmParams {
  readonly plan: Plan;
  readonly title: string;
  readonly identity: string;
  readonly backend: string | null;
  readonly consequence: string;
  /** There when the person must type it. */
  readonly typedName?: string;
}

export interface ConfirmAnswer {
  readonly confirmed: boolean;
  readonly typed?: string;
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
  readonly resume: { readonly planId: string; readonly undoable: boolean } | null;
}

export interface UnlockAnswer {
  readonly ok: boolean;
  readonly encrypted: boolean;
  readonly needs: 'nothing' | 'passphrase';
  readonly slots: readonly { readonly kind: 'key' | 'passphrase'; readonly name: string }[];
  readonly what?: string;
  readonly hint?: string;
}

/** Server → client: a person is asked. */
export const ConfirmRequest = new RequestType<ConfirmParams, ConfirmAnswer, void>('identity/confirm');
export const InventoryRequest = new RequestType<unknown, readonly ProjectInventory[], void>(
  'identity/inventory',
);
export const LogRequest = new RequestType<unknown, readonly IdentityEvent[], void>('identity/log');
export const UnlockRequest = new RequestType<unknown, UnlockAnswer, void>('identity/unlock');
export const TrustGrantedNotification = new NotificationType0('identity/trustGranted');
export const ChangedNotification = new NotificationType<{ readonly roots: readonly string[] }>(
  'identity/changed',
);
