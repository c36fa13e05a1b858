import { WRAPPER } from './settingValue.ts';

/** What a function is called with, as far as it is written there: strings of any language, with what makes bytes of them. */
export interface Literal {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The name of the argument, too, where a language has it. */
const BEFORE = new RegExp(String.raw`\s*(?:\w{1,20}[ \t]*[:=](?!=)\s*)?${WRAPPER}{0,3}(["'\`])`, 'iy');
const MOST = 8;
const LONGEST = 1200;

/** `at`: after the opening parenthesis. One for each argument, undefined where it is no string alone. */
export function callArguments(text: string, at: number): readonly (Literal | undefined)[] {
  const found: (Literal | undefined)[] = [];
  const last = Math.min(text.length, at + LONGEST);
  let from = at;
  while (found.length < MOST && from < last) {
    const next = argumentEnd(text, from, last);
    found.push(literal(text, from, next));
    if (text[next] !== ',') break;
    from = next + 1;
  }
  return found;
}

/** The comma or parenthesis that ends the argument. */
function argumentEnd(text: string, from: number, last: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < last; at += 1) {
    const sign = text[at] ?? '';
    if (quote !== undefined) {
      if (sign === '\\') at += 1;
      else if (sign === quote || sign === '\n') quote = undefined;
    } else if (/["'`]/.test(sign)) quote = sign;
    else if (/[([{]/.test(sign)) depth += 1;
    else if (/[)\]}]/.test(sign) && depth > 0) depth -= 1;
    else if (depth === 0 && /[,)]/.test(sign)) return at;
  }
  return last;
}

function literal(text: string, from: number, end: number): Literal | undefined {
  BEFORE.lastIndex = from;
  const [before, quote = ''] = BEFORE.exec(text) ?? [];
  if (before === undefined) return undefined;
  const start = from + before.length;
  const close = text.indexOf(quote, start);
  if (
    close === -1 ||
    close >= end ||
    !/^[\s)\]]*(?:(?:\.|->)\w+\([\w.:]*\)[\s)]*|as \w+)?$/.test(text.slice(close + 1, end))
  )
    return undefined;
  return { value: text.slice(start, close), start, end: close };
}
