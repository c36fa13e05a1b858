/** What a large estate costs our server: from its start to the first rows and to the last, its memory, and rows after an edit. */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Candidate } from './candidates.ts';
import { startEditor } from './editor.ts';
import { type EstateOptions, writeEstate } from './estate.ts';
import type { Figures } from './measurements.ts';

const EDITS = 20;
const SETTLE_MS = 1000;
/** Until memory is no longer what the reading left behind. */
const REST_MS = 10_000;

/** What a view asks for when it opens: groups, then the rows of the first one. */
interface Groups {
  readonly groups: readonly { readonly id: string; readonly revision: string }[];
  readonly rows: number;
  readonly reading?: { readonly done: number; readonly total: number };
}

/** Makes the estate, which takes minutes at 100,000 identities, and measures with nothing open and then one file. */
export async function largeEstate(
  candidate: Candidate,
  options: Omit<EstateOptions, 'folder'>,
): Promise<Figures> {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-bench-estate-')));
  const folder = path.join(base, 'project');
  try {
    await writeEstate({ folder, ...options });
    return await measureEstate(candidate, folder);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Of a folder that `estate.ts` made. */
export async function measureEstate(candidate: Candidate, folder: string): Promise<Figures> {
  const stateHome = mkdtempSync(path.join(tmpdir(), 'idac-bench-state-'));
  const file = 'teams/payments/area-0/services-0.identity.yaml';
  const editor = await startEditor(candidate, folder, stateHome);
  try {
    const ask = async (): Promise<Groups> => {
      const groups = await editor.client.request<Groups>('identity/tree', { groupBy: 'expiry' });
      const group = groups.groups[0]?.id;
      if (group !== undefined) await editor.client.request('identity/tree', { groupBy: 'expiry', group });
      return groups;
    };
    const told = () => editor.client.received('identity/changed').length;
    let first: { readonly wall: number; readonly cpu: number } | undefined;
    let shown: Groups;
    for (;;) {
      const before = told();
      shown = await ask();
      if (first === undefined && shown.groups.length > 0)
        first = { wall: performance.now() - editor.started, cpu: editor.cpu() };
      if (shown.reading === undefined) break;
      while (told() === before) await pause(5);
    }
    const all = { wall: performance.now() - editor.started, cpu: editor.cpu() };
    await pause(REST_MS);
    const settled = editor.memory();

    const uri = pathToFileURL(path.join(folder, file)).href;
    const text = readFileSync(path.join(folder, file), 'utf8');
    editor.open(uri, text);
    await editor.diagnostics(uri, () => true);
    await pause(SETTLE_MS);
    const line = text.split('\n').findIndex((each) => each.includes('owner: { team: payments'));
    const character = '  owner: { team: payments'.length;
    const cpuBefore = editor.cpu();
    const waits: number[] = [];
    for (let edit = 0; edit < EDITS; edit += 1) {
      const before = revisionsOf(await ask());
      const began = performance.now();
      const isMade = edit % 2 === 0;
      editor.change(uri, { line, character, length: isMade ? 0 : 1, text: isMade ? 'x' : '' });
      for (let count = told(), now = before; now === before; now = revisionsOf(await ask())) {
        while (told() === count) await pause(1);
        count = told();
      }
      waits.push(performance.now() - began);
      await pause(SETTLE_MS);
    }
    const cpuPerEdit = (editor.cpu() - cpuBefore) / EDITS;
    const sorted = waits.toSorted((a, b) => a - b);
    const { peak } = editor.memory();
    return {
      'first rows, ms': first?.wall ?? Number.NaN,
      'CPU until then, ms': first?.cpu ?? Number.NaN,
      'all rows, ms': all.wall,
      'CPU until all rows, ms': all.cpu,
      rows: shown.rows,
      'memory at rest, MiB': settled.now,
      'peak, MiB': peak,
      'edit → rows are new, median, ms': sorted[Math.floor(EDITS / 2)] ?? Number.NaN,
      'the same, p95': sorted[Math.ceil(EDITS * 0.95) - 1] ?? Number.NaN,
      'CPU per edit, ms': cpuPerEdit,
    };
  } finally {
    await editor.stop();
    rmSync(stateHome, { recursive: true, force: true });
  }
}

function revisionsOf({ groups }: Groups): string {
  return groups.map(({ revision }) => revision).join();
}
