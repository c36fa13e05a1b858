/** Those that are measured: how each is called, and how it tells what it found. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './score.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const OURS = path.join(REPOSITORY, 'server/dist/idac.mjs');

export interface Call {
  readonly argv: readonly string[];
  readonly cwd: string;
}

export interface Scanner {
  readonly name: string;
  /** What it is called in tables. */
  readonly title: string;
  /** Slow ones are asked for recall, not raced. */
  readonly slow?: boolean;
  /** Codes with which it ends having done its work. */
  readonly codes: readonly number[];
  /** Makes sure that it can be called. Where it cannot, says why, in one line. */
  prepare(): string | undefined;
  call(tree: string): Call;
  /** Of what git ever had there; absent: it cannot. */
  history?(tree: string): Call;
  /** `file` as the scanner wrote it: absolute, or relative to where it ran. */
  parse(out: string): readonly Finding[];
}

/** As the tree's own folder sees it, whichever way it was written. */
export function relativeTo(tree: string, cwd: string, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({
    ...finding,
    file: path.relative(tree, path.resolve(cwd, finding.file)).replaceAll(path.sep, '/'),
  }));
}

/** The others remember nothing from one scan to the next. */
const scan = (...what: readonly string[]): readonly string[] => [
  ...[process.execPath, OURS, 'scan', '--no-cache', '--format', 'json'],
  ...what,
];

export const idac: Scanner = {
  name: 'idac',
  title: 'idac',
  codes: [0, 1],
  prepare() {
    if (!existsSync(OURS)) return '`npm run build` has not been run';
    const { status } = spawnSync(process.execPath, [OURS, 'scan', '--help'], { stdio: 'ignore' });
    return status === 0 ? undefined : 'this version has no command `idac scan`';
  },
  call: (tree) => ({ argv: scan(tree), cwd: tree }),
  history: (tree) => ({ argv: scan('--history', tree), cwd: tree }),
  parse(out) {
    const { findings } = JSON.parse(out) as {
      findings: { rule: string; file: string; range: { start: { line: number }; end: { line: number } } }[];
    };
    // What is said of keys, that one is shared or weak, no peer says: it counts neither for it nor against it.
    return findings
      .filter(({ rule }) => rule.startsWith('secret/'))
      .map(({ file, range }) => ({ file, startLine: range.start.line, endLine: range.end.line }));
  },
};
