import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/**
 * Names one run of one process: a process id alone comes back after a while, with its start time it does not.
 * `mark` is the short form for file names.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Where the id counts: host and, on Linux, its boot and PID namespace (a container's ids are its own). */
  readonly where: string;
  readonly start: string;
  /** `<pid>-<where>-<start>` */
  readonly mark: string;
}

const run = promisify(execFile);
const short = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

let own: Promise<ProcessIdentity> | undefined;

export function ownProcess(): Promise<ProcessIdentity> {
  own ??= identify();
  return own;
}

async function identify(): Promise<ProcessIdentity> {
  const where = await place();
  const start = await startOf(process.pid);
  if (start === 'gone' || start === 'unknown') {
    throw new Error(`cannot tell when process ${process.pid} started: is /proc or ps missing?`);
  }
  return { pid: process.pid, where, start, mark: `${process.pid}-${where}-${start}` };
}

/** False only when it surely runs no more; a process of another host or container counts as running. */
export async function mayRun(holder: Pick<ProcessIdentity, 'pid' | 'where' | 'start'>): Promise<boolean> {
  const self = await ownProcess();
  // Not a process: a signal to 0 or below would go to a group.
  if (holder.pid <= 0) return false;
  if (holder.where !== self.where) return true;
  if (holder.pid === self.pid) return holder.start === self.start;
  const start = await startOf(holder.pid);
  if (start === 'gone') return false;
  return start === 'unknown' || start === holder.start;
}

/** Reads what `mark` wrote into a file name. */
export function parseMark(text: string): Pick<ProcessIdentity, 'pid' | 'where' | 'start'> | undefined {
  const match = /^(\d{1,10})-([0-9a-f]{8})-([0-9a-f]{12})$/.exec(text);
  const [, pid, where, start] = match ?? [];
  if (pid === undefined || where === undefined || start === undefined) return undefined;
  return { pid: Number(pid), where, start };
}

async function place(): Promise<string> {
  if (process.platform !== 'linux') return short(hostname(), 8);
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return short(`${hostname()} ${namespace}`, 8);
}

async function startOf(pid: number): Promise<string | 'gone' | 'unknown'> {
  if (process.platform === 'linux') return startFromProc(pid);
  if (!isThere(pid)) return 'gone';
  if (process.platform === 'win32') return startFromPowerShell(pid);
  return startFromPs(pid);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** proc(5): the name in parentheses may hold anything, so fields count from the last `)`: state is the first, starttime the 20th. */
async function startFromProc(pid: number): Promise<string | 'gone' | 'unknown'> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    // A zombie holds nothing any more: its parent has not looked yet.
    if (state === 'Z' || state === 'X') return 'gone';
    // Ticks count from boot, so the boot is part of the answer.
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
    return ticks === undefined ? 'unknown' : short(`${boot.trim()} ${ticks}`, 12);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Mounted with hidepid, /proc hides other users' processes; a signal still finds them.
    return (code === 'ENOENT' || code === 'ESRCH') && !isThere(pid) ? 'gone' : 'unknown';
  }
}

async function startFromPs(pid: number): Promise<string | 'gone' | 'unknown'> {
  try {
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await run('ps', ['-o', 'lstart=', '-o', 'stat=', '-p', String(pid)], {
      env,
      timeout: 5000,
    });
    const line = stdout.trim();
    if (line === '' || /\sZ\S*$/.test(line)) return 'gone';
    return short(line.replace(/\s+\S+$/, ''), 12);
  } catch {
    return isThere(pid) ? 'unknown' : 'gone';
  }
}

async function startFromPowerShell(pid: number): Promise<string | 'gone' | 'unknown'> {
  try {
    const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
    const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command], {
      timeout: 10_000,
      windowsHide: true,
    });
    return stdout.trim() === '' ? 'unknown' : short(stdout.trim(), 12);
  } catch {
    return isThere(pid) ? 'unknown' : 'gone';
  }
}
