import { countLineEnds, flat } from '../text/textBuffer.ts';

/** One document's part of a text: whole lines, so that columns stay what they are. */
export interface DocumentPart {
  readonly text: string;
  readonly startLine: number;
  readonly lineCount: number;
}

/** Only directives, comments and blank lines: what may stand before the dashes of the document that it belongs to. */
function isPreamble(text: string): boolean {
  return !/^(?![#%]|[ \t]*(?:#|\r?$)|\uFEFF[ \t]*(?:[#%]|\r?$))/m.test(text);
}

/**
 * Splits a YAML stream where its documents begin. A line that starts with `---` or `...` ends a document even inside
 * quotes and block scalars (YAML 1.2.2, 9.1.2), so this is exact and needs no parser.
 */
export function splitDocuments(text: string): readonly DocumentPart[] {
  const starts: number[] = [0];
  const marker = /^(---|\.\.\.)(?=[ \t\r\n]|$)/gm;
  for (let match = marker.exec(text); match !== null; match = marker.exec(text)) {
    if (match[1] === '---') {
      if (match.index > 0) starts.push(match.index);
    } else {
      const lineEnd = text.indexOf('\n', match.index);
      if (lineEnd !== -1) starts.push(lineEnd + 1);
    }
  }
  const texts: string[] = [];
  let preamble = '';
  for (const [index, start] of starts.entries()) {
    const part = text.slice(start, starts[index + 1]);
    if (part === '' && starts.length > 1) continue;
    if (!part.startsWith('---') && isPreamble(part)) {
      preamble += part;
    } else {
      texts.push(preamble + part);
      preamble = '';
    }
  }
  if (preamble !== '' || texts.length === 0) texts.push((texts.pop() ?? '') + preamble);

  let startLine = 0;
  return texts.map((each) => {
    const lineCount = countLineEnds(each);
    const part = { text: each, startLine, lineCount };
    startLine += lineCount;
    return part;
  });
}

/** Documents at both ends of a text that are what they were, and what stands between them now. */
export interface Resplit {
  readonly head: number;
  readonly middle: readonly DocumentPart[];
  readonly tail: number;
}

/**
 * The same parts as `splitDocuments` gives, found by looking only at what lies around a change. Of the documents that are
 * the same, the last before and the first after the change are split again with it: dashes that came or went join them to it.
 */
export function resplitDocuments(text: string, before: readonly DocumentPart[]): Resplit {
  let head = 0;
  let start = 0;
  for (const part of before) {
    if (!standsAt(text, part.text, start)) break;
    start += part.text.length;
    head += 1;
  }
  let tail = 0;
  let end = text.length;
  for (let place = before.length - 1; place > head; place -= 1) {
    const part = before[place];
    if (part === undefined || !standsAt(text, part.text, end - part.text.length)) break;
    if (end - part.text.length < start) break;
    end -= part.text.length;
    tail += 1;
  }
  if (head > 0) {
    head -= 1;
    start -= before[head]?.text.length ?? 0;
  }
  if (tail > 0) {
    end += before[before.length - tail]?.text.length ?? 0;
    tail -= 1;
  }
  const startLine = before[head]?.startLine ?? 0;
  const middle = splitDocuments(flat(text.slice(start, end))).map((part) => ({
    ...part,
    startLine: startLine + part.startLine,
  }));
  return { head, middle, tail };
}

function standsAt(text: string, part: string, at: number): boolean {
  return at >= 0 && text.slice(at, at + part.length) === part;
}
