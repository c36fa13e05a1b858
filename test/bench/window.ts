/**
 * `npm run bench:window`: the extension in a real VS Code over a large estate. What is timed is what a person sees in the
 * window: rows, a row that follows an edit, the dashboard. Linux only; needs test/vscode/install.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { openVsCode } from '../vscode/host.mjs';
import { runCommand, showExpiry } from '../vscode/ui/window.mjs';
import { writeEstate } from './estate.ts';
import type { Turn } from './hostProfile.ts';
import { cpuOf, memoryOf } from './usage.ts';

const { values } = parseArgs({ options: { identities: { type: 'string', default: '10000,100000' } } });
const repository = path.resolve(import.meta.dirname, '../..');
const PATIENCE = { timeout: 300_000 };
/** The language server has nothing to do once it used less than this in a second. */
const IDLE_CPU_MS = 20;

/** The identity that is edited, in the owner that its row names: nobody else's name begins so. */
const PROBE = `apiVersion: identity-as-code/v1
kind: Key
metadata: { name: probe-0 }
spec:
  owner: { team: bench, contact: bench@example.com }
  algorithm: ECDSA-P256
  store: payments-ca
`;

interface Told {
  readonly what: string;
  readonly at: number;
  readonly edit?: number;
  readonly turns?: readonly Turn[];
}

const probe = path.join(repository, 'test/out/vscode/probe.cjs');
await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  external: ['vscode'],
  entryPoints: [path.join(import.meta.dirname, 'windowProbe.ts')],
  outfile: probe,
});

async function measure(base: string, workspace: string): Promise<Readonly<Record<string, string>>> {
  const signals = path.join(base, 'signals');
  mkdirSync(signals);
  const signal = (name: string): void => writeFileSync(path.join(signals, name), '');
  const file = path.join(workspace, 'probe.identity.yaml');
  writeFileSync(file, PROBE);

  const told: Told[] = [];
  const vscode = await openVsCode({
    extension: repository,
    workspace,
    tests: probe,
    env: {
      IDAC_STATE_HOME: path.join(base, 'state'),
      IDAC_BENCH_SIGNALS: signals,
      IDAC_BENCH_FILE: file,
    },
    onOutput: (line) => {
      if (line.startsWith('BENCH ')) told.push(JSON.parse(line.slice('BENCH '.length)) as Told);
    },
  });
  const heard = async (what: string, edit?: number): Promise<Told> => {
    for (;;) {
      const found = told.find((each) => each.what === what && each.edit === edit);
      if (found !== undefined) return found;
      await Promise.race([pause(2), vscode.ended]);
    }
  };
  try {
    const { page } = vscode;
    const row = (text: string) => page.locator(`.sidebar .monaco-list-row[aria-label*="${text}"]`).first();
    await showExpiry(page);
    await page.locator('.sidebar .monaco-list-row[aria-level="2"]').first().waitFor(PATIENCE);
    const server = await languageServer();
    const firstRows = Date.now() - server.started;
    await idle(server.pid);
    const settled = memoryOf(server.pid);
    await runCommand(page, 'Developer: Show Running Extensions');
    const activation = await page
      .locator('.runtime-extensions-editor .extension:has-text("identity-as-code") .activation-time')
      .first()
      .textContent(PATIENCE);
    signal('rows');

    await row('probe-0').waitFor(PATIENCE);
    signal('filtered');
    const edits: number[] = [];
    for (let edit = 1; edit <= 30; edit += 1) {
      const { at } = await heard('edit', edit);
      // The moment is the window's own: how often it is asked from here does not count.
      const seen: number = await page.evaluate(momentOfRow(`owned by bench-${edit}-end`));
      edits.push(seen - at);
      signal(`edit-${edit}`);
    }

    const opened = await heard('dashboard');
    await page
      .frameLocator('iframe.webview.ready')
      .frameLocator('iframe#active-frame')
      .locator('main svg')
      .first()
      .waitFor(PATIENCE);
    const dashboard = Date.now() - opened.at;
    signal('dashboard');

    const { turns = [] } = await heard('profile');
    edits.sort((one, other) => one - other);
    return {
      'activation, as VS Code counts it': activation?.replace(/^\D*/, '') ?? '',
      'start of the language server → first rows on the screen': `${firstRows} ms`,
      'CPU of the language server until it has nothing left to do': `${Math.round(cpuOf(server.pid))} ms`,
      'edit → row on the screen, median': `${edits[Math.floor(edits.length / 2)]} ms`,
      'the same, p95': `${edits[Math.floor(edits.length * 0.95)]} ms`,
      'dashboard: command → drawn': `${dashboard} ms`,
      'longest turns of the extension host that are ours': turns
        .map(({ milliseconds, from }) => `${Math.round(milliseconds)} ms (${from})`)
        .join(', '),
      'memory of the language server, settled': `${Math.round(settled.now)} MiB`,
      'the same, peak': `${Math.round(settled.peak)} MiB`,
    };
  } finally {
    await vscode.close();
  }
}

/** For the window, as text, since what a compiler adds to functions is not there. */
const momentOfRow = (label: string): string => `new Promise((resolve) => {
  const look = () => document.querySelector('.sidebar .monaco-list-row[aria-label*="${label}"]') === null
    ? requestAnimationFrame(look)
    : resolve(Date.now());
  look();
})`;

/** The language server that VS Code started, and when, in milliseconds since 1970. */
async function languageServer(): Promise<{ readonly pid: number; readonly started: number }> {
  const script = path.join(repository, 'server/dist/server.mjs');
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || !commandLine(entry).includes(script)) continue;
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    // proc(5): field 22, in hundredths of a second since the machine started.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const [up = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ');
    return { pid: Number(entry), started: Date.now() - (Number(up) * 1000 - ticks * 10) };
  }
  throw new Error(`no process runs ${script}`);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function idle(pid: number): Promise<void> {
  for (let before = cpuOf(pid); ; ) {
    await pause(1000);
    const now = cpuOf(pid);
    if (now - before < IDLE_CPU_MS) return;
    before = now;
  }
}

function print(identities: number, figures: Readonly<Record<string, string>>): void {
  console.log(`\n### ${identities} identities\n\n| | |\n| --- | ---: |`);
  for (const [name, value] of Object.entries(figures)) console.log(`| ${name} | ${value} |`);
}

for (const size of values.identities.split(',').map(Number)) {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-bench-window-')));
  try {
    const workspace = path.join(base, 'estate');
    await writeEstate({ folder: workspace, identities: size, perFile: 10, issued: 30 });
    print(size, await measure(base, workspace));
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
