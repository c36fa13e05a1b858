/** What an editor feature is: the capabilities that it adds and its rows in the table method → handler. */
import type {
  ClientCapabilities,
  NotificationType,
  NotificationType0,
  RequestType,
  ServerCapabilities,
} from 'vscode-languageserver/node';
import type { Session } from './session.ts';

/** What a handler is given besides its parameters. */
export interface Call {
  readonly session: Session;
  /** Aborted by `$/cancelRequest`. */
  readonly signal: AbortSignal;
}

export interface RequestRow {
  readonly is: 'request';
  readonly method: string;
  /** It waits for a person or a backend, so the time that it takes says nothing. */
  readonly patient: boolean;
  /** It does something, so it is not begun again by itself. */
  readonly acts: boolean;
  handle(params: unknown, call: Call): unknown;
}

export interface NotificationRow {
  readonly is: 'notification';
  readonly method: string;
  handle(params: unknown, session: Session): unknown;
}

export interface Feature {
  /** Pure: what this feature adds to the answer of `initialize`. */
  capabilities?(client: ClientCapabilities): ServerCapabilities;
  readonly rows: readonly (RequestRow | NotificationRow)[];
  /** Once, after `initialized`. */
  start?(session: Session): void;
}

/** A row of the table. The parameters have the type that the protocol gives them; only the table knows that they came unchecked. */
export function onRequest<P, R, E>(
  type: RequestType<P, R, E>,
  handle: (params: P, call: Call) => R | Promise<R>,
  options: { readonly patient?: boolean; readonly acts?: boolean } = {},
): RequestRow {
  return {
    is: 'request',
    method: type.method,
    patient: options.patient ?? false,
    acts: options.acts ?? false,
    handle: (params, call) => handle(params as P, call),
  };
}

export function onNotification<P>(
  type: NotificationType<P>,
  handle: (params: P, session: Session) => void | Promise<void>,
): NotificationRow {
  return {
    is: 'notification',
    method: type.method,
    handle: (params, session) => handle(params as P, session),
  };
}

export function onNotification0(
  type: NotificationType0,
  handle: (session: Session) => void | Promise<void>,
): NotificationRow {
  return { is: 'notification', method: type.method, handle: (_params, session) => handle(session) };
}
