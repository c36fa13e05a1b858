/**
 * What an edit of a policy costs in a large estate, and a key in a manifest with policies and without: in the process alone until
 * the findings of the edited file and of three open ones are right, until everything is judged, and until all findings are there
 * with their places; then in the language server. `npm run bench:policies`.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace, type Workspace } from '../../server/src/app/workspace.ts';
import { keepRuns, runRules } from '../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../server/src/core/schema/backendRoles.ts';
import { writeEstate } from './estate.ts';
import { editsInEditor, type PolicyEdit } from './policiesInEditor.ts';

const NOW = new Date('2026-12-01T08:00:00Z');
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

/** Milliseconds of CPU of each edit until what `look` looks at is right again. */
function edits(
  workspace: Workspace,
  { file, text }: { readonly file: string; readonly text: (edit: number) => string },
  look: () => unknown,
): readonly number[] {
  // What is kept between edits is there, as it is after the folder was read.
  look();
  const taken: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const now = text(edit);
    const before = process.cpuUsage();
    workspace.setText(file, now);
    look();
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1000);
  }
  return taken;
}

/** What somebody may wait for after an edit. */
function lookers(workspace: Workspace, open: readonly string[]): readonly (() => unknown)[] {
  const kept = keepRuns();
  const all = () => Array.from(workspace.files().keys(), (path) => workspace.findingsOf(path));
  return [
    // As an editor gets them: with their places, fixes and related places.
    () => JSON.stringify(open.map((path) => workspace.findingsOf(path))),
    // Everything is judged, and of what is found the places are not looked up.
    () =>
      runRules(
        { index: workspace.index(), now: NOW, records: new Map(), backendRoles: backendRoles() },
        {},
        kept,
      ),
    () => JSON.stringify(all()),
  ];
}

/** Edits of those policies, each another text each time. */
function policyEdits(text: string): readonly PolicyEdit[] {
  const replaced = (from: string, to: (edit: number) => string) => (edit: number) =>
    text.replace(from, to(edit));
  return [
    {
      what: 'a limit of a policy for one team (a twentieth)',
      isNews: false,
      text: replaced('maximum: 200d', (edit) => `maximum: ${200 + (edit % 50)}d`),
    },
    {
      what: 'an expression of that policy',
      isNews: false,
      text: replaced('has(identity.spec.owner)', (edit) => `has(identity.spec.owner) || ${edit} > 1000`),
    },
    {
      what: 'its selector, which selects another team besides, or not',
      isNews: false,
      text: replaced('[payments]', (edit) => (edit % 2 === 0 ? '[payments, tracking]' : '[payments]')),
    },
    {
      what: 'its selector, which comes to the same',
      isNews: false,
      text: replaced('[payments]', (edit) => `[pay${'m'.repeat(edit % 2)}ents, payments]`),
    },
    {
      what: 'a limit for all certificates',
      isNews: false,
      text: replaced('maximum: 398d', (edit) => `maximum: ${398 + edit}d`),
    },
    {
      what: 'a limit that all certificates exceed',
      isNews: true,
      text: replaced('maximum: 398d', (edit) => `maximum: ${1 + (edit % 3)}h`),
    },
    {
      what: 'a limit for all identities',
      isNews: false,
      text: replaced('maximumMachines: 4', (edit) => `maximumMachines: ${4 + edit}`),
    },
    {
      what: 'a line above all policies',
      isNews: false,
      text: (edit) => `${'#\n'.repeat(1 + (edit % 2))}${text}`,
    },
  ];
}

async function opened(folder: string): Promise<Workspace> {
  const workspace = openWorkspace(folder, { clock: { now: () => NOW } });
  await workspace.scan(new AbortController().signal);
  for (const file of workspace.files().keys()) workspace.findingsOf(file);
  return workspace;
}

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-bench-policies-')));
try {
  const folder = path.join(base, 'project');
  const { files } = await writeEstate({ folder, identities: IDENTITIES, perFile: 20, issued: 0 });
  const manifest = readFileSync(path.join(folder, MANIFEST), 'utf8');
  const typed = (edit: number) =>
    manifest.replace('owner: { team: payments', `owner: { team: payments${'x'.repeat(edit % 2)}`);
  const plain = await opened(folder);
  const shown = files.slice(0, 3);
  const measured = (workspace: Workspace, file: string, what: string, text: (edit: number) => string) => {
    const looks = lookers(workspace, [file, ...shown]);
    return [what, ...looks.map((look) => show(edits(workspace, { file, text }, look)))];
  };
  const without = measured(plain, MANIFEST, 'a key in a manifest, without policies', typed);
  const text = POLICIES.join('---\n');
  writeFileSync(path.join(folder, FILE), text);
  const heapBefore = process.memoryUsage().heapUsed;
  const workspace = await opened(folder);
  const heap = process.memoryUsage().heapUsed - heapBefore;
  workspace.setText(FILE, text);
  const ofPolicies = policyEdits(text);
  const rows = [
    without,
    measured(workspace, MANIFEST, 'a key in a manifest, with ten policies', typed),
    ...ofPolicies.map((edit) => measured(workspace, FILE, edit.what, edit.text)),
  ];
  const count = workspace.index().identities().length;
  process.stdout.write(
    `| ${count} identities, 10 policies: CPU, median / p95, ms | open files right | all judged | all right, with places |\n| --- | --- | --- | --- |\n`,
  );
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
  process.stderr.write(`heap with the second project: ${(heap / 1024 / 1024).toFixed(0)} MiB\n`);
  process.stdout.write(
    '\n| in the language server, wall-clock, median / p95, ms | open files right | all told | longest hover |\n| --- | --- | --- | --- |\n',
  );
  for (const { what, open, all, hover } of await editsInEditor(folder, FILE, shown, ofPolicies, EDITS))
    process.stdout.write(
      `| ${what} | ${show(open)} | ${all.length === 0 ? '' : show(all)} | ${show(hover)} |\n`,
    );
} finally {
  rmSync(base, { recursive: true, force: true });
}
