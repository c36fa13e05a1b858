import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import type { ReloadCommand } from './reloadCommands.ts';

export interface CommandEnd {
  /** Null: it was ended by a signal, or could not be started. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly error: string | undefined;
  readonly timedOut: boolean;
  /** The last of what it printed, for people: without control characters. */
  readonly lastLines: string;
}

const KEPT_OCTETS = 8192;
const SHOWN_LINES = 8;
const SHOWN_CHARACTERS = 1000;
/** Between asking a process group to end and ending it. */
const GRACE_MS = 2000;
/** What a program that has ended left running may hold its output open for ever. */
const DRAIN_MS = 200;

/** What services and their tools need to be reached, and nothing that could hold a secret. */
const PASSED_ON = ['HOME', 'USER', 'LOGNAME', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'TMPDIR'];
const PASSED_ON_WINDOWS = ['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'TEMP', 'TMP', 'USERPROFILE'];
const PROGRAM_FOLDERS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function environment(): NodeJS.ProcessEnv {
  const isWindows = process.platform === 'win32';
  const names = isWindows ? PASSED_ON_WINDOWS : PASSED_ON;
  const passed = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const system = process.env['SystemRoot'] ?? 'C:\\Windows';
  return {
    ...(isWindows ? {} : { HOME: homedir(), LANG: 'C.UTF-8' }),
    PATH: isWindows ? `${system}\\System32;${system}` : PROGRAM_FOLDERS,
    ...Object.fromEntries(passed),
  };
}

/** Runs it without a shell, in a process group of its own, which ends with the time limit or when it is cancelled. */
export async function runCommand(
  { argv, folder, timeoutSeconds }: ReloadCommand,
  signal: AbortSignal,
): Promise<CommandEnd> {
  signal.throwIfAborted();
  const [program, ...rest] = argv;
  const child = spawn(program, rest, {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
    shell: false,
  });
  let kept = Buffer.alloc(0);
  const keep = (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-KEPT_OCTETS);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child);
  }, timeoutSeconds * 1000);
  const cancel = () => endGroup(child);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const end = await ended(child);
    signal.throwIfAborted();
    return { ...end, timedOut, lastLines: lastLines(kept) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

function ended(child: ChildProcess): Promise<Pick<CommandEnd, 'code' | 'signal' | 'error'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error: error.message }));
    child.once('exit', (code, signal) => {
      const finish = () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ code, signal, error: undefined });
      };
      const drained = setTimeout(finish, DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drained);
        finish();
      });
    });
  });
}

function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  kill(pid, 'SIGTERM');
  // The first process may end at once while others of its group stay.
  setTimeout(() => kill(pid, 'SIGKILL'), GRACE_MS);
}

function kill(group: number, how: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, how);
  } catch {
    // Nobody is left in it.
  }
}

function lastLines(output: Buffer): string {
  return new TextDecoder()
    .decode(output)
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES)
    .join(' | ')
    .slice(-SHOWN_CHARACTERS);
}
