import { lstat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { UsageError } from '../../app/failure.ts';
import { projectRoots, relativeTo } from '../../app/projectRoot.ts';
import type { BackendAnswers } from '../../app/scan/askBackends.ts';
import type { KeyJudgement } from '../../app/scan/keyJudgement.ts';
import type { KnownContents } from '../../app/scan/knownContents.ts';
import type { JudgedScan } from '../../app/scan/notSecretsOf.ts';
import { keepsState } from '../../app/scan/saysOfIdentities.ts';
import type { Scanned, ScanProgress } from '../../app/scan/scanTree.ts';
import { VERSION } from '../../app/version.ts';
import type { Finding } from '../../core/finding.ts';
import { plural } from '../../core/text/instant.ts';
import { command } from '../command.ts';
import { exitCodeFor } from '../failOn.ts';
import { operandPath } from '../operandPath.ts';
import { findingJson } from '../output/findingsJson.ts';
import { countsOf, findingsText, inOrder } from '../output/findingsText.ts';
import { githubAnnotations } from '../output/github.ts';
import { json } from '../output/json.ts';
import { sarif } from '../output/sarif.ts';
import { skippedText } from '../output/skippedText.ts';
import { line, span } from '../output/text.ts';
import { BLOCKLIST, blockListOf, clockOf, FAIL_ON, NOW, ROOT } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const MOST_THREADS = 4;

/** Of one rule in one file: a file of test vectors has thousands. */
const SHOWN = 10;

export const scan = command({
  name: 'scan',
  summary: 'find private keys, tokens and passwords that stand in files',
  details:
    'Reads every file of the folder, also what git ignores, and finds private keys in any wrapping by their structure, tokens that say by their form what they are, and passwords, PINs and other secrets by the setting and the file in which they stand. No part of a value is ever shown. With --history each content that git ever had is read once, and which commits brought it and took it away is said. The folder need not be a project; nothing is changed, and nobody is contacted without --ask-backends.',
  operands: { usage: '[PATH…]', minimum: 0, maximum: Number.POSITIVE_INFINITY },
  examples: [
    'idac scan',
    'idac scan deploy --fail-on warning',
    'idac scan --history',
    'idac scan --format sarif > secrets.sarif',
  ],
  options: {
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['text', 'json', 'sarif', 'github'],
      default: 'text',
      describe: 'what is printed',
    },
    history: {
      type: 'flag',
      describe: 'scan what any branch, tag or stash of git leads to, each content once',
    },
    staged: { type: 'flag', describe: 'scan what the next commit would bring' },
    'ask-backends': {
      type: 'flag',
      describe:
        'ask the declared backends whose the keys are that were found; contacts them, changes nothing',
    },
    'no-cache': { type: 'flag', describe: 'look also at what did not change since an earlier scan' },
    ...BLOCKLIST,
    ...FAIL_ON,
    ...NOW,
    ...ROOT,
  },
  async run(invocation) {
    const { options, operands, terminal, environment, cwd, signal } = invocation;
    const root = path.resolve(cwd, options.root ?? '.');
    const starts = await Promise.all(
      (operands.length === 0 ? ['.'] : operands).map((each) => below(root, each)),
    );
    const { blockList } = blockListOf(options, environment);
    if (blockList !== undefined) await tried(blockList);
    const index = environment['GIT_INDEX_FILE'];
    const scanned = await scanOf(
      root,
      starts,
      { ...options, cache: !options['no-cache'], index: index && path.resolve(cwd, index) },
      (done) => terminal.status(line(span(`${done} looked at`, 'quiet'))),
      signal,
    );
    terminal.status([]);
    const project = projectRoots().of(root, []);
    const { findings: left, aside, about } = await judgedOf(invocation, scanned, starts, project);
    const held = await findingsOf(invocation, { ...scanned, findings: left }, project);
    const findings = inOrder([...held.findings, ...about]);
    const from = scanned.root;
    const shownFrom = (folder: string) => (file: string) => relativeTo(folder, path.join(from, file));
    switch (options.format) {
      case 'json': {
        const { files, unchanged, bytes, skipped, commits } = scanned;
        const looked = { files, unchanged, bytes, ...(commits === undefined ? {} : { commits }), skipped };
        const setAside = aside.map(({ found, entry: { reason, until } }) => ({
          ...findingJson(found.finding),
          reason,
          until,
        }));
        terminal.data(
          json({
            root: from,
            ...looked,
            findings: findings.map(findingJson),
            setAside,
            ...(options['ask-backends'] ? { notAsked: held.notAsked } : {}),
          }),
        );
        break;
      }
      case 'sarif': {
        const { SCAN_RULES } = await import('../../app/scan/scanRules.ts');
        terminal.data(sarif({ findings, rules: SCAN_RULES, root: from, version: VERSION }));
        break;
      }
      case 'github':
        terminal.data(githubAnnotations(findings, shownFrom(environment['GITHUB_WORKSPACE'] ?? cwd)));
        break;
      case 'text':
        terminal.out(findingsText(findings, shownFrom(cwd), terminal.columns, SHOWN));
        terminal.out([
          line(...countsOf(findings), span(` in ${lookedText(scanned)}${asideText(aside.length)}`, 'quiet')),
        ]);
        terminal.err(skippedText(scanned.skipped));
        terminal.err(
          held.notAsked.map(({ backend, why }) => line(span(`Not asked: ${backend}: ${why}`, 'warning'))),
        );
        break;
      default:
        return options.format satisfies never;
    }
    return exitCodeFor(findings, options['fail-on']);
  },
});

interface Looked extends Scanned {
  /** What its paths are relative to. */
  readonly root: string;
  /** The files themselves, not what git has of them. */
  readonly onDisk: boolean;
  readonly commits?: number;
}

interface What {
  readonly history: boolean;
  readonly staged: boolean;
  readonly cache: boolean;
  readonly index: string | undefined;
}

async function scanOf(
  root: string,
  starts: readonly string[],
  { history, staged, cache, index }: What,
  told: ScanProgress,
  signal: AbortSignal,
): Promise<Looked> {
  if (history && staged)
    throw new UsageError('--history and --staged are two questions', 'Give one of them at a time.');
  // It is little, and is asked for by each commit.
  if (staged) {
    const { scanStaged } = await import('../../app/scan/scanHistory.ts');
    return { onDisk: false, ...(await scanStaged(root, starts, index, signal)) };
  }
  const threads = Math.min(MOST_THREADS, availableParallelism());
  const looked = async (known?: KnownContents): Promise<Looked> => {
    const options = { told, threads, ...(known === undefined ? {} : { known }) };
    if (history) {
      const { scanHistory } = await import('../../app/scan/scanHistory.ts');
      return { onDisk: false, ...(await scanHistory(root, starts, options, signal)) };
    }
    const { scanTree } = await import('../../app/scan/scanTree.ts');
    return { root, onDisk: true, ...(await scanTree(root, starts, options, signal)) };
  };
  if (!cache) return looked();
  const { remembering } = await import('../../app/scan/knownContents.ts');
  const kind = history ? 'history' : 'files';
  return remembering({ kind, root, isWhole: starts.includes('') }, looked);
}

/** What somebody judged to be no secret is set aside, and counted. */
async function judgedOf(
  { options }: Pick<Parameters<typeof withProject>[0], 'options'>,
  scanned: Looked,
  starts: readonly string[],
  project: string,
): Promise<JudgedScan> {
  // Most folders have no judgements, and what reads them takes as long to load as hundreds of files to scan.
  if (!keepsState(project)) return { findings: scanned.findings, aside: [], about: [] };
  const { judgedScan } = await import('../../app/scan/notSecretsOf.ts');
  const { root, onDisk } = scanned;
  const now = clockOf(options.now)?.now() ?? new Date();
  return judgedScan(scanned, { root, starts: onDisk ? starts : [] }, project, now);
}

/** A list that cannot be read is said before anything is begun, and where no key is met, too. */
async function tried(blockList: string): Promise<void> {
  const { openBlockList } = await import('../../app/weakKeys/openBlockList.ts');
  openBlockList(blockList).close();
}

type JudgingInvocation = Parameters<typeof withProject>[0] & {
  readonly options: { readonly 'ask-backends': boolean; readonly blocklist: string | undefined };
};

/** What the project knows is read where something was found whose holders it could name. */
async function findingsOf(
  invocation: JudgingInvocation,
  looked: Looked,
  /** Of the project. */
  folder: string,
): Promise<{ readonly findings: readonly Finding[]; readonly notAsked: BackendAnswers['unanswered'] }> {
  const { signal, options } = invocation;
  const { withSameValues } = await import('../../app/scan/sameValues.ts');
  const findings = await withSameValues(looked.findings, looked.octetsOf, signal);
  const { keys } = looked;
  if (keys.length === 0 && findings.length === 0) return { findings: [], notAsked: [] };
  const found = { ...looked, findings };
  if (options['ask-backends'])
    return withProject(invocation, { unlocks: true }, async (project) => {
      // Those whose private half was found come first.
      const wanted = [
        ...findings.flatMap(({ spkiSha256 }) => spkiSha256 ?? []),
        ...keys.flatMap(({ hashes }) => hashes),
      ];
      const { places, unanswered } = await project.askBackends([...new Set(wanted)], signal);
      return { findings: await judgedKeys(invocation, found, project, places), notAsked: unanswered };
    });
  const { openKeyJudgement } = await import('../../app/scan/openKeyJudgement.ts');
  const judgement = openKeyJudgement(folder, clockOf(options.now));
  return { findings: await judgedKeys(invocation, found, judgement, []), notAsked: [] };
}

async function judgedKeys(
  { options, environment, signal }: JudgingInvocation,
  { root, onDisk, findings, keys }: Looked,
  judgement: KeyJudgement,
  asked: BackendAnswers['places'],
): Promise<readonly Finding[]> {
  const weak = await judgement.weakKeys(keys, blockListOf(options, environment), signal);
  const { withoutPublished } = await import('../../app/weakKeys/withoutPublished.ts');
  const from = { keys, scanned: root, onDisk, asked };
  const held = await judgement.withHolders(withoutPublished(findings, weak.published), from, signal);
  return [...held, ...weak.findings];
}

function lookedText({ files, unchanged, bytes, commits }: Looked): string {
  const what =
    commits === undefined
      ? plural(files, 'file')
      : `${plural(files, 'content')} of ${plural(commits, 'commit')}`;
  return `${what}, ${size(bytes)}${unchanged === 0 ? '' : `, ${unchanged} of them unchanged since an earlier scan`}`;
}

function asideText(count: number): string {
  return count === 0 ? '' : `, ${count} more judged to be no secret`;
}

async function below(root: string, operand: string): Promise<string> {
  const absolute = path.resolve(root, operand);
  const relative = operandPath(root, absolute, operand, '-C names the folder to scan from.');
  if ((await lstat(absolute).catch(() => undefined)) === undefined)
    throw new UsageError(`There is no file or folder ${operand}`, `It was looked for in ${root}.`);
  return relative;
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
