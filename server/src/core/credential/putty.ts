/** PuTTY's private key files (.ppk), versions 2 and 3 (PuTTY manual, appendix C). The public half stands in clear. */
import { decodeBase64 } from './base64.ts';
import type { Problem } from './problem.ts';

export interface DecodedPutty {
  readonly version: string;
  readonly comment: string;
  /** Undefined: not encrypted. */
  readonly encryption: string | undefined;
  /** SSH wire form; empty when damaged. */
  readonly publicBlob: Uint8Array;
  readonly problems: readonly Problem[];
}

const FIRST_LINE = /^PuTTY-User-Key-File-(\d+): ?(\S+)$/;
const MAX_LINES = 10_000;

/** Undefined when the text does not begin like one. */
export function decodePutty(text: string): DecodedPutty | undefined {
  if (!text.startsWith('PuTTY-User-Key-File-')) return undefined;
  const lines = text.split(/\r\n|\n|\r/, MAX_LINES);
  const first = FIRST_LINE.exec((lines[0] ?? '').slice(0, 256));
  const header = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const problems: Problem[] = [];
  const wrong = (what: string, reason: string): void => {
    problems.push({ what, reason, offset: 0 });
  };
  if (first === null) wrong('the first line', 'it gives no version and key type');
  const at = lines.findIndex((line) => line.startsWith('Public-Lines: '));
  const count = Number.parseInt((lines[at] ?? '').slice('Public-Lines: '.length), 10);
  const body = at < 0 || !Number.isSafeInteger(count) ? [] : lines.slice(at + 1, at + 1 + Math.max(count, 0));
  const decoded = decodeBase64(body.join(''));
  if (!decoded.ok) wrong('the public key', decoded.reason);
  else if (decoded.bytes.length === 0) wrong('the public key', 'it is missing');
  if (!lines.some((line) => line.startsWith('Private-Lines: '))) wrong('the private key', 'it is missing');
  const encryption = header('Encryption');
  if (encryption === undefined) wrong('the encryption', 'the file does not say whether it is encrypted');
  return {
    version: first?.[1] ?? '',
    comment: header('Comment') ?? '',
    encryption:
      encryption === 'none' || encryption === undefined
        ? undefined
        : describe(encryption, header('Key-Derivation')),
    publicBlob: decoded.ok ? decoded.bytes : new Uint8Array(),
    problems,
  };
}

function describe(encryption: string, derivation: string | undefined): string {
  return derivation === undefined ? encryption : `${encryption}, ${derivation}`;
}
