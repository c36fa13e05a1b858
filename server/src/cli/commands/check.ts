import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../app/api.ts';
import { UsageError } from '../../app/failure.ts';
import { relativeTo } from '../../app/projectRoot.ts';
import { type CheckedFiles, checkFiles } from '../../app/scan/checkFiles.ts';
import { VERSION } from '../../app/version.ts';
import { plural } from '../../core/text/instant.ts';
import { isBelow } from '../../core/text/relativePath.ts';
import { command } from '../command.ts';
import { exitCodeFor } from '../failOn.ts';
import { operandPath } from '../operandPath.ts';
import { findingLines } from '../output/findingLines.ts';
import { findingJson } from '../output/findingsJson.ts';
import { countsOf, findingsText, inOrder } from '../output/findingsText.ts';
import { githubAnnotations } from '../output/github.ts';
import { json } from '../output/json.ts';
import { sarif } from '../output/sarif.ts';
import { skippedText } from '../output/skippedText.ts';
import { line, span } from '../output/text.ts';
import { BLOCKLIST, blockListOf, clockOf, FAIL_ON, NOW, POLICY, ROOT } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const ELSEWHERE = 'Check one project at a time; -C names its folder.';

export const check = command({
  name: 'check',
  summary: 'check manifests, what the records say about them, and files for secrets, shared and weak keys',
  details:
    'Reads every *.identity.yaml, .yml and .json of the project, and the records of what was issued. Looks through the files that git tracks or would take for secrets and for keys that are shared or weak, as idac scan does. Nothing is contacted and nothing is changed. Paths narrow what is looked at and reported.',
  operands: { usage: '[PATH…]', minimum: 0, maximum: Number.POSITIVE_INFINITY },
  examples: ['idac check', 'idac check payments --fail-on warning', 'idac check --format sarif > idac.sarif'],
  options: {
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['text', 'json', 'sarif', 'github', 'lines'],
      default: 'text',
      describe: 'what is printed',
    },
    'no-scan': {
      type: 'flag',
      describe: 'manifests and records alone: no file is looked through for secrets',
    },
    ...POLICY,
    ...BLOCKLIST,
    ...FAIL_ON,
    ...NOW,
    ...ROOT,
  },
  async run(invocation) {
    const { options, operands, terminal, environment, cwd, signal } = invocation;
    const base = path.resolve(cwd, options.root ?? '.');
    const paths = await Promise.all(
      operands.map((operand) => existing(path.resolve(base, operand), operand)),
    );
    const first = paths[0];
    const start = first === undefined || options.root !== undefined ? undefined : first.folder;
    return withProject(
      invocation,
      { unlocks: false, ...(start === undefined ? {} : { start }) },
      async (project) => {
        const wanted = paths.map((each) => operandPath(project.root, each.path, each.operand, ELSEWHERE));
        const covers = (file: string) => wanted.length === 0 || wanted.some((each) => isBelow(file, each));
        const [missing] = project.policyProblems();
        if (missing !== undefined) throw missing;
        const declared = await project.check(signal);
        const scan = options['no-scan']
          ? undefined
          : await checkFiles(project, wanted, clockOf(options.now)?.now() ?? new Date(), declared, {
              ...blockListOf(options, environment),
              told: (done) => terminal.status(line(span(`${done} looked at`, 'quiet'))),
              signal,
            });
        terminal.status([]);
        const findings = inOrder(
          [...declared, ...(scan?.findings ?? [])].filter((each) => covers(each.file)),
        );
        const files = [...project.workspace.files().keys()].filter(covers);
        const shownFrom = (folder: string) => (file: string) => shownPath(folder, project.root, file);

        switch (options.format) {
          case 'json':
            terminal.data(
              json({
                root: project.root,
                files: files.length,
                ...(scan === undefined ? {} : { scanned: scan.looked }),
                findings: findings.map(findingJson),
              }),
            );
            break;
          case 'sarif': {
            const { RULES } = await import('../../core/rules/generated/registry.ts');
            const { DOCUMENT_RULES } = await import('../../core/schema/documentRules.ts');
            const { POLICY_RULES } = await import('../../core/policy/policyRules.ts');
            const { SCAN_RULES } = await import('../../app/scan/scanRules.ts');
            const isLinted = findings.some(({ rule }) => rule.startsWith('lint/'));
            const lint = isLinted ? (await import('../../core/lint/generated/registry.ts')).LINT_RULES : [];
            const rules = [
              ...RULES.map((rule) => rule.meta),
              ...DOCUMENT_RULES,
              ...POLICY_RULES,
              ...SCAN_RULES,
              ...lint.map(({ meta }) => meta),
            ];
            terminal.data(sarif({ findings, rules, root: project.root, version: VERSION }));
            break;
          }
          case 'github':
            terminal.data(githubAnnotations(findings, shownFrom(environment['GITHUB_WORKSPACE'] ?? cwd)));
            break;
          case 'lines':
            terminal.data(findingLines(findings, shownFrom(cwd)));
            break;
          case 'text':
            terminal.out(findingsText(findings, shownFrom(cwd), terminal.columns));
            terminal.out([
              line(
                ...countsOf(findings),
                span(` in ${plural(files.length, 'file')} of ${project.name}${scannedText(scan)}`, 'quiet'),
              ),
            ]);
            if (scan !== undefined) terminal.err(skippedText(scan.looked.skipped));
            if (files.length === 0) terminal.err([line(span(emptyHint(project), 'quiet'))]);
            break;
          default:
            return options.format satisfies never;
        }
        return exitCodeFor(findings, options['fail-on']);
      },
    );
  },
});

function scannedText(scan: CheckedFiles | undefined): string {
  if (scan === undefined) return '';
  const aside = scan.looked.setAside === 0 ? '' : `, ${scan.looked.setAside} more judged to be no secret`;
  return `; ${plural(scan.looked.files, 'file')} looked through for secrets and keys${aside}`;
}

function emptyHint(project: Project): string {
  return `No manifest (*.identity.yaml) is under ${project.root}. \`idac init\` writes a first one.`;
}

/** The path and the folder to look for its project from. */
async function existing(
  absolute: string,
  operand: string,
): Promise<{ path: string; operand: string; folder: string }> {
  const found = await stat(absolute).catch(() => undefined);
  if (found === undefined) {
    throw new UsageError(
      `There is no file or folder ${operand}`,
      'Paths are files or folders of the project.',
    );
  }
  return { path: absolute, operand, folder: found.isDirectory() ? absolute : path.dirname(absolute) };
}

/** As a person in `folder` would write it, so that it can be clicked or pasted. */
function shownPath(folder: string, root: string, file: string): string {
  return relativeTo(folder, path.resolve(root, file));
}
