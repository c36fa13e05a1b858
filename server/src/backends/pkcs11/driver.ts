import { type ChildProcess, fork } from 'node:child_process';
import { bundledProgram } from '../../platform/modules/bundledProgram.ts';
import type { Answer, CallName, Refusal, RequestOf, ResultOf } from './host/protocol.ts';

/** How a call to the driver failed; `refused` is the token's own word, the others are about the process. */
export type DriverFailure =
  | { readonly kind: 'refused'; readonly why: Refusal }
  | { readonly kind: 'ended'; readonly how: string }
  | { readonly kind: 'hung'; readonly call: CallName; readonly seconds: number };

export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly failure: DriverFailure;

  constructor(failure: DriverFailure) {
    super(`driver ${failure.kind}`);
    this.failure = failure;
  }
}

/** A process that has loaded one module, or is about to. */
export interface Driver {
  readonly ended: boolean;
  /** Throws DriverError, or an abort that came before. What is not answered in time ends the process. */
  call<Name extends CallName>(
    name: Name,
    request: RequestOf<Name>,
    signal: AbortSignal,
  ): Promise<ResultOf<Name>>;
  /** Lets it log out, then ends it. */
  close(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** Slow smart cards and TPMs take minutes for a large RSA key. */
const MAKING_A_KEY = 10;
const CLOSING_SECONDS = 2;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** `seconds`: how long a call may take; making a key ten times that. */
export function startDriver(seconds: number): Driver {
  const host = fork(bundledProgram('pkcs11Host'), [String(process.pid)], {
    execArgv: [],
    serialization: 'advanced',
    // What a module prints, which may be anything, is nobody's to keep.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: environmentOf(process.env),
  });
  const waiting = new Map<number, Waiting>();
  let ended = false;
  let ids = 0;

  function settle(): void {
    // A driver that is only kept for the next call keeps nobody from ending.
    if (waiting.size > 0) host.ref();
    else host.unref();
    if (waiting.size > 0) host.channel?.ref();
    else host.channel?.unref();
  }

  function endedBy(how: string): void {
    ended = true;
    for (const { reject } of waiting.values()) reject(new DriverError({ kind: 'ended', how }));
    waiting.clear();
  }

  host.on('error', (error) => endedBy(error.message));
  host.on('exit', (code, by) => endedBy(by === null ? `exit code ${code}` : `signal ${by}`));
  host.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id) ?? {};
    if (answer.ok) resolve?.(answer.value);
    else reject?.(new DriverError({ kind: 'refused', why: answer.why }));
  });
  settle();

  const driver: Driver = {
    get ended() {
      return ended;
    },
    async call(name, request, signal) {
      signal.throwIfAborted();
      if (ended) throw new DriverError({ kind: 'ended', how: 'before the call' });
      const id = ++ids;
      const limit = limitOf(name, seconds);
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
          settle();
          timer = setTimeout(() => {
            reject(new DriverError({ kind: 'hung', call: name, seconds: limit }));
            driver.kill();
          }, limit * 1000);
          host.send({ id, name, request }, (error) => {
            if (error !== null) reject(new DriverError({ kind: 'ended', how: 'the line was cut' }));
          });
        });
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
        settle();
      }
    },
    async close() {
      if (ended) return;
      try {
        await driver.call('close', {}, new AbortController().signal);
      } catch {
        // It ends either way.
      }
      driver.kill();
      await gone(host);
    },
    kill() {
      ended = true;
      host.kill('SIGKILL');
    },
  };
  return driver;
}

function limitOf(name: CallName, seconds: number): number {
  if (name === 'close') return CLOSING_SECONDS;
  return name === 'generate' ? MAKING_A_KEY * seconds : seconds;
}

async function gone(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  host.ref();
  await new Promise((resolve) => host.once('exit', resolve));
}

/**
 * Modules are configured by variables of their vendors (SOFTHSM2_CONF, TPM2_PKCS11_STORE, …), so they get the user's
 * environment, without what is ours or would change how the program runs.
 */
function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(IDAC_|NODE_|ELECTRON_(?!RUN_AS_NODE))/i.test(name)),
  );
}
