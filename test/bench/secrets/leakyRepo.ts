/** How scanners do on Plazmaz/leaky-repo, which says of each file how many lines are a risk and how many only tell something. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { measure } from './measure.ts';
import { relativeTo, type Scanner } from './scanners.ts';
import type { Finding, Share } from './score.ts';

const COUNTS = '.leaky-meta/secrets.csv';

interface Expected {
  readonly file: string;
  /** Lines that let somebody in. */
  readonly risks: number;
  /** Lines with a host, a user or a public key. */
  readonly informative: number;
}

export interface LeakyScore {
  /** Of the lines that are a risk: no file gives more than it has. */
  readonly risks: Share;
  /** As its own script counts: of both sorts of lines. */
  readonly all: Share;
  /** With a finding. */
  readonly files: Share;
  /** Lines that were found beyond both sorts. */
  readonly beyond: number;
}

export function expectedIn(csv: string): readonly Expected[] {
  return csv
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [file = '', risks, informative] = line.split(',');
      return { file, risks: Number(risks), informative: Number(informative) };
    });
}

export function leakyScore(expected: readonly Expected[], findings: readonly Finding[]): LeakyScore {
  const lines = new Map<string, Set<number>>();
  for (const { file, startLine } of findings) lines.set(file, (lines.get(file) ?? new Set()).add(startLine));
  const found = ({ file }: Expected): number => lines.get(file)?.size ?? 0;
  const sum = (of: (each: Expected) => number): number => expected.reduce((all, each) => all + of(each), 0);
  return {
    risks: { found: sum((each) => Math.min(found(each), each.risks)), of: sum(({ risks }) => risks) },
    all: {
      found: sum((each) => Math.min(found(each), each.risks + each.informative)),
      of: sum(({ risks, informative }) => risks + informative),
    },
    files: { found: expected.filter((each) => found(each) > 0).length, of: expected.length },
    beyond: sum((each) => Math.max(0, found(each) - each.risks - each.informative)),
  };
}

/** `folder`: a clone of it. Throws where the scanner did not do its work. */
export function onLeakyRepo(scanner: Scanner, folder: string): LeakyScore {
  const { argv, cwd } = scanner.call(folder);
  const { code, out, err } = measure(argv, cwd);
  if (!scanner.codes.includes(code)) throw new Error(`it ended with ${code}: ${err.trim().split('\n')[0]}`);
  const expected = expectedIn(readFileSync(path.join(folder, COUNTS), 'utf8'));
  return leakyScore(expected, relativeTo(folder, cwd, scanner.parse(out)));
}
