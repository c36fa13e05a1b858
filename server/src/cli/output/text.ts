/**
 * Text for people. All of it passes through here as spans, so that what comes from a manifest or a certificate can never
 * steer the terminal: control and direction-changing characters are written out when a span is painted.
 */
import { displayWidth, truncate, wrap } from './displayWidth.ts';

export type Style = 'plain' | 'strong' | 'quiet' | 'good' | 'warning' | 'error' | 'accent';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];
/** A cell of a table: one span or several. */
export type Cell = string | Span | Line;

/** Words are there with and without colour: colour only repeats what they say. */
const SGR: Readonly<Record<Style, string>> = {
  plain: '',
  strong: '1',
  quiet: '2',
  good: '32',
  warning: '33',
  error: '31',
  accent: '36',
};

// Control characters, bidirectional controls (UAX #9), line and paragraph separators.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function span(text: string, style: Style = 'plain'): Span {
  return { text: visible(text), style };
}

export function line(...parts: readonly (string | Span)[]): Line {
  return parts.map((part) => (typeof part === 'string' ? span(part) : part));
}

export const BLANK: Line = [];

export function indent(by: number, lines: readonly Line[]): readonly Line[] {
  return lines.map((each) => (each.length === 0 ? each : [span(' '.repeat(by)), ...each]));
}

/** A sentence, wrapped, with further lines under its first word. */
export function paragraph(
  lead: Line,
  text: string,
  columns: number,
  style: Style = 'plain',
): readonly Line[] {
  const offset = lineWidth(lead);
  const lines = wrap(visible(text), Math.max(24, columns - offset));
  return lines.map((each, index) => [
    ...(index === 0 ? lead : [span(' '.repeat(offset))]),
    { text: each, style },
  ]);
}

export function lineWidth(spans: Line): number {
  return spans.reduce((sum, each) => sum + displayWidth(each.text), 0);
}

export function fitLine(spans: Line, columns: number): Line {
  let left = columns;
  const fitted: Span[] = [];
  for (const each of spans) {
    if (left <= 0) break;
    const text = truncate(each.text, left);
    fitted.push({ text, style: each.style });
    left -= displayWidth(text);
  }
  return fitted;
}

export function paint(lines: readonly Line[], colour: boolean): string {
  return lines
    .map(
      (spans) =>
        `${spans
          .map((each) => paintSpan(each, colour))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

function paintSpan(each: Span, colour: boolean): string {
  const code = SGR[each.style];
  return colour && code !== '' && each.text.trim() !== ''
    ? `\u001b[${code}m${each.text}\u001b[0m`
    : each.text;
}
