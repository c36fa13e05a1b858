import { fromHex } from '../octets.ts';

export type ReadAttributeValue =
  /** Where its separator stands, or the end of the text. */
  | { readonly form: 'text'; readonly text: string; readonly end: number }
  /** `#hex`: the BER of the value itself. */
  | { readonly form: 'octets'; readonly octets: Uint8Array; readonly end: number }
  /** `why` is a clause, such as `a quote is not closed`. */
  | { readonly form: 'wrong'; readonly why: string };

/** RFC 4514, 2.4 and 3; what may follow a backslash beside two hex digits. */
const SPECIAL = new Set([',', '+', '"', '\\', '<', '>', ';', ' ', '#', '=']);

/**
 * Reads the attribute value that starts at `start`: plain with escapes, as `#hex` (RFC 4514, 2.4), or in quotes as
 * RFC 2253, 4 wants them read still.
 */
export function readAttributeValue(text: string, start: number): ReadAttributeValue {
  const at = afterSpaces(text, start);
  if (text[at] === '#') return readHex(text, at + 1);
  return text[at] === '"' ? readText(text, at + 1, true) : readText(text, at, false);
}

function readHex(text: string, start: number): ReadAttributeValue {
  let at = start;
  while (/^[0-9a-fA-F]$/.test(text[at] ?? '')) at++;
  const digits = text.slice(start, at);
  const end = afterSpaces(text, at);
  if (digits === '' || digits.length % 2 !== 0 || !endsValue(text[end]))
    return wrong('after "#" only pairs of hex digits may stand (escape it as "\\#" where it is text)');
  return { form: 'octets', octets: fromHex(digits), end };
}

function readText(text: string, start: number, quoted: boolean): ReadAttributeValue {
  let value = '';
  /** How much of the value stays when the spaces at its end go: escaped and quoted ones stay. */
  let kept = 0;
  let at = start;
  for (; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') {
      const escaped = readEscapes(text, at);
      if (escaped.form !== 'text') return escaped;
      value += escaped.text;
      kept = value.length;
      at = escaped.end - 1;
    } else if (quoted) {
      if (character === '"') {
        const end = afterSpaces(text, at + 1);
        return endsValue(text[end])
          ? { form: 'text', text: value, end }
          : wrong(`after a closing quote stands "${text[end]}"`);
      }
      value += character;
    } else {
      if (endsValue(character)) break;
      if (character === '"' || character === '<' || character === '>')
        return wrong(`"${character}" must be escaped with a backslash`);
      value += character;
      if (character !== ' ') kept = value.length;
    }
  }
  return quoted ? wrong('a quote is not closed') : { form: 'text', text: value.slice(0, kept), end: at };
}

/** One escaped character, or all octets `\C4\8D` that follow each other: they are UTF-8 together. */
function readEscapes(text: string, start: number): ReadAttributeValue {
  let at = start;
  let percent = '';
  while (text[at] === '\\' && /^[0-9a-fA-F]{2}$/.test(text.slice(at + 1, at + 3))) {
    percent += `%${text.slice(at + 1, at + 3)}`;
    at += 3;
  }
  if (percent === '') {
    const next = text[start + 1] ?? '';
    return SPECIAL.has(next)
      ? { form: 'text', text: next, end: start + 2 }
      : wrong(`"\\${next}" is no escape`);
  }
  try {
    return { form: 'text', text: decodeURIComponent(percent), end: at };
  } catch {
    return wrong('its escaped octets are no UTF-8');
  }
}

function afterSpaces(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ') at++;
  return at;
}

function endsValue(character: string | undefined): boolean {
  return character === undefined || character === ',' || character === ';' || character === '+';
}

function wrong(why: string): { readonly form: 'wrong'; readonly why: string } {
  return { form: 'wrong', why };
}
