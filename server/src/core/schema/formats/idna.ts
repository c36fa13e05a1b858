/**
 * International labels of host names (IDNA2008: RFC 5890 to 5892). The rules are applied as far as a regular expression
 * knows Unicode: the right-to-left rules of RFC 5893 are left to the registries.
 */
import { decodePunycode, encodePunycode } from '../../text/punycode.ts';

const PREFIX = 'xn--';

/** RFC 5892, 2.6. */
const EXCEPTIONS = /^[\u00df\u03c2\u06fd\u06fe\u0f0b\u3007]$/u;
const EXCLUDED = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]$/u;
/** Old Hangul letters (RFC 5892, 2.9), and what no eye sees. */
const UNFIT =
  /^[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Noncharacter_Code_Point}]$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}\p{Mn}\p{Mc}]$/u;
/** Canonical combining class 9. */
const VIRAMA =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{112ea}\u{1134d}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}\u{11839}\u{119e0}\u{11a34}\u{11a47}\u{11a99}\u{11c3f}\u{11d44}\u{11d45}\u{11d97}]$/u;
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/** Characters that count in some surroundings alone (RFC 5892, appendix A). */
const IN_CONTEXT: Readonly<Record<string, (before: string, after: string, label: string) => boolean>> = {
  '\u200c': (before, after) =>
    VIRAMA.test(before) || (JOINING.test(before.slice(-1)) && JOINING.test(after.charAt(0))),
  '\u200d': (before) => VIRAMA.test(before),
  '\u00b7': (before, after) => before.endsWith('l') && after.startsWith('l'),
  '\u0375': (_, after) => /^\p{Script=Greek}/u.test(after),
  '\u05f3': (before) => /\p{Script=Hebrew}$/u.test(before),
  '\u05f4': (before) => /\p{Script=Hebrew}$/u.test(before),
  '\u30fb': (_before, _after, label) =>
    /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(label.replaceAll('\u30fb', '')),
};

/** What keeps a label with characters beyond ASCII from being a U-label (RFC 5891, 4.2); undefined: it is one. */
export function uLabelProblem(label: string): string | undefined {
  if (label.startsWith('-') || label.endsWith('-')) return 'a label starts or ends with a hyphen';
  if (label.slice(2, 4) === '--') return 'a label has hyphens at its third and fourth place';
  if (/^\p{M}/u.test(label)) return 'a label starts with a combining mark';
  if (label.normalize('NFC') !== label) return 'a label is not in Unicode’s composed form (NFC)';
  if (/[\u0660-\u0669]/.test(label) && /[\u06f0-\u06f9]/.test(label))
    return 'a label mixes two kinds of Arabic digits';
  let before = '';
  for (const character of label) {
    const after = label.slice(before.length + character.length);
    const rule = IN_CONTEXT[character];
    const isFit = rule === undefined ? isPermitted(character) : rule(before, after, label);
    if (!isFit) return `${codePoint(character)} has no place in a host name (RFC 5892)`;
    before += character;
  }
  return undefined;
}

/** RFC 5892, 3: what may stand anywhere in a label. */
function isPermitted(character: string): boolean {
  if (/^[a-z0-9-]$/.test(character) || EXCEPTIONS.test(character)) return true;
  if (EXCLUDED.test(character) || UNFIT.test(character)) return false;
  const stable = character.normalize('NFKC').toLowerCase().normalize('NFKC') === character;
  return stable && LETTER_OR_DIGIT.test(character);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What keeps a label that begins with `xn--` from being an A-label (RFC 5890, 2.3.2.1); undefined: it is one. */
export function aLabelProblem(label: string): string | undefined {
  const lower = label.toLowerCase();
  const decoded = decodePunycode(lower.slice(PREFIX.length));
  if (decoded === undefined || decoded === '') return 'a label begins with xn-- and is no Punycode';
  if (!/\P{ASCII}/u.test(decoded)) return 'a label begins with xn-- and stands for plain ASCII';
  if (`${PREFIX}${encodePunycode(decoded)}` !== lower) return 'a label begins with xn-- and is no Punycode';
  const inside = uLabelProblem(decoded);
  return inside === undefined ? undefined : `a label begins with xn--, but ${inside}`;
}

/** A host name as its writer surely meant it: composed, in lower case, with plain dots. */
export function mapped(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\u3002\uff0e\uff61]/g, '.');
}

/** `bücher` → `xn--bcher-kva`; undefined where it is no U-label or becomes too long. */
export function toALabel(label: string): string | undefined {
  if (uLabelProblem(label) !== undefined) return undefined;
  const encoded = encodePunycode(label);
  return encoded === undefined || encoded.length + PREFIX.length > 63 ? undefined : `${PREFIX}${encoded}`;
}
