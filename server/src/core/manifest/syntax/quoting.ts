import { unclosed } from './brackets.ts';
import { body, type Line, valueStart } from './lines.ts';
import { insertion, one, type SyntaxMistake } from './mistake.ts';

/** `"text` without its end; `"text" more` behind it. */
export function* quotes(line: Line): Generator<SyntaxMistake> {
  const text = body(line.text);
  for (const at of quoteStarts(text)) {
    const quote = text[at] ?? '"';
    const close = closingQuote(text, at);
    const start = line.start + at;
    if (close === undefined) {
      const flow = isFlow(text, at);
      const tail = flow ? (/[\s,\]}]*$/.exec(text)?.[0].length ?? 0) : 0;
      const message = `this quote is never closed; put ${quote} where the text ends`;
      const end = line.start + text.length - tail;
      yield one(start, start + 1, message, `Close it with ${quote}`, [insertion(end, quote)]);
      // Half-typed: what is open around it is closed with it.
      const { open } = unclosed(text.slice(0, at), valueStart(text));
      const closers = open
        .map(({ closer }) => closer)
        .reverse()
        .join('');
      if (flow)
        yield one(start, start + 1, message, `Close it with ${quote}`, [insertion(end, quote + closers)]);
      return;
    }
    const rest = text.slice(close + 1);
    const behind = (isFlow(text, at) ? /^[^,\]}]*/.exec(rest)?.[0] : rest)?.trimEnd() ?? '';
    if (behind === '' || /^ *:|["']/.test(behind)) continue;
    const from = line.start + close;
    const until = from + 1 + behind.length;
    const message = 'this stands behind the closing quote; put it inside the quotes';
    const edits = [{ start: from, end: from + 1, newText: '' }, insertion(until, quote)];
    yield one(from + 1, until, message, 'Put it inside the quotes', edits);
  }
}

/** Inside brackets or braces of its line. */
function isFlow(text: string, at: number): boolean {
  return /[[{]/.test(text.slice(valueStart(text), at));
}

function* quoteStarts(text: string): Generator<number> {
  for (let at = valueStart(text); at < text.length; at++) {
    const isStart = /["']/.test(text[at] ?? '') && /(?:^|[\s[{,])$/.test(text.slice(Math.max(0, at - 1), at));
    if (!isStart) continue;
    yield at;
    at = closingQuote(text, at) ?? text.length;
  }
}

function closingQuote(text: string, open: number): number | undefined {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at += 1;
      else return at;
    }
  }
  return undefined;
}

const SIGNS: Readonly<Record<string, string>> = {
  '{': 'braces begin a map',
  '[': 'brackets begin a list',
  '@': '@ begins no plain text in YAML',
  '`': '` begins no plain text in YAML',
  '%': '% begins no plain text in YAML',
  '&': '& begins an anchor',
  '!': '! begins a tag',
  '|': '| begins a text of several lines',
  '>': '> begins a text of several lines',
};

/** `{machine}/tls.pem`, `@team`, `a: b`: text that YAML reads as something else. */
export function* needsQuotes(line: Line): Generator<SyntaxMistake> {
  const text = body(line.text);
  const from = valueStart(text);
  const value = text.slice(from);
  const why =
    SIGNS[value[0] ?? ''] ?? (from > 0 && /: /.test(value) ? 'a colon and a space begin a value' : undefined);
  // A map or list that is not closed is no text.
  const isOpen = /^[[{]/.test(value) && !/^(?:\{[^{}]*\}|\[[^[\]]*\])[^\s,}\]]/.test(value);
  if (value === '' || why === undefined || isOpen) return;
  const start = line.start + from;
  const end = start + value.length;
  yield one(start, end, `${why}; put this text in quotes`, 'Put it in quotes', [
    { start, end, newText: JSON.stringify(value) },
  ]);
}
