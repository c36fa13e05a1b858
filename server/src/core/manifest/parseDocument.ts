import { Composer, Parser } from 'yaml';
import { type LineIndex, lineIndex } from '../text/lineIndex.ts';
import { buildTree, type TreeProblem } from './buildTree.ts';
import { readCommonYaml } from './commonYaml.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import type { LocalFinding } from './localFinding.ts';
import { syntaxSentence } from './syntaxErrors.ts';
import type { Tree, TreeNode } from './tree.ts';

/** One document understood as far as it can be. Positions count from its first line. */
export interface ParsedDocument {
  readonly text: string;
  readonly lines: LineIndex;
  readonly tree: Tree | undefined;
  /** Mistakes of YAML or JSON itself. After a syntax error there is one, since those that follow come of the first. */
  readonly findings: readonly LocalFinding[];
}

export type Syntax = 'yaml' | 'json';

/** Never throws; its time grows with the text's length alone. */
export function parseDocument(text: string, syntax: Syntax): ParsedDocument {
  const lines = lineIndex(text);
  const at = (rule: string, message: string, start: number, end: number): LocalFinding => ({
    rule,
    severity: 'error',
    message,
    range: lines.range(start, end),
    related: [],
    fixes: [],
  });

  const broken = text.indexOf('\uFFFD');
  if (broken !== -1) {
    const message = 'the file is not valid UTF-8 here; save it as UTF-8';
    return {
      text,
      lines,
      tree: undefined,
      findings: [at('manifest/invalid-utf8', message, broken, broken + 1)],
    };
  }
  const common = readCommonYaml(text);
  if (common !== undefined)
    return { text, lines, tree: common, findings: syntax === 'json' ? strictJson(text, at) : [] };
  const tokens = [...new Parser().parse(text)];
  const tooDeep = firstBelow(tokens, MANIFEST_LIMITS.depth);
  if (tooDeep !== undefined) {
    const message = `nested deeper than ${MANIFEST_LIMITS.depth} levels; a manifest needs fewer than ten`;
    return {
      text,
      lines,
      tree: undefined,
      findings: [at('manifest/too-deep', message, tooDeep, tooDeep + 1)],
    };
  }
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
  });
  const documents = [...composer.compose(tokens, false, text.length)];
  const document = documents[0];
  if (document === undefined) return { text, lines, tree: undefined, findings: [] };

  const error = documents.flatMap((each) => each.errors).sort((a, b) => a.pos[0] - b.pos[0])[0];
  const { tree, problems } = buildTree(document);
  if (error !== undefined) {
    const [start, end] = error.pos;
    const open = text.slice(start).trim() === '' ? leftOpen(text, tree?.root) : undefined;
    const from = open ?? pastSpaces(text, start);
    const message = open === undefined ? syntaxSentence(error.code) : NEVER_CLOSED;
    const stop = endOfLine(text, from, open === undefined ? Math.max(end, from + 1) : text.length);
    return { text, lines, tree, findings: [at('manifest/yaml-syntax', message, from, stop)] };
  }
  const findings = problems
    .slice(0, MANIFEST_LIMITS.findings)
    .map((problem) => treeFinding(problem, lines, at));
  const warning = document.warnings[0];
  if (warning !== undefined) {
    findings.push(
      at(
        'manifest/yaml-syntax',
        syntaxSentence(warning.code),
        warning.pos[0],
        Math.max(warning.pos[1], warning.pos[0] + 1),
      ),
    );
  }
  if (syntax === 'json' && findings.length === 0) findings.push(...strictJson(text, at));
  return { text, lines, tree, findings };
}

/** Of a wrong indentation, what is indented can be seen and the spaces cannot. */
function pastSpaces(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at += 1;
  return text[at] === undefined || text[at] === '\n' || text[at] === '\r' ? start : at;
}

const NEVER_CLOSED = 'this quote or bracket is never closed; close it, or put the value in other quotes';

/** A quote or bracket that is never closed shows only at the end of the text: where it was opened is what helps. */
function leftOpen(text: string, root: TreeNode | undefined): number | undefined {
  let opened: number | undefined;
  for (let node = root; node !== undefined; node = node.items.at(-1) ?? node.entries.at(-1)?.value) {
    const first = text[node.start] ?? '';
    const written = text.slice(node.start, node.end).trimEnd();
    const isClosed = node.kind === 'scalar' && written.length > 1 && written.endsWith(first);
    if (/["'[{]/.test(first) && !isClosed) opened = node.start;
  }
  return opened;
}

/** A range over several lines hides the mistake: it ends with its first line. */
function endOfLine(text: string, start: number, end: number): number {
  const newline = text.indexOf('\n', start);
  if (newline === -1 || newline >= end) return Math.min(end, Math.max(text.length, start));
  return Math.max(newline, start);
}

type At = (rule: string, message: string, start: number, end: number) => LocalFinding;

function treeFinding(problem: TreeProblem, lines: LineIndex, at: At): LocalFinding {
  const { start, end } = problem;
  switch (problem.what) {
    case 'duplicate-key': {
      const message = 'this key is there twice in one map; only one can count, so remove one of them';
      const finding = at('manifest/duplicate-key', message, start, end);
      const { first } = problem;
      if (first === undefined) return finding;
      return {
        ...finding,
        related: [{ message: 'the first one', range: lines.range(first.start, first.end) }],
      };
    }
    case 'bad-key':
      return at(
        'manifest/yaml-syntax',
        'a key is a map or a list here; in a manifest keys are text',
        start,
        end,
      );
    case 'unknown-alias': {
      const message =
        'this alias names no anchor above it; write the value, or set the anchor (&name) before';
      return at('manifest/unknown-alias', message, start, end);
    }
    case 'too-many-aliases': {
      const message = `aliases repeat more than ${MANIFEST_LIMITS.aliasedValues} values; write fewer of them`;
      return at('manifest/too-many-aliases', message, start, end);
    }
    case 'bad-merge':
      return at('manifest/yaml-syntax', 'a merge key (<<) takes a map or a list of maps', start, end);
    default:
      return problem.what satisfies never;
  }
}

/** YAML reads more than JSON allows (comments, open quotes, commas at the end): JSON files are held to JSON (RFC 8259). */
function strictJson(text: string, at: At): readonly LocalFinding[] {
  const body = text.replace(/^\uFEFF/, '');
  if (body.trim() === '') return [];
  try {
    JSON.parse(body);
    return [];
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const start = position === undefined ? 0 : Math.min(Number(position), Math.max(0, text.length - 1));
    const message =
      'JSON does not allow this: no comments, no comma at the end, all keys and texts in double quotes';
    return [at('manifest/json-syntax', message, start, start + 1)];
  }
}

interface Token {
  readonly offset?: number;
  readonly value?: unknown;
  readonly key?: unknown;
  readonly items?: readonly unknown[];
}

/** Offset of the first collection below that depth. Iterative: hostile text must not overflow the stack. */
function firstBelow(tokens: readonly unknown[], limit: number): number | undefined {
  const open: { readonly token: Token; readonly depth: number }[] = [];
  const push = (value: unknown, depth: number): void => {
    if (typeof value === 'object' && value !== null) open.push({ token: value as Token, depth });
  };
  for (const token of tokens) push(token, 0);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limit) return token.offset ?? 0;
    if (token.items === undefined) {
      push(token.value, depth);
      push(token.key, depth);
    } else {
      for (const item of token.items as readonly Token[]) {
        push(item.key, depth + 1);
        push(item.value, depth + 1);
      }
    }
  }
  return undefined;
}
