import { contentEnd } from '../text/lineIndex.ts';
import { skipSpaces } from './token.ts';

/** Lines that fold into the first of them; both ends belong to it. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'document' | 'block' | 'comment' | 'region';
}

interface Open {
  readonly line: number;
  readonly column: number;
}

/**
 * Documents, what is indented below a line, comments of several lines, and what stands between `# region` and
 * `# endregion`. It reads indentation alone, so that nothing
 * unfolds while a text is half-typed.
 */
export function foldsOf(text: string): readonly Fold[] {
  const folds: Fold[] = [];
  const open: Open[] = [];
  const regions: number[] = [];
  let comment: Open | undefined;
  let documentStart = 0;
  let isMarked = false;
  /** The last line that is not blank. */
  let last = -1;

  const fold = (startLine: number, endLine: number, kind: Fold['kind']): void => {
    if (endLine > startLine) folds.push({ startLine, endLine, kind });
  };
  const close = (column: number): void => {
    for (let top = open.at(-1); top !== undefined && top.column >= column; top = open.at(-1)) {
      fold(top.line, last, 'block');
      open.pop();
    }
  };
  let line = 0;
  for (let start = 0; start <= text.length; line++) {
    const newline = text.indexOf('\n', start);
    const end = contentEnd(text, start, newline === -1 ? text.length : newline);
    const first = skipSpaces(text, start, end);
    const isComment = text[first] === '#';
    if (comment !== undefined && !(isComment && first - start === comment.column)) {
      fold(comment.line, line - 1, 'comment');
      comment = undefined;
    }
    if (first < end) {
      if (isComment) {
        comment ??= { line, column: first - start };
        const marker = REGION.exec(text.slice(first, end))?.[1];
        if (marker === 'region') regions.push(line);
        else if (marker !== undefined) fold(regions.pop() ?? line, line, 'region');
      } else if (isMarker(text, start, end)) {
        close(-1);
        fold(documentStart, last, 'document');
        documentStart = line;
        isMarked = true;
      } else {
        // A list may stand in the column of its key: its items are below it all the same.
        const column = 2 * (first - start) + (isDash(text, first, end) ? 1 : 0);
        close(column);
        open.push({ line, column });
      }
      if (!isComment) last = line;
    }
    if (newline === -1) break;
    start = newline + 1;
  }
  if (comment !== undefined) fold(comment.line, line, 'comment');
  close(-1);
  if (isMarked) fold(documentStart, last, 'document');
  return folds.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}

const REGION = /^#\s*(region|endregion)\b/;

function isDash(text: string, at: number, end: number): boolean {
  return text[at] === '-' && (at + 1 === end || text[at + 1] === ' ');
}

function isMarker(text: string, start: number, end: number): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(start, Math.min(end, start + 4)));
}
