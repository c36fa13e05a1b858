/**
 * What an edit of a policy costs in a large estate: the time until its own findings and those of all identities are right again,
 * in the process alone, and what a key in a manifest costs with policies and without. `npm run bench:policies`.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace, type Workspace } from '../../server/src/app/workspace.ts';
import { writeEstate } from './estate.ts';

const IDENTITIES = Number(process.env['IDENTITIES'] ?? 10_000);
const EDITS = Number(process.env['EDITS'] ?? 60);
const FILE = 'policies/bench.identity.yaml';
const MANIFEST = 'teams/payments/area-0/services-0.identity.yaml';

const policy = (name: string, selector: string, rules: string): string =>
  `apiVersion: identity-as-code/v1\nkind: Policy\nmetadata:\n  name: ${name}\nspec:\n  selector: ${selector}\n${rules}`;

/** Ten policies, as an organization and its teams would have them. */
const POLICIES = [
  policy(
    'everybody',
    '{}',
    '  rules:\n    owner/not-allowed: { required: true, contact: { allow: ["*@fernweh.example"] } }\n    key/allowed-algorithms: { deny: [RSA-2048], minimumStrength: 128 }\n    key/sharing-not-allowed: { maximumMachines: 4 }\n',
  ),
  policy(
    'certificates',
    '{ matchKinds: [Certificate] }',
    '  rules:\n    certificate/validity-too-long: { maximum: 398d }\n    certificate/name-not-allowed: { dns: { allow: ["**.fernweh.example"] } }\n  customRules:\n    - { id: named, expression: "size(identity.metadata.name) > 2", message: choose a longer name }\n',
  ),
  policy(
    'one-team',
    '{ matchNamespaces: [payments] }',
    '  rules:\n    certificate/validity-too-long: { maximum: 200d }\n    delivery/not-allowed: { widestMode: "0644" }\n  customRules:\n    - { id: owned, expression: "has(identity.spec.owner)", message: name who owns it }\n',
  ),
  ...['tracking', 'depots', 'customs', 'fleet', 'platform', 'security', 'apps'].map((team) =>
    policy(
      `of-${team}`,
      `{ matchNamespaces: [${team}] }`,
      '  rules:\n    token/validity-too-long: { maximum: 1y }\n    ssh/validity-too-long: { maximum: 1y }\n',
    ),
  ),
];

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

const show = (values: readonly number[]): string =>
  `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.95).toFixed(1)}`;

/** Milliseconds of CPU of each edit until all findings are known again. */
function edits(workspace: Workspace, file: string, texts: (edit: number) => string): readonly number[] {
  const taken: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const text = texts(edit);
    const before = process.cpuUsage();
    workspace.setText(file, text);
    workspace.findingsOf(file);
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1000);
  }
  return taken;
}

async function opened(folder: string): Promise<Workspace> {
  const workspace = openWorkspace(folder, { clock: { now: () => new Date('2026-12-01T08:00:00Z') } });
  await workspace.scan(new AbortController().signal);
  for (const file of workspace.files().keys()) workspace.findingsOf(file);
  return workspace;
}

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-bench-policies-')));
try {
  const folder = path.join(base, 'project');
  await writeEstate({ folder, identities: IDENTITIES, perFile: 20, issued: 0 });
  const manifest = readFileSync(path.join(folder, MANIFEST), 'utf8');
  const typed = (edit: number) =>
    manifest.replace('owner: { team: payments', `owner: { team: payments${'x'.repeat(edit % 2)}`);
  const plain = await opened(folder);
  const without = edits(plain, MANIFEST, typed);
  const text = POLICIES.join('---\n');
  writeFileSync(path.join(folder, FILE), text);
  const heapBefore = process.memoryUsage().heapUsed;
  const workspace = await opened(folder);
  const heap = process.memoryUsage().heapUsed - heapBefore;
  workspace.setText(FILE, text);
  const rows: readonly (readonly [string, readonly number[]])[] = [
    ['a key in a manifest, without policies', without],
    ['a key in a manifest, with ten policies', edits(workspace, MANIFEST, typed)],
    [
      'a limit of a policy for one team (a twentieth)',
      edits(workspace, FILE, (edit) => text.replace('maximum: 200d', `maximum: ${200 + (edit % 50)}d`)),
    ],
    [
      'an expression of that policy',
      edits(workspace, FILE, (edit) =>
        text.replace('has(identity.spec.owner)', `has(identity.spec.owner) || ${edit} > 1000`),
      ),
    ],
    [
      'its selector',
      edits(workspace, FILE, (edit) =>
        text.replace('[payments]', `[pay${'m'.repeat(edit % 2)}ents, payments]`),
      ),
    ],
    [
      'a limit for all certificates',
      edits(workspace, FILE, (edit) => text.replace('maximum: 398d', `maximum: ${398 + edit}d`)),
    ],
    [
      'a limit that all identities exceed',
      edits(workspace, FILE, (edit) => text.replace('maximum: 398d', `maximum: ${1 + (edit % 3)}h`)),
    ],
    [
      'a limit for all identities',
      edits(workspace, FILE, (edit) => text.replace('maximumMachines: 4', `maximumMachines: ${4 + edit}`)),
    ],
    ['a line above all policies', edits(workspace, FILE, (edit) => `${'#\n'.repeat(1 + (edit % 2))}${text}`)],
  ];
  process.stdout.write(
    `| ${workspace.index().identities().length} identities, 10 policies | CPU, median / p95, ms |\n| --- | --- |\n`,
  );
  for (const [what, taken] of rows) process.stdout.write(`| ${what} | ${show(taken)} |\n`);
  process.stderr.write(`heap with the second project: ${(heap / 1024 / 1024).toFixed(0)} MiB\n`);
} finally {
  rmSync(base, { recursive: true, force: true });
}
