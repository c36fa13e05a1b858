import type { KeyObject } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';

const PIECE = 1 << 20;

/** Every form in which a process may well hold a private number: both byte orders, hexadecimal, base64 at each offset. */
function traces(secret: Uint8Array): ReadonlyMap<string, Buffer> {
  const bytes = Buffer.from(secret);
  const forms = new Map<string, Buffer>([
    ['octets', bytes],
    ['octets, reversed', Buffer.from(bytes).reverse()],
    ['hexadecimal', Buffer.from(bytes.toString('hex'))],
    ['HEXADECIMAL', Buffer.from(bytes.toString('hex').toUpperCase())],
  ]);
  for (const shift of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Without the characters that depend on what stands beside it.
    const inner = text.slice(shift === 0 ? 0 : 4, Math.floor(((bytes.length + shift) * 8) / 6) - 1);
    forms.set(`base64 at ${shift}`, Buffer.from(inner));
    forms.set(`base64url at ${shift}`, Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return forms;
}

/** The same of a P-256 key, with the forms that files of keys have: its number in decimal, and pieces of PEM lines. */
export function keyTraces(key: KeyObject): ReadonlyMap<string, Buffer> {
  const number = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const lines = (type: 'pkcs8' | 'sec1') =>
    String(key.export({ format: 'pem', type }))
      .split('\n')
      .slice(1, -2);
  return new Map([
    ...traces(number),
    ['decimal', Buffer.from(BigInt(`0x${number.toString('hex')}`).toString())],
    // In PKCS#8 the number begins in the first line and fills the first 27 characters of the second.
    ['second line of PKCS#8', Buffer.from(lines('pkcs8')[1]?.slice(0, 26) ?? '')],
    ['first line of SEC 1', Buffer.from(lines('sec1')[0]?.slice(10, 50) ?? '')],
  ]);
}

/** Every file below the folders that holds one of the forms. */
export function foundInFiles(
  folders: readonly string[],
  forms: ReadonlyMap<string, Buffer>,
): { readonly searched: number; readonly found: readonly string[] } {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const found = files.flatMap((file) => foundIn(readFileSync(file), forms).map((form) => `${file}: ${form}`));
  return { searched: files.length, found };
}

export function foundIn(bytes: Buffer, forms: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...forms].filter(([, form]) => bytes.includes(form)).map(([name]) => name);
}

/** Which of the forms stand in what a process may write to in its memory (Linux; the same user, or root). */
export function foundInMemory(pid: number, forms: ReadonlyMap<string, Buffer>): readonly string[] {
  const found = new Set<string>();
  const longest = Math.max(...[...forms.values()].map(({ length }) => length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const piece = Buffer.alloc(PIECE + longest);
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = '', mode = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!mode.startsWith('rw')) continue;
      const end = Number.parseInt(to, 16);
      for (let at = Number.parseInt(from, 16); at < end; at += PIECE) {
        const length = readPiece(memory, piece, Math.min(piece.length, end - at), at);
        for (const [name, bytes] of forms) if (piece.subarray(0, length).includes(bytes)) found.add(name);
      }
    }
  } finally {
    closeSync(memory);
    piece.fill(0);
  }
  return [...found];
}

/** A region that has gone meanwhile, or that cannot be read, holds nothing. */
function readPiece(memory: number, piece: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, piece, 0, length, at);
  } catch {
    return 0;
  }
}
