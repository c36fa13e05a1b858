/** The public key files of other SSH programs (RFC 4716). */
import type { Range } from '../../text/position.ts';
import { decodeBase64 } from '../base64.ts';

export interface Ssh2PublicKey {
  readonly range: Range;
  readonly blob: Uint8Array;
  readonly comment: string;
  readonly problem?: string;
}

const BEGIN = '---- BEGIN SSH2 PUBLIC KEY ----';
const END = '---- END SSH2 PUBLIC KEY ----';

export function readSsh2PublicKeys(text: string): readonly Ssh2PublicKey[] {
  if (!text.includes(BEGIN)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  const keys: Ssh2PublicKey[] = [];
  for (let line = 0; line < lines.length; line++) {
    if (lines[line]?.trim() !== BEGIN) continue;
    let last = line + 1;
    while (last < lines.length && lines[last]?.trim() !== END) last++;
    keys.push(readKey(lines, line, last));
    line = last;
  }
  return keys;
}

/** RFC 4716, 3.3: a header goes on in the next line where the line ends in a backslash. */
function readKey(lines: readonly string[], first: number, last: number): Ssh2PublicKey {
  let comment = '';
  let at = first + 1;
  for (; at < last && (lines[at] ?? '').includes(':'); at++) {
    const header: string[] = [lines[at] ?? ''];
    while (header[header.length - 1]?.endsWith('\\') && at + 1 < last) header.push(lines[++at] ?? '');
    const text = header.map((part) => part.replace(/\\$/, '')).join('');
    if (/^comment:/i.test(text))
      comment = text
        .slice('comment:'.length)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  const end = Math.min(last, lines.length - 1);
  const range = {
    start: { line: first, character: 0 },
    end: { line: end, character: (lines[end] ?? '').length },
  };
  const decoded = decodeBase64(lines.slice(at, last).join(''));
  const problem =
    last >= lines.length ? 'the block has no END line' : decoded.ok ? undefined : decoded.reason;
  const blob = decoded.ok ? decoded.bytes : new Uint8Array();
  return problem === undefined ? { range, blob, comment } : { range, blob, comment, problem };
}
