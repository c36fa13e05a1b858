/** The language server's own requests and notifications (docs/lsp.md). */
import { NotificationType, NotificationType0, RequestType } from 'vscode-languageclient/node';
import type {
  Audit,
  ConfirmAbandonParams,
  ConfirmAllParams,
  ConfirmAnswer,
  ConfirmParams,
  PlanState,
  SealedMessage,
  SealedSecret,
  SignInAnswer,
  SignInParams,
  UnlockAnswer,
} from './protocol.ts';

import type { RowAddress } from './rowAddress.ts';
import type {
  BackendItem,
  FindQuestion,
  Found,
  MarkedFile,
  Summary,
  TreeGroups,
  TreeQuestion,
  TreeRows,
  WholeRow,
} from './treeProtocol.ts';
import type { Credentials, More, Wanted } from './webview/viewer/credential.ts';

export const ConfirmRequest = new RequestType<ConfirmParams, ConfirmAnswer, void>('identity/confirm');
export const ConfirmAbandonRequest = new RequestType<ConfirmAbandonParams, ConfirmAnswer, void>(
  'identity/confirmAbandon',
);
export const ConfirmAllRequest = new RequestType<ConfirmAllParams, ConfirmAnswer, void>(
  'identity/confirmAll',
);
export const TreeGroupsRequest = new RequestType<TreeQuestion, TreeGroups, void>('identity/tree');
export const TreeRowsRequest = new RequestType<TreeQuestion & { readonly group: string }, TreeRows, void>(
  'identity/tree',
);
export const AuditRequest = new RequestType<RowAddress, Audit, void>('identity/audit');
export const PlanStateRequest = new RequestType<{ planId: string }, PlanState, void>('identity/planState');
export const FileMarksRequest = new RequestType<object, readonly MarkedFile[], void>('identity/fileMarks');
export const SummaryRequest = new RequestType<object, Summary, void>('identity/summary');
export const FindRequest = new RequestType<FindQuestion, Found, void>('identity/find');
export const BackendsRequest = new RequestType<object, readonly BackendItem[], void>('identity/backends');
export const RowRequest = new RequestType<RowAddress, WholeRow | null, void>('identity/row');
export const SignInRequest = new RequestType<SignInParams, SignInAnswer, void>('identity/signIn');
export const InspectRequest = new RequestType<
  (RowAddress | { readonly uri: string }) & { readonly passphrase?: SealedMessage; readonly alone?: boolean },
  Credentials,
  void
>('identity/inspect');
export const InspectMoreRequest = new RequestType<Wanted & { readonly reading: string }, More | null, void>(
  'identity/inspectMore',
);
export const UnlockRequest = new RequestType<SealedSecret, UnlockAnswer, void>('identity/unlock');
export const ChangedNotification = new NotificationType<{ readonly roots: readonly string[] }>(
  'identity/changed',
);
export const TrustGrantedNotification = new NotificationType0('identity/trustGranted');
