import type { RuleMeta } from '../../rules/rule.ts';
import type { Detection, Detector } from '../detector.ts';
import { textOfBase64 } from '../login.ts';
import { SECRET_NAME, SECRET_NAME_KEYWORDS } from '../secretName.ts';
import { isDocument, isMade, isSecretValue, isSourceFile, isTriedOut } from '../secretValue.ts';
import { type SettingValue, settingValueAt } from '../settingValue.ts';

const ASSIGNED: RuleMeta = {
  id: 'secret/assigned-secret',
  severity: 'info',
  title: 'What is called a secret is given a value that looks like one',
  why: 'The name says that it is to be kept, and the value is neither a reference nor a word that stands for one. What it opens cannot be told from here.',
  remedy:
    'If it is a secret, change it and take it from a secret store or a variable. If it is none, a name that says what it is helps whoever reads on.',
};

/** Made by tools, translated or drawn: what is called a password there is its label, and what is random a sum. */
const UNREAD =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|translations|dist|build|generated|__snapshots__)\/|(?:[-.]lock|\.lock\.json|[-_]lock\.(?:json|ya?ml)|\.sum|\.min\.js|\.map|\.snap|\.svg|\.po|\.csv|\.css|\.pyc|\.class|\.jar|\.wasm|\.so)$/i;
const HEXADECIMAL = /^(?:0x)?[0-9a-f:-]+$/i;
/** As services make them: 16 to 32 octets in small letters. Shorter is a colour, longer a vector. */
const HEX_TOKEN = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{48}|[0-9a-f]{64})$/;
/** A bare `key` or `secret` of so many octets stands in every vector of a cipher. */
const VECTORS = /vector/i;
const OF_SERVICE = /(?:token|(?:api|access|auth|app)[_-]?key|\w[_-]?secret)$/i;
const HASH = /^(?:sha\d{1,3}|md5|blake\w*)[-:=$]/i;
/** Public by its kind, a URL, a path, a version, an address; or a token that its checksum disproves. */
const OPEN =
  /^(?:gh[opsur]_|npm_|ssh-|ecdsa-|AAAA[BCE]|MII[A-Z]|pk_|https?:)|^[\w.-]+@[\w.-]+$|^v?\d+(?:\.\d+)+|[/\\].*[/\\].*\.\w{1,5}$/;
const WORD = /[A-Z]?[a-z]{3,}|[A-Z]{4,}/g;
/** Of a word; letters at random have fewer. */
const FEWEST_VOWELS = 0.2;
const MOST_WORDS = 0.5;

const QUOTES: ReadonlySet<number> = new Set([0x22, 0x27, 0x60, 0x5c]);
/** `=`, `:`, `>`, `<`, `,`, `|`, `]`, `{`, a line end, `?=`, `.=`, `+=`. */
const ASSIGNING: ReadonlySet<number> = new Set([
  0x3d, 0x3a, 0x3e, 0x3c, 0x2c, 0x7c, 0x5d, 0x7b, 0x0a, 0x3f, 0x2e, 0x2b,
]);
const LONGEST_TAIL = 24;
/** `The password is \`…\`.` */
const SENTENCE = /[*`]{0,3}[ \t]+(?:is|was)[ \t]*:?[ \t]+[`"'*]{1,3}([^\s`"'*]{8,128})[`"'*]/y;
/** The next cell of a table in Markdown. */
const CELL = /[*`]{0,3}[ \t]*\|[ \t]*[*`]{0,3}([^\s|`*]{8,128})[*`]{0,3}[ \t]*(?:\||\n|$)/y;

/** Quiet: names alone are not enough, and how random a value looks is not, either. */
export const detector: Detector = {
  rules: [ASSIGNED],
  keywords: SECRET_NAME_KEYWORDS,
  reach: 'near',
  isVague: true,
  reads: (path) => (!isTriedOut(path) || isDocument(path)) && !UNREAD.test(path),
  follows(bytes, end) {
    let at = end;
    while (at < end + LONGEST_TAIL && isNameSign(bytes[at] ?? 0)) at += 1;
    while (at < end + LONGEST_TAIL && QUOTES.has(bytes[at] ?? 0)) at += 1;
    while (at < end + LONGEST_TAIL && ((bytes[at] ?? 0) === 0x20 || (bytes[at] ?? 0) === 0x09)) at += 1;
    return ASSIGNING.has(bytes[at] ?? 0) || isPhrase(bytes, at);
  },
  *find({ text, at, path }): Generator<Detection> {
    SECRET_NAME.lastIndex = at;
    const [name] = SECRET_NAME.exec(text) ?? [];
    // Of a URL, as of a badge, it is meant to be seen.
    if (name === undefined || /[?&][\w-]*$/.test(text.slice(Math.max(0, at - 40), at))) return;
    const found = settingValueAt(text, at + name.length) ?? toldAt(text, at + name.length, path);
    if (found === undefined || (!found.isQuoted && isSourceFile(path))) return;
    const { value, start, end } = found;
    if (!isSecretValue(value, path, 8) || HASH.test(value) || OPEN.test(value)) return;
    const called = text.slice(Math.max(0, at - 2), at) + name;
    const isToken = HEX_TOKEN.test(value) && OF_SERVICE.test(called) && !VECTORS.test(path);
    if (HEXADECIMAL.test(value) && !isToken) return;
    const inner = textOfBase64(value);
    if (inner !== undefined && /^[\x20-\x7e\s]+$/.test(inner) && !isSecretValue(inner.trim(), path)) return;
    const isPassword = /pass|pwd/i.test(name) && !isSourceFile(path);
    // A document tells of many things by name; what it calls a password is one, if somebody made it.
    if (isDocument(path) && !(isPassword && /\d.*\d/.test(value))) return;
    if (isPassword ? /\d|[^\w-]/.test(value) : isMade(value) && wordsIn(value) <= MOST_WORDS)
      yield { rule: ASSIGNED, what: 'a value that looks like a secret', start, end };
  },
};

/** In the next cell, or in a sentence. */
function toldAt(text: string, after: number, path: string): SettingValue | undefined {
  if (!isDocument(path)) return undefined;
  SENTENCE.lastIndex = after;
  const [whole, value = ''] = SENTENCE.exec(text) ?? [];
  if (whole === undefined) return cellAt(text, after);
  const start = after + whole.lastIndexOf(value);
  return { value, start, end: start + value.length, isQuoted: true };
}

function cellAt(text: string, after: number): SettingValue | undefined {
  const line = text.slice(text.lastIndexOf('\n', after) + 1, after);
  if (!line.trimStart().startsWith('|')) return undefined;
  CELL.lastIndex = after;
  const [whole, value = ''] = CELL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const start = after + whole.lastIndexOf(value);
  return { value, start, end: start + value.length, isQuoted: true };
}

/** ` value=` of XML, ` is ` of a sentence, ` string = ` of a declaration. */
function isPhrase(bytes: Uint8Array, at: number): boolean {
  const [before, first, second] = [bytes[at - 1], bytes[at], bytes[at + 1]];
  if (before === 0x20 && first === 0x73) return true;
  return (first === 0x76 && second === 0x61) || (first === 0x69 && second === 0x73);
}

function isNameSign(octet: number): boolean {
  const small = octet | 0x20;
  return (
    (small >= 0x61 && small <= 0x7a) || (octet >= 0x30 && octet <= 0x39) || octet === 0x5f || octet === 0x2d
  );
}

/** How much of it is words: names have digits and capitals, too. */
function wordsIn(value: string): number {
  let length = 0;
  for (const [word] of value.matchAll(WORD))
    if ((word.match(/[aeiou]/gi)?.length ?? 0) / word.length > FEWEST_VOWELS) length += word.length;
  return length / value.length;
}
