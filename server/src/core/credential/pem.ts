/** Textual encodings (RFC 7468, and the headers of RFC 1421 that old encrypted keys have). */
import type { Range } from '../text/position.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

export interface PemBlock {
  /** What stands after BEGIN, such as `CERTIFICATE`. */
  readonly label: string;
  /** Empty when the base64 is damaged. */
  readonly bytes: Uint8Array;
  /** RFC 1421 headers, such as `Proc-Type` and `DEK-Info`. */
  readonly headers: ReadonlyMap<string, string>;
  /** From the BEGIN line to the end of the END line. */
  readonly range: Range;
  /** Why the block cannot be read. */
  readonly problem?: PemProblem;
}

interface PemProblem {
  readonly reason: string;
  /** Line of the text where it shows, zero-based. */
  readonly line: number;
  /** What could be decoded up to there: a damaged certificate still says whose it is. */
  readonly before: Uint8Array;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';

/**
 * All blocks of a text, in their order; text between them is left alone. Line ends of all systems, a BOM, indentation
 * (as in YAML) and white space inside are read. A block that is damaged is there too, with its problem.
 */
export function decodePem(text: string): readonly PemBlock[] {
  if (!text.includes(BEGIN)) return [];
  const lines = text.split(/\r\n|\n|\r/);
  const blocks: PemBlock[] = [];
  for (let line = 0; line < lines.length; line++) {
    const label = boundary(lines[line] ?? '', BEGIN);
    if (label === undefined) continue;
    let last = line + 1;
    while (last < lines.length && !isBoundary(lines[last] ?? '')) last++;
    blocks.push(readBlock(lines, line, last, label));
    // A block without END is followed by another BEGIN, which must be seen again.
    line = boundary(lines[last] ?? '', END) === undefined ? last - 1 : last;
  }
  return blocks;
}

export function encodePem(label: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return `${[`${BEGIN}${label}${DASHES}`, ...lines, `${END}${label}${DASHES}`].join('\n')}\n`;
}

function boundary(line: string, start: string): string | undefined {
  const trimmed = line.replace('\uFEFF', '').trim();
  if (!trimmed.startsWith(start) || !trimmed.endsWith(DASHES)) return undefined;
  const label = trimmed.slice(start.length, -DASHES.length);
  // Every label in use is in capitals; source code that makes PEM has a variable in its place.
  return /^[A-Z0-9][A-Z0-9 ]{0,63}$/.test(label) ? label : undefined;
}

function isBoundary(line: string): boolean {
  return boundary(line, END) !== undefined || boundary(line, BEGIN) !== undefined;
}

function readBlock(lines: readonly string[], begin: number, last: number, label: string): PemBlock {
  const endLabel = boundary(lines[last] ?? '', END);
  const lastLine = endLabel === undefined ? Math.min(last, lines.length) - 1 : last;
  const range: Range = {
    start: { line: begin, character: (lines[begin] ?? '').indexOf(BEGIN) },
    end: { line: lastLine, character: (lines[lastLine] ?? '').trimEnd().length },
  };
  const { headers, body } = readHeaders(lines, begin + 1, endLabel === undefined ? lastLine + 1 : last);
  const joined = lines.slice(body, endLabel === undefined ? lastLine + 1 : last).join('\n');
  const decoded = decodeBase64(joined);
  const damaged = (reason: string, line: number): PemBlock => {
    const before = decoded.ok ? decoded.bytes : decoded.before;
    return { label, bytes: new Uint8Array(), headers, range, problem: { reason, line, before } };
  };
  if (endLabel === undefined) return damaged('the block has no END line', begin);
  if (endLabel !== label) return damaged(`it begins as "${label}" and ends as "${endLabel}"`, last);
  if (!decoded.ok) {
    return damaged(decoded.reason, body + (joined.slice(0, decoded.at).split('\n').length - 1));
  }
  if (decoded.bytes.length === 0) return damaged('the block is empty', begin);
  return { label, bytes: decoded.bytes, headers, range };
}

/** Headers stand before the first empty line, and go on in lines that begin with white space. */
function readHeaders(
  lines: readonly string[],
  from: number,
  to: number,
): { headers: ReadonlyMap<string, string>; body: number } {
  const headers = new Map<string, string>();
  let line = from;
  for (let name: string | undefined; line < to; line++) {
    const text = lines[line] ?? '';
    const colon = text.indexOf(':');
    if (colon > 0) {
      name = text.slice(0, colon).trim();
      headers.set(name, text.slice(colon + 1).trim());
    } else if (name !== undefined && /^[ \t]+\S/.test(text)) {
      headers.set(name, `${headers.get(name) ?? ''}${text.trim()}`);
    } else break;
  }
  return { headers, body: line };
}
