/**
 * The language server: a table method → handler, made of the features' rows. Cancellation, timing and the guard against
 * throwing are here, once; a feature neither catches nor measures.
 */
import {
  type CancellationToken,
  type Connection,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  PositionEncodingKind,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver/node';
import { describeFailure } from '../app/failure.ts';
import { openSession, type ServerOptions, type Session } from './session.ts';
import type { Feature, NotificationRow, RequestRow } from './table.ts';

/** Slower than a person notices. */
const SLOW_MS = 50;
/** How often a read is begun again when the projects were opened anew under it. */
const READS_AGAIN = 3;

/** Registers everything on the connection. The caller starts listening. */
export function serve(connection: Connection, features: readonly Feature[], options: ServerOptions): void {
  let session: Session | undefined;
  let ended = false;

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    if (session !== undefined) throw new ResponseError(ErrorCodes.InvalidRequest, 'initialize comes once');
    session = openSession(connection, params, options);
    const capabilities: ServerCapabilities = {
      // Every client must support it, and it is how the editor's own strings count.
      positionEncoding: PositionEncodingKind.UTF16,
      experimental: { sealing: { publicKey: session.sealing.publicKey } },
    };
    for (const feature of features) merge(capabilities, feature.capabilities?.(params.capabilities) ?? {});
    return { capabilities, serverInfo: { name: 'idac', version: options.version } };
  });
  connection.onInitialized(() => {
    // The library put its own handlers over some of the table's while it answered `initialize`.
    register();
    const opened = session;
    if (opened === undefined) return;
    for (const feature of features) feature.start?.(opened);
  });
  connection.onShutdown(async () => {
    ended = true;
    await session?.close();
  });

  const current = (): Session => {
    if (session === undefined)
      throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    if (ended) throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
    return session;
  };
  const log = (text: string): void => session?.client.log(text);
  const register = (): void => {
    for (const row of features.flatMap((feature) => feature.rows)) {
      switch (row.is) {
        case 'request':
          // Without parameters the library hands over the token alone.
          connection.onRequest(row.method, (...given: unknown[]) =>
            answer(
              row,
              given.length > 1 ? given[0] : undefined,
              given.at(-1) as CancellationToken,
              current,
              log,
            ),
          );
          break;
        case 'notification':
          connection.onNotification(row.method, (params: unknown) => take(row, params, session, log));
          break;
        default:
          row satisfies never;
      }
    }
  };
  register();
}

async function answer(
  row: RequestRow,
  params: unknown,
  token: CancellationToken,
  current: () => Session,
  log: (text: string) => void,
): Promise<unknown> {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  const started = performance.now();
  try {
    return await handled(row, params, current(), controller.signal);
  } catch (error) {
    return asResponseError(row.method, error, controller.signal, log);
  } finally {
    subscription.dispose();
    const took = performance.now() - started;
    if (!row.patient && took > SLOW_MS) log(`slow: ${row.method} took ${Math.round(took)} ms`);
  }
}

/**
 * Unlocking and trust open the projects anew, which ends reads that are under way. Those read again: who asked has
 * cancelled nothing, and asks for what is true now.
 */
async function handled(
  row: RequestRow,
  params: unknown,
  session: Session,
  signal: AbortSignal,
): Promise<unknown> {
  for (let again = row.acts ? 0 : READS_AGAIN; ; again--) {
    try {
      return await row.handle(params, { session, signal });
    } catch (error) {
      const isOurs = !signal.aborted && describeFailure(error).code === 'cancelled';
      if (again === 0 || !isOurs) throw error;
    }
  }
}

/** Notifications are handled in their order: a handler does its part before its first `await`. */
function take(
  row: NotificationRow,
  params: unknown,
  session: Session | undefined,
  log: (text: string) => void,
): void {
  if (session === undefined) return;
  const failed = (error: unknown): void => log(`${row.method}: ${describeFailure(error).what}`);
  try {
    Promise.resolve(row.handle(params, session)).catch(failed);
  } catch (error) {
    failed(error);
  }
}

function asResponseError(
  method: string,
  error: unknown,
  signal: AbortSignal,
  log: (text: string) => void,
): ResponseError<unknown> {
  if (error instanceof ResponseError) return error;
  if (signal.aborted) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
  const failure = describeFailure(error);
  if (failure.code === 'internal') log(`${method}: ${error instanceof Error ? error.stack : failure.what}`);
  const message = failure.hint === '' ? failure.what : `${failure.what} ${failure.hint}`;
  return new ResponseError(LSPErrorCodes.RequestFailed, message, { code: failure.code });
}

/** Capabilities are plain data; two features may share a branch such as `workspace`. */
function merge(into: ServerCapabilities, from: ServerCapabilities): void {
  if (from.workspace !== undefined) into.workspace = { ...into.workspace, ...from.workspace };
  const { workspace: _, ...rest } = from;
  Object.assign(into, rest);
}
