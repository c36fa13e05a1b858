/** `npm run bench`: our language server beside yaml-language-server, in the same run on the same machine. Linux only. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ours, yamlLanguageServer } from './candidates.ts';
import { largeEstate, measureEstate } from './largeEstate.ts';
import { coldStart, type Figures, folder, typing } from './measurements.ts';
import { TYPED_TEXTS, typedSecrets } from './typedSecrets.ts';

const { values } = parseArgs({
  options: {
    /** Only what has this word in its name. */
    only: { type: 'string', default: '' },
    /** Our server alone. */
    alone: { type: 'boolean', default: false },
    /** A folder that `estate.ts` made, which is measured alone. */
    estate: { type: 'string' },
    /** Writes the figures there as JSON. */
    json: { type: 'string' },
  },
});

const SIZES = [100, 1_000, 10_000, 50_000];
const ESTATES = [
  { identities: 10_000, perFile: 10 },
  { identities: 100_000, perFile: 10 },
  { identities: 100_000, perFile: 1 },
];
const candidates = values.alone ? [ours()] : [ours(), yamlLanguageServer()];
const results: { measurement: string; server: string; figures: Figures }[] = [];

const made = values.estate;
const measurements = [
  ...[1_000, 10_000].map((lines) => ({
    name: `cold start, ${lines} lines`,
    measure: (of: (typeof candidates)[number]) => coldStart(of, lines),
  })),
  ...SIZES.map((lines) => ({
    name: `typing, ${lines} lines`,
    measure: (of: (typeof candidates)[number]) => typing(of, lines),
  })),
  ...[1_000, 10_000].map((count) => ({
    name: `folder, ${count} files`,
    measure: (of: (typeof candidates)[number]) => folder(of, count),
    // Without a view of the folder it has to open each file: at 10,000 that is no longer a use anybody makes of it.
    only: count > 1_000 ? ours().name : undefined,
  })),
  ...TYPED_TEXTS.map((text) => ({
    name: `secrets while typing, ${text}`,
    measure: async () => typedSecrets(text),
    only: ours().name,
  })),
  ...ESTATES.map(({ identities, perFile }) => ({
    name: `estate, ${identities} identities, ${perFile} in a file`,
    measure: (of: (typeof candidates)[number]) => largeEstate(of, { identities, perFile, issued: 30 }),
    only: ours().name,
  })),
];

const ofFolder = (folder: string) => ({
  name: `estate in ${folder}`,
  measure: (of: (typeof candidates)[number]) => measureEstate(of, path.resolve(folder)),
  only: ours().name,
});

for (const { name, measure, ...rest } of made === undefined ? measurements : [ofFolder(made)]) {
  if (!name.includes(values.only)) continue;
  for (const candidate of candidates) {
    if ('only' in rest && rest.only !== undefined && rest.only !== candidate.name) continue;
    results.push({ measurement: name, server: candidate.name, figures: await measure(candidate) });
  }
  print(name);
}

const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  date: new Date().toISOString().slice(0, 10),
};
console.log(`\n${JSON.stringify(machine)}`);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);

function print(measurement: string): void {
  const rows = results.filter((row) => row.measurement === measurement);
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const cells = rows.map(({ figures }) => names.map((name) => shown(figures[name])));
  console.log(`\n## ${measurement}\n| | ${rows.map(({ server }) => server).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(rows.length)}`);
  names.forEach((name, index) => {
    console.log(`| ${name} | ${cells.map((column) => column[index]).join(' | ')} |`);
  });
}

function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (value > 0 && value < 1) return value.toFixed(2);
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
