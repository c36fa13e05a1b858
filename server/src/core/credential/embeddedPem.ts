/**
 * PEM inside of one line: as a JSON or YAML string with `\n` for its line ends (cloud service accounts, state files), or
 * encoded in base64 once more (Kubernetes secrets).
 */
import type { Range } from '../text/position.ts';
import { decodeBase64 } from './base64.ts';
import { decodeLatin1 } from './charset.ts';
import { decodePem, type PemBlock } from './pem.ts';

export interface EmbeddedBlock {
  readonly block: PemBlock;
  readonly how: 'string' | 'base64';
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
/** `-----BEGIN ` in base64, without its last octet. */
const ENCODED_BEGIN = 'LS0tLS1CRUdJTi';

/** Each block has the place of its string as range. */
export function decodeEmbeddedPem(text: string): readonly EmbeddedBlock[] {
  if (!text.includes(BEGIN) && !text.includes(ENCODED_BEGIN)) return [];
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, number) => [...stringsOf(line, number), ...encodedOf(line, number)]);
}

function stringsOf(line: string, number: number): readonly EmbeddedBlock[] {
  const found: EmbeddedBlock[] = [];
  for (let from = line.indexOf(BEGIN); from >= 0; ) {
    const end = line.indexOf(END, from);
    const close = end < 0 ? -1 : line.indexOf(DASHES, end + END.length);
    if (close < 0) break;
    const to = close + DASHES.length;
    const unescaped = line
      .slice(from, to)
      .replaceAll('\\n', '\n')
      .replaceAll('\\r', '\n')
      // What is left of strings within strings, and of `\/`.
      .replaceAll('\\', '')
      // Some write it all in one line, without any line ends.
      .replace(/^(-----BEGIN [^-]{1,64}-----)/, '$1\n')
      .replace(END, `\n${END}`);
    for (const block of decodePem(unescaped))
      found.push({ block: at(block, number, from, to), how: 'string' });
    from = line.indexOf(BEGIN, to);
  }
  return found;
}

function encodedOf(line: string, number: number): readonly EmbeddedBlock[] {
  const found: EmbeddedBlock[] = [];
  for (let from = line.indexOf(ENCODED_BEGIN); from >= 0; ) {
    let to = from;
    while (to < line.length && /[\w+/=-]/.test(line[to] ?? '')) to++;
    const decoded = decodeBase64(line.slice(from, to));
    const inner = decodeLatin1(decoded.ok ? decoded.bytes : decoded.before);
    for (const block of decodePem(inner)) found.push({ block: at(block, number, from, to), how: 'base64' });
    from = line.indexOf(ENCODED_BEGIN, to);
  }
  return found;
}

function at(block: PemBlock, line: number, from: number, to: number): PemBlock {
  const range: Range = { start: { line, character: from }, end: { line, character: to } };
  return block.problem === undefined
    ? { ...block, range }
    : { ...block, range, problem: { ...block.problem, line } };
}
