import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const BIN = path.join(REPOSITORY, 'server/bin/idac.mjs');

/** A process for each command takes its time on a busy machine; this only keeps a test from hanging for ever. */
export const PATIENCE = 240_000;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Of another user, where this one may do that. */
  readonly uid?: number;
}

/** A project in a folder of its own, with a state folder of its own, in which the built command line runs. */
export interface Sandbox {
  readonly folder: string;
  readonly stateHome: string;
  /** Made at run time, for this sandbox alone. */
  readonly passphrase: string;
  idac(args: readonly string[], options?: RunOptions): Promise<Ran>;
  start(args: readonly string[], options?: RunOptions): Running;
  /** As `idac`, and parses standard output. */
  json(
    args: readonly string[],
    options?: RunOptions,
  ): Promise<Ran & { readonly data: Record<string, unknown> }>;
  remove(): void;
}

/** `from`: a folder to copy, such as `samples`. `git`: whether it is a work tree of its own. */
export function sandbox(options: { readonly from?: string; readonly git?: boolean } = {}): Sandbox {
  // The real path: macOS links its temporary folder.
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-test-')));
  const folder = path.join(base, 'project');
  const stateHome = path.join(base, 'state');
  const passphrase = `test ${crypto.randomUUID()}`;
  mkdirSync(folder);
  if (options.from !== undefined) cpSync(path.join(REPOSITORY, options.from), folder, { recursive: true });
  if (options.git !== false) spawnSync('git', ['init', '-q', folder]);
  const start = (args: readonly string[], run: RunOptions = {}) =>
    startIdac(args, {
      cwd: folder,
      ...run,
      env: { IDAC_STATE_HOME: stateHome, IDAC_PASSPHRASE: passphrase, ...run.env },
    });
  const idac = (args: readonly string[], run?: RunOptions) => start(args, run).ended;
  return {
    folder,
    stateHome,
    passphrase,
    idac,
    start,
    async json(args, run) {
      const ran = await idac([...args, '--format', 'json'], run);
      return { ...ran, data: JSON.parse(ran.out) as Record<string, unknown> };
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Runs the built command line as a person's shell would, without a terminal. */
export function runIdac(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startIdac(args, options).ended;
}

/** One that runs. */
export interface Running {
  readonly pid: number | undefined;
  readonly ended: Promise<Ran>;
  kill(signal: NodeJS.Signals): void;
}

function startIdac(args: readonly string[], options: RunOptions): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...bareEnvironment(), ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
  return { pid: child.pid, ended, kill: (signal) => void child.kill(signal) };
}

/** What programs need to be found, and nothing of the person's own settings. */
function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'USERPROFILE', 'LOCALAPPDATA', 'LANG'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
  );
}
