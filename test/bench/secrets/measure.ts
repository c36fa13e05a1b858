/** Runs a command to its end, with what it and its children used. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** GNU time reads it from the kernel when the process is waited for (wait4). */
const TIME = '/usr/bin/time';
const PATIENCE_MS = 900_000;

export interface Usage {
  /** User and system, of the process and of all children that it waited for. */
  readonly cpuSeconds: number;
  /** Of the largest process. */
  readonly peakMiB: number;
  readonly wallSeconds: number;
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Absent where GNU time is not installed. */
  readonly usage?: Usage;
}

/** Throws only where the command could not be started or did not end. */
export function measure(argv: readonly string[], cwd: string): Run {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-bench-usage-'));
  const [report, output] = [path.join(folder, 'usage'), path.join(folder, 'output')];
  // A file: some end before all that they wrote has passed a pipe.
  const stdout = openSync(output, 'w');
  try {
    const hasTime = spawnSync(TIME, ['--version'], { stdio: 'ignore' }).status === 0;
    const [program = '', ...rest] = hasTime ? [TIME, '-q', '-f', '%U %S %M %e', '-o', report, ...argv] : argv;
    const ran = spawnSync(program, rest, {
      cwd,
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      stdio: ['ignore', stdout, 'pipe'],
    });
    if (ran.error !== undefined) throw new Error(`${argv[0]}: ${ran.error.message}`);
    const result = { code: ran.status ?? -1, out: readFileSync(output, 'utf8'), err: ran.stderr };
    if (!hasTime) return result;
    const [user = 0, system = 0, kib = 0, wall = 0] = readFileSync(report, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
    return { ...result, usage: { cpuSeconds: user + system, peakMiB: kib / 1024, wallSeconds: wall } };
  } finally {
    closeSync(stdout);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each figure on its own; undefined: nothing was measured. */
export function medianUse(all: readonly Usage[]): Usage | undefined {
  if (all.length === 0) return undefined;
  const of = (what: (usage: Usage) => number): number => {
    const sorted = all.map(what).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    cpuSeconds: of(({ cpuSeconds }) => cpuSeconds),
    peakMiB: of(({ peakMiB }) => peakMiB),
    wallSeconds: of(({ wallSeconds }) => wallSeconds),
  };
}
