import { plural } from '../../core/text/instant.ts';
import type { BackendContext } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { TokenSettings } from './configuration.ts';
import { type Driver, startDriver } from './driver.ts';
import { backendErrorOf, isLost } from './failures.ts';
import type { OpenedToken, TokenInfo, TokenSelector } from './host/protocol.ts';
import { logIn } from './pin.ts';

/** The token, as long as its process lives. */
export interface Connection {
  readonly driver: Driver;
  readonly opened: OpenedToken & { readonly token: TokenInfo };
}

/** One token behind one module, in a process of its own that is started when it is needed, and again when it is lost. */
export interface Token {
  /** Backend, token and module, as messages begin. */
  readonly where: string;
  /**
   * Runs `work` on a connection that is logged in. When the driver crashed or the token went away meanwhile, once more
   * on a new one: so `work` looks before it acts. `step` completes "could not …". Throws BackendError, or an abort.
   */
  use<T>(
    step: string,
    acts: boolean,
    work: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** The same without login, for what everybody may see. */
  look<T>(step: string, work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

/** A driver that nobody used for so long is ended, so that no login stays open in an editor that is left alone. */
const IDLE_MS = 10 * 60_000;

export function openToken(settings: TokenSettings, context: BackendContext): Token {
  const { module, selector } = settings;
  const where = `${context.name} (${describeSelector(selector)}, module ${module.name})`;
  let connection: Promise<Connection> | undefined;
  let loggedIn: Promise<void> | undefined;
  let idle: NodeJS.Timeout | undefined;
  let users = 0;

  async function connect(signal: AbortSignal): Promise<Connection> {
    const driver = startDriver(settings.timeoutSeconds);
    try {
      const opened = await driver.call(
        'open',
        { file: module.file, token: selector, sessions: settings.sessions },
        signal,
      );
      const { token } = opened;
      if (token === undefined) throw notOne(where, selector, opened);
      return { driver, opened: { ...opened, token } };
    } catch (error) {
      driver.kill();
      throw error;
    }
  }

  /** What several callers wait for must not end with the signal of the first. */
  const ownSignal = new AbortController().signal;

  function connected(): Promise<Connection> {
    if (connection === undefined) {
      const mine = connect(ownSignal);
      connection = mine;
      mine.catch(() => forget(mine));
    }
    return connection;
  }

  function forget(which: Promise<Connection> | undefined): void {
    if (connection !== which) return;
    connection = undefined;
    loggedIn = undefined;
  }

  function login({ driver }: Connection): Promise<void> {
    if (loggedIn === undefined) {
      const mine = logIn(driver, context, where, ownSignal);
      loggedIn = mine;
      mine.catch(() => {
        if (loggedIn === mine) loggedIn = undefined;
      });
    }
    return loggedIn;
  }

  /** Anew after each failure that a new process may mend, once. */
  async function attempt<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    for (let first = true; ; first = false) {
      let mine: Promise<Connection> | undefined;
      try {
        mine = connected();
        return await work(await mine);
      } catch (error) {
        const opened = await mine?.catch(() => undefined);
        if (isLost(error) || opened?.driver.ended) {
          opened?.driver.kill();
          forget(mine);
          if (first && isLost(error)) continue;
        }
        throw error;
      }
    }
  }

  async function run<T>(
    step: string,
    acts: boolean,
    work: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    clearTimeout(idle);
    users++;
    try {
      return await orAbort(attempt(work), signal);
    } catch (error) {
      throw backendErrorOf(error, where, step, acts);
    } finally {
      users--;
      if (users === 0) idle = setTimeout(() => void end(), IDLE_MS).unref();
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const opened = await connection?.catch(() => undefined);
    forget(connection);
    await opened?.driver.close();
  }

  return {
    where,
    look: (step, work, signal) => run(step, false, work, signal),
    use: (step, acts, work, signal) =>
      run(
        step,
        acts,
        async (opened) => {
          await login(opened);
          return work(opened);
        },
        signal,
      ),
    close: end,
  };
}

/** Answers an abort at once; the work goes on to its end and is looked at next time. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
      }),
    ]);
  } finally {
    if (abort !== undefined) signal.removeEventListener('abort', abort);
  }
}

function describeSelector({ label, serial, manufacturer, model }: TokenSelector): string {
  const named = label === undefined ? 'token' : `token ${label}`;
  const more = [
    ...(serial === undefined ? [] : [`serial ${serial}`]),
    ...(manufacturer === undefined ? [] : [`manufacturer ${manufacturer}`]),
    ...(model === undefined ? [] : [`model ${model}`]),
  ];
  return [named, ...more].join(', ');
}

function notOne(where: string, selector: TokenSelector, { present }: OpenedToken): BackendError {
  const fitting = present.filter(
    ({ label, serial }) =>
      (selector.label === undefined || label === selector.label) &&
      (selector.serial === undefined || serial === selector.serial),
  );
  const listed = present.map(({ label, serial }) => `"${label}" (serial ${serial})`).join(', ');
  return fitting.length > 1
    ? new BackendError({
        kind: 'conflict',
        what: `${where}: ${plural(fitting.length, 'token')} there fit: ${listed}`,
        hint: 'name the serial number too: spec.token.serial',
      })
    : new BackendError({
        kind: 'unreachable',
        what: `${where}: no such token is there; ${present.length === 0 ? 'the module sees none' : `the module sees ${listed}`}`,
        hint: 'plug it in, start its service, or correct spec.token',
        retryable: true,
      });
}
