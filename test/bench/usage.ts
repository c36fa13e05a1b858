/** What a process and its children have used, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICK_MS = 10;

function children(parent: number): number[] {
  const found: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    if (fieldsOf(Number(entry))[1] === String(parent)) found.push(Number(entry));
  }
  return found;
}

/** Fields of /proc/<pid>/stat after the name; empty when the process is gone. Field 3 of proc(5) is at 0. */
function fieldsOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Processor time of the whole tree in ms. Threads are read to the nanosecond, children that ended to the clock tick. */
export function cpuOf(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [used = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    nanoseconds += Number(used);
  }
  const fields = fieldsOf(pid);
  const ended = (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * CLOCK_TICK_MS;
  return nanoseconds / 1e6 + ended + children(pid).reduce((sum, child) => sum + cpuOf(child), 0);
}

/** Resident memory in MiB: now, and the most there ever was. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
