import { MANIFEST_LIMITS } from '../manifest/limits.ts';
import type { ManifestPath } from '../manifest/path.ts';
import { contentEnd } from '../text/lineIndex.ts';
import type { Notes } from './outline.ts';
import { isColon, readToken, skipSpaces } from './token.ts';

interface Flow {
  readonly kind: 'map' | 'list';
  readonly path: ManifestPath;
  key: string;
  index: number;
  /** What may come next; `done`: only a comma or the closing bracket. */
  expects: 'key' | 'value' | 'done';
}

/**
 * Reads brackets and braces from their opening on; gives the offset after them. A value between brackets is indented
 * deeper than the block around it (YAML 1.2.2, 8.1), so a line that is not shows that they were never closed.
 */
export function scanFlow(
  text: string,
  start: number,
  path: ManifestPath,
  outerColumn: number,
  notes: Notes,
): number {
  const { cursor } = notes;
  const stack: Flow[] = [];
  /** Since where nothing but space was read. */
  let gap = start;
  let isComment = false;
  let at = start;

  const slot = (flow: Flow): ManifestPath => [...flow.path, flow.kind === 'map' ? flow.key : flow.index];
  const inGap = (until: number): void => {
    const flow = stack.at(-1);
    if (flow === undefined || isComment || cursor < gap || cursor > until || flow.expects === 'done') return;
    const isKey = flow.expects === 'key';
    notes.spot({
      what: isKey ? 'entry' : 'value',
      path: isKey ? flow.path : slot(flow),
      start: cursor,
      end: cursor,
      quote: undefined,
      flow: true,
      colon: false,
    });
  };

  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\n') {
      const lineStart = at + 1;
      const first = skipSpaces(text, lineStart, text.length);
      const isBlank = /^[\r\n]?$/.test(text[first] ?? '');
      // On a blank line the cursor stands for what will be typed there.
      const isTyped = cursor >= lineStart && cursor <= first;
      const column = (isBlank ? cursor : first) - lineStart;
      if ((!isBlank || isTyped) && column <= outerColumn && !/[\]}]/.test(text[first] ?? '')) {
        inGap(contentEnd(text, start, at));
        return lineStart;
      }
      at = lineStart;
      continue;
    }
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    if (character === '#' && /\s/.test(text[at - 1] ?? '')) {
      const newline = text.indexOf('\n', at);
      const end = newline === -1 ? text.length : newline;
      if (cursor > at && cursor <= end) isComment = true;
      at = end;
      continue;
    }
    const opens = character === '{' || character === '[';
    if (!opens || cursor < at) inGap(at);
    const flow = stack.at(-1);
    if (opens) {
      if (stack.length > MANIFEST_LIMITS.depth) return text.length;
      const isMap = character === '{';
      stack.push({
        kind: isMap ? 'map' : 'list',
        path: flow === undefined ? path : slot(flow),
        key: '',
        index: 0,
        expects: isMap ? 'key' : 'value',
      });
      at += 1;
    } else if (character === '}' || character === ']') {
      stack.pop();
      at += 1;
      const outer = stack.at(-1);
      if (outer === undefined) return at;
      outer.expects = 'done';
    } else if (flow === undefined) {
      return at;
    } else if (character === ',') {
      flow.expects = flow.kind === 'map' ? 'key' : 'value';
      flow.index += 1;
      at += 1;
    } else {
      at = readScalar(flow, at);
    }
    gap = at;
  }
  inGap(text.length);
  return text.length;

  function readScalar(flow: Flow, from: number): number {
    const newline = text.indexOf('\n', from);
    const lineEnd = contentEnd(text, from, newline === -1 ? text.length : newline);
    const token = readToken(text, from, lineEnd, flow.expects === 'key' ? ':,[]{}' : ',[]{}');
    const colon = skipSpaces(text, token.end, lineEnd);
    // After a quoted key, as in JSON, the colon needs no space after it.
    const isKey =
      flow.expects === 'key' && (token.quote === undefined ? isColon(text, colon) : text[colon] === ':');
    if (cursor >= token.start && cursor <= token.end && flow.expects !== 'done') {
      notes.spot({
        what: flow.expects === 'key' ? 'entry' : 'value',
        path: flow.expects === 'key' ? flow.path : slot(flow),
        start: token.start,
        end: token.end,
        quote: token.quote,
        flow: true,
        colon: isKey,
      });
    }
    if (isKey) {
      flow.key = token.text;
      flow.expects = 'value';
      const value = readToken(text, skipSpaces(text, colon + 1, lineEnd), lineEnd, ',[]{}');
      notes.entry(flow.path, { key: token.text, start: token.start, value: value.text });
      return colon + 1;
    }
    if (flow.kind === 'list' && flow.expects === 'value') notes.item(flow.path, token.text);
    flow.expects = 'done';
    return Math.max(token.end, from + 1);
  }
}
