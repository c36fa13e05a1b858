import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { EXIT, type ExitCode, UsageError } from '../../app/failure.ts';
import { readPolicyTests } from '../../app/policies/policyTestFile.ts';
import { runPolicyTest, type TestFailure } from '../../app/policies/runPolicyTest.ts';
import { relativeTo } from '../../app/projectRoot.ts';
import { plural } from '../../core/text/instant.ts';
import type { PolicyInvocation } from '../commands/policy.ts';
import { json } from '../output/json.ts';
import { BLANK, line, paragraph, span } from '../output/text.ts';
import { clockOf } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

const TEST_FILE = /\.policy-test\.ya?ml$/;

interface TestOutcome {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly passed: boolean;
  readonly failures: readonly TestFailure[];
}

/** Runs the tests of the files that are named, else of all `*.policy-test.yaml` of the project. */
export function testPolicies(operands: readonly string[], invocation: PolicyInvocation): Promise<ExitCode> {
  const { options, terminal, cwd, signal } = invocation;
  return withProject(invocation, { unlocks: false }, async (project) => {
    await project.workspace.scan(signal);
    const base = path.resolve(cwd, options.root ?? '.');
    const files =
      operands.length === 0 ? testFilesIn(project.root) : operands.map((each) => path.resolve(base, each));
    if (files.length === 0)
      throw new UsageError(
        `There is no test of policies under ${project.root}`,
        'A file of tests is called NAME.policy-test.yaml; docs/policies.md shows one.',
      );
    const policyFiles = [...project.workspace.files().values()].filter(({ documents }) =>
      documents.some(({ resource }) => resource?.kind === 'Policy'),
    );
    const now = clockOf(options.now)?.now() ?? new Date();
    const outcomes = files.flatMap((file) => {
      const shown = relativeTo(cwd, file);
      return readPolicyTests(shown, textOf(file, shown)).map((test): TestOutcome => {
        const place = { folder: path.dirname(file), policyFiles, now };
        const own = {
          ...test,
          policies: [...test.policies, ...options.policy.map((each) => fromHere(each, cwd))],
        };
        const failures = runPolicyTest(own, place);
        return { file: shown, name: test.name, line: test.line, passed: failures.length === 0, failures };
      });
    });
    const failed = outcomes.filter(({ passed }) => !passed);
    if (options.format === 'json') {
      terminal.data(
        json({ passed: outcomes.length - failed.length, failed: failed.length, tests: outcomes }),
      );
    } else {
      terminal.out([
        ...outcomes.flatMap(({ file, name, passed, failures }) => [
          line(span(passed ? '  passed  ' : '  failed  ', passed ? 'good' : 'error'), span(name)),
          ...failures.flatMap((each) =>
            paragraph(
              [span(`          ${file}:${each.line}:${each.column}  `, 'quiet')],
              each.message,
              terminal.columns,
            ),
          ),
        ]),
        BLANK,
        line(
          span(`${outcomes.length - failed.length} passed`, 'good'),
          span(failed.length === 0 ? '' : ` · ${failed.length} failed`, 'error'),
          span(` in ${plural(files.length, 'file')}`, 'quiet'),
        ),
      ]);
    }
    return failed.length === 0 ? EXIT.clean : EXIT.findings;
  });
}

/** A path of the command line is seen from where it is typed, not from the test. */
function fromHere(reference: string, cwd: string): string {
  return /^(?:pack:|git\+)/.test(reference) ? reference : path.resolve(cwd, reference);
}

function testFilesIn(root: string): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const whole = path.join(folder, entry.name);
      if (entry.isDirectory()) visit(whole);
      else if (entry.isFile() && TEST_FILE.test(entry.name)) found.push(whole);
    }
  };
  visit(root);
  return found.sort();
}

function textOf(file: string, shown: string): string {
  try {
    if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  } catch {
    // Told below.
  }
  throw new UsageError(`There is no file ${shown}`, 'Name files of tests: NAME.policy-test.yaml.');
}
