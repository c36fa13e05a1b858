import { Composer, type CST, type Document, Parser, type YAMLParseError } from 'yaml';
import { type LineIndex, lineIndex } from '../text/lineIndex.ts';
import { buildTree } from './buildTree.ts';
import { readCommonYaml } from './commonYaml.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import type { LocalFinding } from './localFinding.ts';
import { jsonMistake } from './syntax/jsonMistake.ts';
import type { SyntaxMistake } from './syntax/mistake.ts';
import { syntaxSentence } from './syntax/sentences.ts';
import { treeMistakes } from './syntax/treeMistakes.ts';
import { type Stumble, yamlMistake } from './syntax/yamlMistake.ts';
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

  const found = (rule: string, mistake: SyntaxMistake): LocalFinding => ({
    ...at(rule, mistake.message, mistake.start, mistake.end),
    fixes: mistake.fixes.map(({ title, preferred, edits }) => ({
      title,
      preferred,
      edits: edits.map(({ start, end, newText }) => ({ range: lines.range(start, end), newText })),
    })),
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
  const notJson =
    syntax === 'json' && !isJson(text)
      ? found('manifest/json-syntax', jsonMistake(text) ?? { start: 0, end: 1, message: NO_JSON, fixes: [] })
      : undefined;
  if (common !== undefined)
    return { text, lines, tree: common, findings: notJson === undefined ? [] : [notJson] };
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
  const documents = compose(tokens, text.length);
  const document = documents[0];
  if (document === undefined) return { text, lines, tree: undefined, findings: [] };

  const { tree, problems } = buildTree(document);
  if (notJson !== undefined) return { text, lines, tree, findings: [notJson] };
  const error = firstError(documents);
  if (error !== undefined) {
    const [stopped, end] = error.pos;
    const open = text.slice(stopped).trim() === '' ? leftOpen(text, tree?.root) : undefined;
    const stumble = { code: error.code, start: open ?? pastSpaces(text, stopped), end };
    const mistake = yamlMistake(text, stumble, isYaml) ?? asParsed(text, stumble, open !== undefined);
    return { text, lines, tree, findings: [found('manifest/yaml-syntax', mistake)] };
  }
  const findings: LocalFinding[] = treeMistakes(text, problems)
    .slice(0, MANIFEST_LIMITS.findings)
    .map(({ rule, related, ...mistake }) => ({
      ...found(rule, mistake),
      related: related.map(({ message, start, end }) => ({ message, range: lines.range(start, end) })),
    }));
  const warning = document.warnings[0];
  if (warning !== undefined) {
    const [start, end] = warning.pos;
    findings.push(at('manifest/yaml-syntax', syntaxSentence(warning.code), start, Math.max(end, start + 1)));
  }
  return { text, lines, tree, findings };
}

function compose(tokens: Iterable<CST.Token>, length: number): readonly Document.Parsed[] {
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
  });
  return [...composer.compose(tokens, false, length)];
}

function firstError(documents: readonly Document.Parsed[]): YAMLParseError | undefined {
  return documents.flatMap((each) => each.errors).sort((a, b) => a.pos[0] - b.pos[0])[0];
}

function isYaml(text: string): boolean {
  return firstError(compose(new Parser().parse(text), text.length)) === undefined;
}

function isJson(text: string): boolean {
  const body = text.replace(/^\uFEFF/, '');
  if (body.trim() === '') return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

const NO_JSON =
  'JSON does not allow this: no comments, no comma at the end, all keys and texts in double quotes';

/** In the parser's own words, where it stopped. */
function asParsed(text: string, { code, start, end }: Stumble, neverClosed: boolean): SyntaxMistake {
  const message = neverClosed ? NEVER_CLOSED : syntaxSentence(code);
  const stop = endOfLine(text, start, neverClosed ? text.length : Math.max(end, start + 1));
  return { start, end: stop, message, fixes: [] };
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
  return Math.max(text[newline - 1] === '\r' ? newline - 1 : newline, start);
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
