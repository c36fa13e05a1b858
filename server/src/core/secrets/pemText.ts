/**
 * PEM as it is found in the wild: indented, commented out, quoted line by line, with `\n` for line ends, all in one line. What
 * stands between the boundaries is brought back to base64; whether that is a key, its structure says.
 */
import { decodeBase64 } from '../credential/base64.ts';

export interface PemText {
  /** `RSA PRIVATE KEY`. */
  readonly label: string;
  /** Of the whole, in the text. */
  readonly start: number;
  readonly end: number;
  /** Undefined: it is no base64, as where somebody wrote an ellipsis. */
  readonly bytes: Uint8Array | undefined;
  /** Proc-Type of RFC 1421 says so. */
  readonly isEncrypted: boolean;
}

const DASHES = '-----BEGIN ';
const BEGIN = /-----BEGIN ((?:[A-Z0-9.#]{1,20} ){0,4}[A-Z0-9]{1,20})-----/y;
/** As programs write it: nothing has to be taken away. */
const PLAIN = /^[A-Za-z0-9+/=\s]*$/;
const ESCAPES = /\\+(?:r|n|t|u000[aAdD])/g;
/** RFC 1421 and RFC 4880, 6.2. */
const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID):? .*$/;
/** Strings that a language joins, line by line. */
const JOINED = /^\s*[+.&]\s*(?=["'`])|(?<=["'`])\s*[+.&]\s*$/g;
/** Of comments, quotes and lists; none of it is base64. */
const AROUND = /[\s"'`,;\\()[\]#*>|:!]+/g;
/** OpenPGP's checksum (RFC 4880, 6.1), a line of its own. */
const CHECKSUM = /^=[A-Za-z0-9+/]{4}$/;

/** `at`: where the dashes begin. */
export function pemTextAt(text: string, at: number): PemText | undefined {
  BEGIN.lastIndex = at;
  const begin = BEGIN.exec(text);
  const label = begin?.[1];
  if (begin === null || label === undefined) return undefined;
  const boundary = `-----END ${label}-----`;
  const close = text.indexOf(boundary, BEGIN.lastIndex);
  if (close === -1) return undefined;
  const end = close + boundary.length;
  const inside = text.slice(BEGIN.lastIndex, close);
  // A difference has a plus before each line, which is a sign of base64, too.
  const mark = text.slice(text.lastIndexOf('\n', at) + 1, at).trim();
  if (mark === '' && PLAIN.test(inside))
    return { label, start: at, end, bytes: bytesOf(inside), isEncrypted: false };
  // It lacks its last line: what follows is another one.
  if (inside.includes(DASHES)) return { label, start: at, end, bytes: undefined, isEncrypted: false };
  const lines = inside
    .replace(ESCAPES, '\n')
    .split(/[\r\n]+/)
    .map((line) => withoutMark(line.trim(), mark));
  const body = lines
    .filter((line) => !HEADER.test(line))
    .map((line) => line.replace(JOINED, '').replace(AROUND, ''))
    .filter((line) => !CHECKSUM.test(line))
    .join('');
  const isEncrypted = lines.some((line) => /^Proc-Type:? 4,ENCRYPTED/.test(line));
  return { label, start: at, end, bytes: bytesOf(body), isEncrypted };
}

function bytesOf(body: string): Uint8Array | undefined {
  const decoded = decodeBase64(body);
  return decoded.ok && decoded.bytes.length > 0 ? decoded.bytes : undefined;
}

/** What stands before the first line, as `//` of a comment or `+` of a difference, stands before all of them. */
function withoutMark(line: string, mark: string): string {
  return mark !== '' && line.startsWith(mark) ? line.slice(mark.length).trim() : line;
}

/** So many times the length of a text its ends are looked for: one that is made of first lines has no more to say. */
const PATIENCE = 16;

/** All that can be read in a text, by place. */
export function* pemTextsIn(text: string): Generator<PemText & { readonly bytes: Uint8Array }> {
  let patience = PATIENCE * text.length;
  for (let at = text.indexOf(DASHES); at !== -1 && patience > 0; ) {
    const pem = pemTextAt(text, at);
    const bytes = pem?.bytes;
    patience -= (pem?.end ?? text.length) - at;
    if (pem !== undefined && bytes !== undefined) yield { ...pem, bytes };
    at = text.indexOf(DASHES, bytes === undefined ? at + 1 : pem?.end);
  }
}
