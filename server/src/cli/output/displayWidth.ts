/**
 * How many columns a text takes on a terminal: by grapheme (UAX #29), two for East Asian wide ones (UAX #11) and emoji,
 * none for marks.
 */
/** Made when first needed: it costs as much as reading this whole program, and most texts are narrow. */
let segmenter: Intl.Segmenter | undefined;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2})/u;
const MARK_ONLY = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** ASCII, Latin-1 and punctuation such as `…`: one column each, and nothing in them joins with another. */
const NARROW = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027]*$/;

/** First and last code points of the wide and fullwidth blocks. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest start of `text` that fits, with `…` where something was cut off. */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 1;
  for (const { segment } of graphemesOf(text)) {
    width += graphemeWidth(segment);
    if (width > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A command line between backquotes stays in one piece, so that it can be copied; so does a long word. */
const WORD = /[^\s`]*`[^`]*`[^\s`]*|\S+/g;

/** Lines of at most `columns`, broken at spaces. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const [word] of paragraph.matchAll(WORD)) {
      if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > columns) {
        lines.push(line);
        line = word;
      } else {
        line = line === '' ? word : `${line} ${word}`;
      }
    }
    lines.push(line);
  }
  return lines;
}

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function graphemeWidth(grapheme: string): number {
  if (MARK_ONLY.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
