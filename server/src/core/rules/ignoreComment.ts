/** `# idac-ignore RULE until 2030-01-31: reason`: a person's word that one finding stays for a while. */
import { IGNORE_WORD as WORD } from '../manifest/ignoreWord.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import type { TreeNode } from '../manifest/tree.ts';
import { isDay, isDayOver } from '../text/day.ts';
import { contentEnd } from '../text/lineIndex.ts';
import type { Range } from '../text/position.ts';
import { perValue } from './perValue.ts';

export interface IgnoreComment {
  readonly file: string;
  /** Of the word `idac-ignore`. */
  readonly range: Range;
  /** Of the rule's id; the word's where there is none. */
  readonly ruleRange: Range;
  /** With the space or the line that goes when the comment goes. */
  readonly removal: Range;
  /** Empty: none is named. */
  readonly rule: string;
  /** As written, `2030-01-31`; undefined: there is none, or it is no day. */
  readonly until: string | undefined;
  readonly reason: string;
  /** Line in the file that it is about. */
  readonly line: number;
}

/** All of a project's files. */
export const ignoreComments = perValue(
  (files: ReadonlyMap<string, ManifestFile>): readonly IgnoreComment[] => {
    const found: IgnoreComment[] = [];
    for (const file of files.values()) if (file.ignoring.length > 0) found.push(...commentsOfFile(file));
    return found;
  },
);

const commentsOfFile = ({ path, ignoring }: ManifestFile): readonly IgnoreComment[] =>
  /\.json$/i.test(path)
    ? []
    : ignoring.flatMap((document) => commentsIn(document).map((comment) => ({ ...comment, file: path })));

/** It says what, until when and why. */
export function isComplete({ rule, until, reason }: IgnoreComment): boolean {
  return rule !== '' && until !== undefined && reason !== '';
}

/** The day that it names is over (in UTC). */
export function isOver({ until }: IgnoreComment, now: Date): boolean {
  return until !== undefined && isDayOver(until, now);
}

const commentsIn = perValue((document: ManifestDocument): readonly Omit<IgnoreComment, 'file'>[] => {
  if (!document.ours) return [];
  const { text, root } = document;
  const lines = text.split('\n');
  const found: Omit<IgnoreComment, 'file'>[] = [];
  let offset = 0;
  for (const [number, line] of lines.entries()) {
    const start = commentStart(line);
    if (start !== undefined && !isInScalar(root, offset + start))
      found.push(readComment(document, lines, number, start));
    offset += line.length + 1;
  }
  return found;
});

function commentStart(line: string): number | undefined {
  const match = /(?:^|\s)#[ \t]*idac-ignore(?=[\s:]|$)/.exec(line);
  return match === null ? undefined : line.indexOf('#', match.index);
}

function readComment(
  { startLine }: ManifestDocument,
  lines: readonly string[],
  number: number,
  start: number,
): Omit<IgnoreComment, 'file'> {
  const line = lines[number] ?? '';
  const end = contentEnd(line, 0, line.length);
  const word = line.indexOf(WORD, start);
  // Another comment may follow in the same line.
  const [body = ''] = line.slice(word + WORD.length, end).split(/\s#/, 1);
  const colon = body.indexOf(':');
  const [rule = '', until, date] = (colon === -1 ? body : body.slice(0, colon)).trim().split(/\s+/);
  const at = (from: number, to: number, toLine = number): Range => ({
    start: { line: startLine + number, character: from },
    end: { line: startLine + toLine, character: to },
  });
  const before = line.slice(0, start);
  const isAlone = before.trim() === '';
  const isLast = number + 1 >= lines.length;
  const range = at(word, word + WORD.length);
  const ruleStart = line.indexOf(rule, word + WORD.length);
  return {
    range,
    ruleRange: rule === '' ? range : at(ruleStart, ruleStart + rule.length),
    removal: isAlone && !isLast ? at(0, 0, number + 1) : at(before.trimEnd().length, end),
    rule,
    until: until === 'until' && date !== undefined && isDay(date) ? date : undefined,
    reason: colon === -1 ? '' : body.slice(colon + 1).trim(),
    line: startLine + (isAlone ? lineBelow(lines, number) : number),
  };
}

/** Several comments may stand above one line. */
function lineBelow(lines: readonly string[], number: number): number {
  let below = number + 1;
  while (/^\s*#/.test(lines[below] ?? '')) below += 1;
  return below;
}

/** In a block scalar or between quotes it is text. */
function isInScalar(root: TreeNode | undefined, offset: number): boolean {
  const covers = (node: TreeNode): boolean => offset >= node.start && offset < node.end;
  let node = root !== undefined && covers(root) ? root : undefined;
  while (node !== undefined && node.kind !== 'scalar')
    node = [...node.entries.map(({ value }) => value), ...node.items].find(covers);
  return node !== undefined;
}
