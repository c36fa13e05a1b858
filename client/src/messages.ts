/** The language server's own requests and notifications (docs/lsp.md). */
import { NotificationType, NotificationType0, RequestType } from 'vscode-languageclient/node';
import type {
  ConfirmAnswer,
  ConfirmParams,
  PlanState,
  ProjectInventory,
  SealedSecret,
  SignInAnswer,
  SignInParams,
  UnlockAnswer,
} from './protocol.ts';

export const ConfirmRequest = new RequestType<ConfirmParams, ConfirmAnswer, void>('identity/confirm');
export const InventoryRequest = new RequestType<{ uri?: string }, readonly ProjectInventory[], void>(
  'identity/inventory',
);
export const PlanStateRequest = new RequestType<{ planId: string }, PlanState, void>('identity/planState');
export const SignInRequest = new RequestType<SignInParams, SignInAnswer, void>('identity/signIn');
export const UnlockRequest = new RequestType<SealedSecret, UnlockAnswer, void>('identity/unlock');
export const ChangedNotification = new NotificationType<{ readonly roots: readonly string[] }>(
  'identity/changed',
);
export const TrustGrantedNotification = new NotificationType0('identity/trustGranted');
