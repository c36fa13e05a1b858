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

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
