/** Lines with SSH keys: `.pub` files, authorized_keys and known_hosts (sshd(8)). */
import type { Range } from '../../text/position.ts';
import { decodeBase64 } from '../base64.ts';
import { isSshKeyType } from './publicKey.ts';

export interface SshKeyLine {
  readonly range: Range;
  readonly type: string;
  readonly blob: Uint8Array;
  /** `host`: a line of known_hosts. */
  readonly kind: 'key' | 'host';
  /** Host patterns (known_hosts) or options (authorized_keys) that stand before the key. */
  readonly before: string;
  /** `@cert-authority` or `@revoked`. */
  readonly marker: string | undefined;
  readonly comment: string;
  readonly problem?: string;
}

/** Every SSH key begins with the length of its type, so its base64 does with this; prose that names a type does not. */
const KEY_START = 'AAAA';
const MAX_LINE = 64 * 1024;
const OPTION =
  /^(?:restrict|cert-authority|(?:no-)?(?:agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding)|(?:no-)?touch-required|verify-required|(?:command|from|environment|expiry-time|permitlisten|permitopen|principals|tunnel)=)/i;

/** The lines that hold a key; `lenient`: the file is one of keys, so a line without a readable one is damaged. */
export function readSshKeyLines(text: string, lenient: boolean): readonly SshKeyLine[] {
  const found: SshKeyLine[] = [];
  if (!lenient && !text.includes(KEY_START)) return found;
  for (const [number, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trimStart().startsWith('#')) continue;
    const entry = line.length > MAX_LINE ? longLine(line, number) : readLine(line, number, lenient);
    if (entry !== undefined) found.push(entry);
  }
  return found;
}

/** No key is as long: of one that begins like a line of a key it is said, and anything else is no matter of this. */
function longLine(line: string, number: number): SshKeyLine | undefined {
  const [type = '', key = ''] = line
    .slice(0, MAX_LINE)
    .trimStart()
    .split(/[ \t]+/, 2);
  if (!isSshKeyType(type) || !key.startsWith(KEY_START)) return undefined;
  return {
    range: { start: { line: number, character: 0 }, end: { line: number, character: line.length } },
    type,
    blob: new Uint8Array(),
    kind: 'key',
    before: '',
    marker: undefined,
    comment: '',
    problem: `the line has ${line.length} characters, and one of more than ${MAX_LINE} is not read`,
  };
}

function readLine(line: string, number: number, lenient: boolean): SshKeyLine | undefined {
  const words = wordsOf(line);
  const at = words.findIndex(({ text }) => isSshKeyType(text));
  const typeWord = words[at];
  const keyWord = words[at + 1];
  if (typeWord === undefined) return undefined;
  if (!lenient && !(keyWord?.text.startsWith(KEY_START) ?? false)) return undefined;
  const before = words.slice(0, at);
  const marker = before[0]?.text.startsWith('@') ? before[0].text : undefined;
  const prefix = before
    .slice(marker === undefined ? 0 : 1)
    .map(({ text }) => text)
    .join(' ');
  const decoded = decodeBase64(keyWord?.text ?? '');
  const end = keyWord === undefined ? line.length : keyWord.end;
  const entry = {
    range: {
      start: { line: number, character: words[0]?.start ?? 0 },
      end: { line: number, character: line.trimEnd().length },
    },
    type: typeWord.text,
    kind: marker !== undefined || (prefix !== '' && !OPTION.test(prefix)) ? 'host' : 'key',
    before: prefix,
    marker,
    comment: line.slice(end).trim(),
  } as const;
  if (!decoded.ok) return { ...entry, blob: new Uint8Array(), problem: decoded.reason };
  if (decoded.bytes.length === 0) return { ...entry, blob: new Uint8Array(), problem: 'the key is missing' };
  return { ...entry, blob: decoded.bytes };
}

/** Words between blanks; a quoted part may hold blanks. */
function wordsOf(line: string): readonly { text: string; start: number; end: number }[] {
  const words: { text: string; start: number; end: number }[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at <= line.length; at++) {
    const sign = line[at];
    const blank = sign === undefined || (!quoted && (sign === ' ' || sign === '\t'));
    if (blank) {
      if (start >= 0) words.push({ text: line.slice(start, at), start, end: at });
      start = -1;
    } else {
      if (sign === '"' && line[at - 1] !== '\\') quoted = !quoted;
      if (start < 0) start = at;
    }
  }
  return words;
}
