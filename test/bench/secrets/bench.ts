/** `npm run bench:secrets`: recall and precision of secret scanners on files made for it, as Markdown. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Half, type Labels, writeCorpus } from './corpus.ts';
import { writeExamples } from './examples.ts';
import { onLeakyRepo } from './leakyRepo.ts';
import { table } from './markdown.ts';
import { measure, medianUse, type Usage } from './measure.ts';
import { PEERS, uninstall } from './peers.ts';
import { idac, relativeTo, type Scanner } from './scanners.ts';
import { type Score, type Share, score } from './score.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'bench' },
    copies: { type: 'string', default: '2' },
    'clean-copies': { type: 'string' },
    /** In place of our own files those that the peers test their rules with. */
    examples: { type: 'boolean', default: false },
    /** In place of all that a clone of Plazmaz/leaky-repo. */
    'leaky-repo': { type: 'string' },
    /** Only the kinds of one half, `practice` or `held-out`. */
    half: { type: 'string' },
    /** Scanners to run, by name and separated by commas; all if left out. */
    only: { type: 'string' },
    /** Runs of each that is not slow; the figures of use are medians. */
    runs: { type: 'string', default: '3' },
    /** Makes the corpus there and leaves it, with its labels beside it. */
    keep: { type: 'string' },
    /** Lists what was missed and what was flagged in vain, by kind. */
    details: { type: 'boolean', default: false },
    /** Writes all figures there as JSON. */
    json: { type: 'string' },
    /** Takes the installed peers away, and does nothing else. */
    uninstall: { type: 'boolean', default: false },
  },
});

function halfOf(text: string | undefined): Half | undefined {
  if (text === undefined || text === 'practice' || text === 'held-out') return text;
  throw new Error(`--half is "practice" or "held-out", not "${text}"`);
}

interface Result {
  readonly name: string;
  readonly score: Score;
  readonly usage: Usage | undefined;
}

const percent = ({ found, of }: Share): string =>
  of === 0 ? 'none' : `${((100 * found) / of).toFixed(1)} %`;

/** Throws, with the scanner's last words, where it did not do its work. */
function run(scanner: Scanner, tree: string, labels: Labels): Result {
  const { argv, cwd } = scanner.call(tree);
  const runs = Array.from({ length: scanner.slow ? 1 : Number(values.runs) }, () => measure(argv, cwd));
  const [first] = runs;
  if (first === undefined) throw new Error('no run was asked for');
  if (!scanner.codes.includes(first.code))
    throw new Error(`it ended with ${first.code}: ${first.err.trim().split('\n')[0]}`);
  const usage = medianUse(runs.flatMap(({ usage: each }) => each ?? []));
  return {
    name: scanner.title,
    score: score(labels, relativeTo(tree, cwd, scanner.parse(first.out))),
    usage,
  };
}

function printTables(results: readonly Result[], labels: Labels): void {
  table(
    ['scanner', 'recall', 'precision', 'clean files left alone', 'false alarms', 'CPU s', 'peak MiB'],
    results.map(({ name, score: each, usage }) => [
      name,
      percent(each.recall),
      percent(each.precision),
      percent(each.leftAlone),
      String(each.falseAlarms.length),
      usage?.cpuSeconds.toFixed(2) ?? 'not measured',
      usage?.peakMiB.toFixed(0) ?? 'not measured',
    ]),
  );
  const families = (of: readonly { readonly family: string }[]): string[] => [
    ...new Set(of.map(({ family }) => family)),
  ];
  const names = results.map(({ name }) => name);
  const none = { found: 0, of: 0 };
  table(
    ['recall by family', 'planted', ...names],
    families(labels.secrets).map((family) => [
      family,
      String(labels.secrets.filter((each) => each.family === family).length),
      ...results.map(({ score: each }) => percent(each.recallByFamily.get(family) ?? none)),
    ]),
  );
  table(
    ['clean files left alone', 'files', ...names],
    families(labels.clean).map((family) => [
      family,
      String(labels.clean.filter((each) => each.family === family).length),
      ...results.map(({ score: each }) => percent(each.leftAloneByFamily.get(family) ?? none)),
    ]),
  );
}

function printDetails({ name, score: { misses, falseAlarms } }: Result): void {
  const listed = (title: string, places: readonly (readonly [string, string])[]): void => {
    const byKind = new Map<string, string[]>();
    for (const [kind, at] of places) byKind.set(kind, [...(byKind.get(kind) ?? []), at]);
    console.log(`### ${name}: ${title} (${places.length})\n`);
    for (const [kind, at] of byKind) console.log(`- ${kind} (${at.length}): ${at[0]}`);
    console.log('');
  };
  listed(
    'missed',
    misses.map(({ family, kind, file, startLine }) => [`${family}/${kind}`, `${file}:${startLine}`]),
  );
  listed(
    'flagged in vain',
    falseAlarms.map(({ where, file, startLine }) => [where, `${file}:${startLine}`]),
  );
}

function ownCorpus(tree: string): Labels {
  const [cleanCopies, half] = [values['clean-copies'], halfOf(values.half)];
  return writeCorpus(tree, values.seed, {
    copies: Number(values.copies),
    ...(cleanCopies === undefined ? {} : { cleanCopies: Number(cleanCopies) }),
    ...(half === undefined ? {} : { half }),
  });
}

/** What all scanners that are wanted give; of the others `skipped` says why not. */
function asked<T>(ask: (scanner: Scanner) => T, skipped: string[]): readonly T[] {
  const wanted = values.only?.split(',');
  return [idac, ...PEERS].flatMap((scanner) => {
    if (wanted !== undefined && !wanted.includes(scanner.name)) return [];
    try {
      const missing = scanner.prepare();
      if (missing === undefined) return [ask(scanner)];
      skipped.push(`${scanner.title} was left out: ${missing}`);
    } catch (error) {
      skipped.push(`${scanner.title} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  });
}

function leakyBench(folder: string): void {
  const skipped: string[] = [];
  const results = asked((scanner) => ({ title: scanner.title, ...onLeakyRepo(scanner, folder) }), skipped);
  table(
    ['scanner', 'lines that are a risk', 'and those that only tell something', 'files', 'lines beyond'],
    results.map(({ title, risks, all, files, beyond }) => [
      title,
      percent(risks),
      percent(all),
      percent(files),
      String(beyond),
    ]),
  );
  for (const line of skipped) console.log(`${line}\n`);
}

function bench(): void {
  const scratch = mkdtempSync(path.join(tmpdir(), 'idac-bench-secrets-'));
  const tree = path.resolve(values.keep ?? path.join(scratch, 'corpus'));
  try {
    const { labels, missing } = values.examples
      ? writeExamples(tree)
      : { labels: ownCorpus(tree), missing: [] };
    if (values.keep !== undefined) writeFileSync(`${tree}.labels.json`, JSON.stringify(labels, null, 2));
    const files = new Set(labels.secrets.map(({ file }) => file)).size;
    console.log(
      `Seed "${values.seed}": ${labels.secrets.length} secrets in ${files} files, ${labels.clean.length} clean files.\n`,
    );
    const skipped = [...missing];
    const results = asked((scanner) => run(scanner, tree, labels), skipped);
    if (results.length > 0) printTables(results, labels);
    for (const line of skipped) console.log(`${line}\n`);
    if (values.details) results.forEach(printDetails);
    if (values.json !== undefined) {
      const plain = (_: string, value: unknown): unknown =>
        value instanceof Map ? Object.fromEntries(value) : value;
      writeFileSync(values.json, `${JSON.stringify({ seed: values.seed, results, skipped }, plain, 2)}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (values.uninstall) uninstall();
else if (values['leaky-repo'] !== undefined) leakyBench(path.resolve(values['leaky-repo']));
else bench();
