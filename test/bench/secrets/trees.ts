/** `npm run bench:scan -- --tree DIR … --history DIR …`: what scanners use on trees and histories that are there, as Markdown. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './markdown.ts';
import { measure, medianUse, type Usage } from './measure.ts';
import { PEERS } from './peers.ts';
import { type Call, idac, type Scanner } from './scanners.ts';

const { values } = parseArgs({
  options: {
    /** Work trees, and repositories whose history is scanned. */
    tree: { type: 'string', multiple: true, default: [] },
    history: { type: 'string', multiple: true, default: [] },
    /** Rounds: in each all scanners have a turn on each tree, so that what disturbs the machine disturbs all. */
    runs: { type: 'string', default: '3' },
  },
});

type Ask = (scanner: Scanner, folder: string) => Call | undefined;

function rows(folder: string, ask: Ask, scanners: readonly Scanner[]): readonly (readonly string[])[] {
  const used = new Map<Scanner, Usage[]>();
  const found = new Map<Scanner, number>();
  for (let round = 0; round < Number(values.runs); round += 1) {
    for (const scanner of scanners) {
      const call = ask(scanner, folder);
      if (call === undefined) continue;
      const { code, out, err, usage } = measure(call.argv, call.cwd);
      if (!scanner.codes.includes(code))
        throw new Error(`${scanner.title} ended with ${code}: ${err.trim().split('\n')[0]}`);
      if (usage === undefined) throw new Error('GNU time (/usr/bin/time) is needed');
      used.set(scanner, [...(used.get(scanner) ?? []), usage]);
      found.set(scanner, scanner.parse(out).length);
    }
  }
  const ours = medianUse(used.get(idac) ?? []);
  return scanners.flatMap((scanner) => {
    const usage = medianUse(used.get(scanner) ?? []);
    if (usage === undefined) return [];
    const times = ours === undefined ? Number.NaN : usage.cpuSeconds / ours.cpuSeconds;
    return [
      [
        path.basename(folder),
        scanner.title,
        usage.cpuSeconds.toFixed(2),
        scanner === idac ? '' : times.toFixed(times < 10 ? 1 : 0),
        usage.wallSeconds.toFixed(2),
        usage.peakMiB.toFixed(0),
        String(found.get(scanner)),
      ],
    ];
  });
}

function bench(): void {
  const ready: Scanner[] = [];
  for (const scanner of [idac, ...PEERS]) {
    if (scanner.slow === true) continue;
    const missing = scanner.prepare();
    if (missing === undefined) ready.push(scanner);
    else console.log(`${scanner.title} was left out: ${missing}\n`);
  }
  const measured = (head: string, folders: readonly string[], ask: Ask): void => {
    if (folders.length === 0) return;
    table(
      [head, 'scanner', 'CPU s', 'times ours', 'wall s', 'peak MiB', 'findings'],
      folders.flatMap((folder) => rows(path.resolve(folder), ask, ready)),
    );
  };
  measured('work tree', values.tree, (scanner, folder) => scanner.call(folder));
  measured('history', values.history, (scanner, folder) => scanner.history?.(folder));
}

bench();
