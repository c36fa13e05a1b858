/** A file of tests for policies, `*.policy-test.yaml`, as it is written; each part with its place. */
import type { Severity } from '../../core/finding.ts';
import { type ManifestDocument, parseManifestFile } from '../../core/manifest/manifestFile.ts';
import type { ManifestPath } from '../../core/manifest/path.ts';
import { testProblems } from '../../core/policy/policyTests.ts';
import type { PolicyTestExpectation, PolicyTestManifest } from '../../core/schema/generated/specs.ts';
import type { Position } from '../../core/text/position.ts';
import { UsageError } from '../failure.ts';

export interface Spot {
  readonly line: number;
  readonly column: number;
}

export interface Expected extends Spot {
  readonly rule: string;
  readonly identity?: string;
  readonly severity?: Severity;
  /** Part of the message. */
  readonly message?: string;
}

export interface PolicyTest extends Spot {
  readonly name: string;
  /** First day that it is judged on. */
  readonly now: string | undefined;
  /** As `--policy` names them, seen from the file's folder. */
  readonly policies: readonly string[];
  /** Manifests as text. */
  readonly manifests: string;
  /** Files of manifests, seen from the file's folder. */
  readonly files: readonly string[];
  readonly expect: readonly Expected[];
  readonly absent: readonly Expected[];
  /** Policies find nothing else. */
  readonly complete: boolean;
}

/** Whatever the file is called, it is read as one of tests. */
const AS_TESTS = 'file.policy-test.yaml';

/** Throws UsageError with the place of what is wrong. */
export function readPolicyTests(file: string, text: string): readonly PolicyTest[] {
  const { documents, findings } = parseManifestFile(AS_TESTS, text);
  const wrong = ({ line, character }: Position, what: string): UsageError =>
    new UsageError(
      `${file}:${line + 1}:${character + 1}: ${what}`,
      'idac check shows all that is wrong with it; docs/kinds/policy-test.md lists the fields.',
    );
  const [first] = findings;
  if (first !== undefined) throw wrong(first.range.start, first.message);
  const [document, second] = documents.filter(({ value }) => value !== undefined && value !== null);
  const start = { line: 0, character: 0 };
  if (document === undefined) throw wrong(start, 'it holds no tests; write a list under tests');
  if (second !== undefined)
    throw wrong({ ...start, line: second.startLine }, 'one file of tests is one document; split it');
  // What is no manifest is shown with the test that has it.
  const [problem] = testProblems(document, { manifests: false });
  if (problem !== undefined) throw wrong(problem.range.start, problem.message);
  // It satisfies the schema that the type is made from.
  return testsIn(document, document.value as unknown as PolicyTestManifest);
}

function testsIn(document: ManifestDocument, file: PolicyTestManifest): readonly PolicyTest[] {
  const spotOf = (path: ManifestPath): Spot => {
    const { line, character } = document.locate(path)?.start ?? { line: 0, character: 0 };
    return { line: line + 1, column: character + 1 };
  };
  return file.tests.map((test, place): PolicyTest => {
    const path = ['tests', place];
    const expectations = (name: 'expect' | 'absent'): readonly Expected[] =>
      (test[name] ?? []).map((each, at) => ({
        ...spotOf([...path, name, at]),
        ...expectationOf(each),
      }));
    return {
      ...spotOf([...path, 'name']),
      name: test.name,
      now: test.now ?? file.now,
      policies: [...(file.policies ?? []), ...(test.policies ?? [])],
      manifests: test.manifests ?? '',
      files: test.files ?? [],
      expect: expectations('expect'),
      absent: expectations('absent'),
      complete: test.complete === true,
    };
  });
}

function expectationOf(written: PolicyTestExpectation): Omit<Expected, keyof Spot> {
  return typeof written === 'string' ? { rule: written } : written;
}
