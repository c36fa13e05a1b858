/** What is measured. Times in ms, memory in MiB. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Candidate } from './candidates.ts';
import { type Editor, startEditor } from './editor.ts';
import { BACKEND, fileOf, fileOfLines, hasMistake } from './manifests.ts';

/** Longer than any pause that a server makes before it looks at what lies beyond the changed document. */
const SETTLE_MS = 500;
const STARTS = 5;
const KEYS = 24;
const WARM_UP = 6;
const BURST_KEYS = 41;
const BURST_MS = 60;
const DOCUMENTS_PER_FILE = 3;

export type Figures = Readonly<Record<string, number>>;

interface Place {
  readonly folder: string;
  readonly stateHome: string;
  remove(): void;
}

/** The real path: macOS links its temporary folder. */
function place(files: Readonly<Record<string, string>>): Place {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-bench-')));
  const folder = path.join(base, 'project');
  for (const [name, text] of Object.entries({ 'ca.identity.yaml': BACKEND, ...files })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return {
    folder,
    stateHome: path.join(base, 'state'),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** From the start of the process, before anything is warm. */
export async function coldStart(candidate: Candidate, lines: number): Promise<Figures> {
  const text = fileOfLines(lines);
  const runs: { wall: number; cpu: number; initializeCpu: number; initializeWall: number }[] = [];
  for (let run = 0; run < STARTS; run += 1) {
    const at = place({ 'all.identity.yaml': text });
    const editor = await startEditor(candidate, at.folder, at.stateHome);
    const uri = pathToFileURL(path.join(at.folder, 'all.identity.yaml')).href;
    editor.open(uri, text);
    await editor.diagnostics(uri, (count) => count > 0);
    runs.push({
      wall: performance.now() - editor.started,
      cpu: editor.cpu(),
      initializeCpu: editor.initialize.cpu,
      initializeWall: editor.initialize.wall,
    });
    await editor.stop();
    at.remove();
  }
  const median = (of: (run: (typeof runs)[number]) => number): number => quantile(runs.map(of), 0.5);
  return {
    wall: median(({ wall }) => wall),
    cpu: median(({ cpu }) => cpu),
    initializeWall: median(({ initializeWall }) => initializeWall),
    initializeCpu: median(({ initializeCpu }) => initializeCpu),
  };
}

/** One large file: single keys, each with time to settle; then a burst. */
export async function typing(
  candidate: Candidate,
  lines: number,
  node: readonly string[] = [],
): Promise<Figures> {
  const text = fileOfLines(lines);
  const at = place({ 'all.identity.yaml': text });
  const editor = await startEditor(candidate, at.folder, at.stateHome, node);
  try {
    const uri = pathToFileURL(path.join(at.folder, 'all.identity.yaml')).href;
    editor.open(uri, text);
    const atRest = await editor.diagnostics(uri, (count) => count > 0);
    await pause(2 * SETTLE_MS);
    const opened = editor.memory().now;
    const rows = text.split('\n');
    const middle = rows.indexOf('  keyPer: machine', Math.floor(rows.length / 2));
    const line = middle === -1 ? rows.indexOf('  keyPer: machine') : middle;
    const end = rows[line]?.length ?? 0;
    /** Every other key makes a mistake, the next takes it back: right diagnostics can be told from old ones. */
    const key = (count: number): number => {
      const makes = count % 2 === 0;
      editor.change(uri, { line, character: end, length: makes ? 0 : 1, text: makes ? 'x' : '' });
      return atRest + (makes ? 1 : 0);
    };
    const waits: number[] = [];
    for (let count = 0; count < WARM_UP; count += 1) {
      const wanted = key(count);
      await editor.diagnostics(uri, (found) => found === wanted);
    }
    await pause(SETTLE_MS);
    const before = editor.cpu();
    for (let count = 0; count < KEYS; count += 1) {
      const began = performance.now();
      const wanted = key(count);
      await editor.diagnostics(uri, (found) => found === wanted);
      waits.push(performance.now() - began);
      await pause(SETTLE_MS);
    }
    const cpuPerKey = (editor.cpu() - before) / KEYS;
    const hovers = await afterKeys(editor, uri, key, () => editor.hover(uri, line, 4));
    const completes = editor.capabilities.completionProvider !== undefined;
    const completions = completes
      ? await afterKeys(editor, uri, key, () => editor.completion(uri, line, 2))
      : [];
    const burst = await typeBurst(editor, uri, { line, end, atRest, pulls: candidate.pulls });
    const memory = editor.memory();
    return {
      cpuPerKey,
      keyMedian: quantile(waits, 0.5),
      keyP95: quantile(waits, 0.95),
      hoverMedian: quantile(hovers, 0.5),
      hoverP95: quantile(hovers, 0.95),
      completionMedian: quantile(completions, 0.5),
      completionP95: quantile(completions, 0.95),
      burstWorstHover: burst.worstHover,
      burstDiagnostics: burst.diagnostics,
      burstCpu: burst.cpu,
      memoryOpen: opened,
      memoryPeak: memory.peak,
    };
  } finally {
    await editor.stop();
    at.remove();
  }
}

/** An even number of keys, so that the text is at the end what it was. */
async function afterKeys(
  editor: Editor,
  uri: string,
  key: (count: number) => number,
  ask: () => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < KEYS / 2; count += 1) {
    const wanted = key(count);
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
    await editor.diagnostics(uri, (found) => found === wanted);
    await pause(SETTLE_MS / 2);
  }
  return times;
}

async function typeBurst(
  editor: Editor,
  uri: string,
  { line, end, atRest, pulls }: { line: number; end: number; atRest: number; pulls: boolean },
) {
  const before = editor.cpu();
  const hovers: Promise<number>[] = [];
  let next = performance.now();
  for (let count = 0; count < BURST_KEYS; count += 1) {
    editor.change(uri, { line, character: end + count, length: 0, text: 'x' });
    const asked = performance.now();
    hovers.push(editor.hover(uri, line, 4).then(() => performance.now() - asked));
    // The editor's own question after each key; nobody waits for it.
    if (pulls) void editor.diagnostics(uri, () => true).catch(() => undefined);
    next += BURST_MS;
    await pause(Math.max(0, next - performance.now()));
  }
  const last = performance.now();
  editor.change(uri, { line, character: end, length: BURST_KEYS, text: '' });
  await editor.diagnostics(uri, (count) => count === atRest);
  const diagnostics = performance.now() - last;
  return { worstHover: Math.max(...(await Promise.all(hovers))), diagnostics, cpu: editor.cpu() - before };
}

/** A folder on disk with nothing open: when are all wrong files known? A server that cannot tell is asked to open them. */
export async function folder(
  candidate: Candidate,
  count: number,
  node: readonly string[] = [],
): Promise<Figures> {
  const files: Record<string, string> = {};
  let wrong = 0;
  for (let file = 0; file < count; file += 1) {
    const first = file * DOCUMENTS_PER_FILE;
    files[`team-${file % 20}/service-${file}.identity.yaml`] = fileOf(first, DOCUMENTS_PER_FILE);
    if (Array.from({ length: DOCUMENTS_PER_FILE }, (_, each) => first + each).some(hasMistake)) wrong += 1;
  }
  const at = place(files);
  const editor = await startEditor(candidate, at.folder, at.stateHome, node);
  try {
    let known = 0;
    if (candidate.pulls) {
      const report = await editor.client.request<{ items: { items?: { severity: number }[] }[] }>(
        'workspace/diagnostic',
        { previousResultIds: [] },
      );
      known = report.items.filter(({ items }) => items?.some(({ severity }) => severity === 1)).length;
    } else {
      await Promise.all(
        Object.entries(files).map(async ([name, text]) => {
          const uri = pathToFileURL(path.join(at.folder, name)).href;
          editor.open(uri, text);
          if ((await editor.diagnostics(uri, () => true)) > 0) known += 1;
        }),
      );
    }
    const wall = performance.now() - editor.started;
    const cpu = editor.cpu();
    await pause(SETTLE_MS);
    const { now, peak } = editor.memory();
    return { wall, cpu, wrong, known, memoryOpen: now, memoryPeak: peak };
  } finally {
    await editor.stop();
    at.remove();
  }
}
