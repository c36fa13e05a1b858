/** A file of tests for policies, `*.policy-test.yaml`, as it is written; each part with its place. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Severity } from '../../core/finding.ts';
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

/** More than a file of tests ever holds. */
const MOST_CHARACTERS = 1_000_000;
const SEVERITIES: readonly string[] = ['error', 'warning', 'info'] satisfies readonly Severity[];
const TEST_FIELDS = ['name', 'now', 'policies', 'manifests', 'files', 'expect', 'absent', 'complete'];

/** Throws UsageError with the place of what is wrong. */
export function readPolicyTests(file: string, text: string): readonly PolicyTest[] {
  if (text.length > MOST_CHARACTERS) throw new UsageError(`${file} is too long`, 'split it');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const spotAt = (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const spotOf = (node: unknown): Spot => spotAt((node as Node | null)?.range?.[0] ?? 0);
  const wrong = (node: unknown, what: string, hint: string): UsageError => {
    const { line, column } = spotOf(node);
    return new UsageError(`${file}:${line}:${column}: ${what}`, hint);
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, column } = spotAt(error.pos[0]);
    throw new UsageError(`${file}:${line}:${column}: ${error.message.split('\n')[0]}`, 'Correct the YAML.');
  }

  const textOf = (node: unknown, what: string): string => {
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    throw wrong(node, `${what} is no text`, 'Write it as text, in quotes if need be.');
  };
  const listOf = (map: YAMLMap, name: string): readonly unknown[] => {
    const node = map.get(name, true);
    if (node === undefined) return [];
    if (isSeq(node)) return node.items;
    throw wrong(node, `${name} is no list`, `Write ${name} as a list.`);
  };
  const checkFields = (map: YAMLMap, allowed: readonly string[]): void => {
    for (const { key } of map.items)
      if (!isScalar(key) || !allowed.includes(String(key.value)))
        throw wrong(
          key,
          `there is no field "${isScalar(key) ? String(key.value) : ''}" here`,
          `There are ${allowed.join(', ')}.`,
        );
  };
  const optional = (map: YAMLMap, name: string): string | undefined => {
    const node = map.get(name, true);
    return node === undefined ? undefined : textOf(node, name);
  };
  const expectation = (node: unknown): Expected => {
    if (isScalar(node)) return { ...spotOf(node), rule: textOf(node, 'a rule') };
    if (!isMap(node))
      throw wrong(node, 'this is no expectation', 'Write a rule, or a map with rule and identity.');
    checkFields(node, ['rule', 'identity', 'severity', 'message']);
    const rule = optional(node, 'rule');
    if (rule === undefined) throw wrong(node, 'the expectation names no rule', 'Add rule.');
    const severity = optional(node, 'severity');
    if (severity !== undefined && !SEVERITIES.includes(severity))
      throw wrong(
        node.get('severity', true),
        `there is no severity "${severity}"`,
        `There are ${SEVERITIES.join(', ')}.`,
      );
    const identity = optional(node, 'identity');
    const message = optional(node, 'message');
    return {
      ...spotOf(node),
      rule,
      ...(identity === undefined ? {} : { identity }),
      ...(severity === undefined ? {} : { severity: severity as Severity }),
      ...(message === undefined ? {} : { message }),
    };
  };

  const root: unknown = document.contents;
  if (!isMap(root)) throw wrong(root, 'it holds no tests', 'Write a list under tests.');
  checkFields(root, ['tests', 'policies', 'now']);
  const shared = listOf(root, 'policies').map((each) => textOf(each, 'a policy'));
  const tests = listOf(root, 'tests').map((node): PolicyTest => {
    if (!isMap(node)) throw wrong(node, 'this is no test', 'Write a map with name, manifests and expect.');
    checkFields(node, TEST_FIELDS);
    const name = optional(node, 'name');
    if (name === undefined) throw wrong(node, 'the test has no name', 'Add name.');
    const complete: unknown = node.get('complete');
    if (complete !== undefined && typeof complete !== 'boolean')
      throw wrong(node.get('complete', true), 'complete is neither true nor false', 'Write true or false.');
    const test = {
      ...spotOf(node.get('name', true)),
      name,
      now: optional(node, 'now') ?? optional(root, 'now'),
      policies: [...shared, ...listOf(node, 'policies').map((each) => textOf(each, 'a policy'))],
      manifests: optional(node, 'manifests') ?? '',
      files: listOf(node, 'files').map((each) => textOf(each, 'a file')),
      expect: listOf(node, 'expect').map(expectation),
      absent: listOf(node, 'absent').map(expectation),
      complete: complete === true,
    };
    if (test.manifests === '' && test.files.length === 0)
      throw wrong(node, 'the test has no manifests', 'Add manifests (text) or files.');
    if (test.expect.length + test.absent.length === 0 && !test.complete)
      throw wrong(node, 'the test expects nothing, so it cannot fail', 'Add expect, absent or complete.');
    return test;
  });
  if (tests.length === 0) throw wrong(root, 'it holds no tests', 'Write a list under tests.');
  return tests;
}
