import { setMaxListeners } from 'node:events';
import { decodeUtf8, encodeUtf8 } from '../../core/credential/charset.ts';
import { toHex } from '../../core/credential/octets.ts';
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
  use<T>(step: string, work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The same for what changes `thing`: no other process of this user does so meanwhile, and all see it afterwards. */
  change<T>(
    step: string,
    thing: string,
    work: (connection: Connection) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** The same without login, for what everybody may see. */
  look<T>(step: string, work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

/** A driver that nobody used for so long is ended, so that no login stays open in an editor that is left alone. */
const IDLE_MS = 10 * 60_000;
/** What several callers wait for must not end with the signal of the first. */
const TO_ITS_END = new AbortController().signal;

interface Held {
  readonly connection: Promise<Connection>;
  /** The last change that the module can have seen when it was loaded. */
  stamp: string;
  login: Promise<void> | undefined;
  users: number;
  /** It is not used again, and ends with its last user. */
  retired: boolean;
}

export function openToken(settings: TokenSettings, context: BackendContext): Token {
  const { module, selector } = settings;
  const where = `${context.name} (${describeSelector(selector)}, module ${module.name})`;
  const changes = changeMark(context);
  let current: Held | undefined;
  let idle: NodeJS.Timeout | undefined;

  async function connect(): Promise<Connection> {
    const driver = startDriver(settings.timeoutSeconds);
    try {
      const opened = await driver.call(
        'open',
        { file: module.file, token: selector, sessions: settings.sessions },
        TO_ITS_END,
      );
      const { token } = opened;
      if (token === undefined) throw notOne(where, selector, opened);
      return { driver, opened: { ...opened, token } };
    } catch (error) {
      driver.kill();
      throw error;
    }
  }

  /** Modules that keep their own list of objects (tpm2-pkcs11, OpenSC) see what others changed only when loaded anew. */
  async function held(): Promise<Held> {
    const stamp = await changes.read();
    if (current !== undefined && current.stamp !== stamp) retire(current);
    current ??= { connection: connect(), stamp, login: undefined, users: 0, retired: false };
    return current;
  }

  function retire(which: Held): void {
    which.retired = true;
    if (current === which) current = undefined;
    if (which.users === 0) void end(which);
  }

  async function end({ connection }: Held): Promise<void> {
    const opened = await connection.catch(() => undefined);
    await opened?.driver.close();
  }

  async function loggedIn(which: Held): Promise<Connection> {
    const connection = await which.connection;
    if (which.login === undefined) {
      const login = logIn(connection.driver, context, where, TO_ITS_END);
      which.login = login;
      login.catch(() => {
        if (which.login === login) which.login = undefined;
      });
    }
    await which.login;
    return connection;
  }

  /** Anew after a failure that a new process may mend, once. */
  async function attempt<T>(work: (which: Held) => Promise<T>): Promise<T> {
    for (let first = true; ; first = false) {
      const mine = await held();
      mine.users++;
      try {
        return await work(mine);
      } catch (error) {
        const opened = await mine.connection.catch(() => undefined);
        const lost = isLost(error);
        if (lost) opened?.driver.kill();
        if (opened === undefined || opened.driver.ended) retire(mine);
        if (!lost || !first) throw error;
      } finally {
        mine.users--;
        if (mine.retired && mine.users === 0) void end(mine);
      }
    }
  }

  async function run<T>(
    step: string,
    acts: boolean,
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    clearTimeout(idle);
    try {
      return await orAbort(work(), signal);
    } catch (error) {
      throw backendErrorOf(error, where, step, acts);
    } finally {
      idle = setTimeout(() => current !== undefined && retire(current), IDLE_MS).unref();
    }
  }

  return {
    where,
    look: (step, work, signal) =>
      run(step, false, () => attempt(async (which) => work(await which.connection)), signal),
    use: (step, work, signal) =>
      run(step, false, () => attempt(async (which) => work(await loggedIn(which))), signal),
    change: (step, thing, work, signal) =>
      run(
        step,
        true,
        () =>
          context.state.locked(
            `changing/${thing}`,
            () =>
              attempt(async (which) => {
                const connection = await loggedIn(which);
                try {
                  return await work(connection);
                } finally {
                  which.stamp = await changes.write(which.stamp);
                }
              }),
            TO_ITS_END,
          ),
        signal,
      ),
    async close() {
      clearTimeout(idle);
      const which = current;
      current = undefined;
      if (which !== undefined) await end(which);
    },
  };
}

/** A mark in the user's state that is another one after each change. */
function changeMark({ state, random }: BackendContext) {
  const FILE = 'last-change';
  const read = async () => decodeUtf8((await state.read(FILE)) ?? new Uint8Array());
  return {
    read,
    /** Answers the mark of what a module has seen that was loaded at `seen` and made this change. */
    write: (seen: string) =>
      state.locked(
        FILE,
        async () => {
          const before = await read();
          const mark = toHex(random.bytes(16));
          await state.write(FILE, encodeUtf8(mark));
          // Else somebody changed something in between that it has not seen.
          return before === seen ? mark : seen;
        },
        TO_ITS_END,
      ),
  };
}

/** Answers an abort at once; the work goes on to its end and is looked at next time. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined;
  // One signal may end many signatures at once; that is no leak.
  setMaxListeners(0, signal);
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
