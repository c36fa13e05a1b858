import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export type InputContent =
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array /** Device and inode: links to one file share it. */;
      readonly id: string;
    }
  | { readonly kind: 'folder' }
  /** A device, a socket; or a pipe where none was asked for. */
  | { readonly kind: 'special' }
  | { readonly kind: 'too-large'; readonly size: bigint | undefined }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Above this a file is not read at all. */
export const SIZE_LIMIT = 32 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'its links lead in a circle',
  ENOTDIR: 'a part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
};

/** Reads one file, whole. `pipes`: a pipe is read too, as a shell's `<(…)` gives one. */
export async function readInput(
  path: string,
  pipes: boolean,
  signal: AbortSignal,
  limit = SIZE_LIMIT,
): Promise<InputContent> {
  let handle: FileHandle | undefined;
  try {
    // A pipe without a writer would hold `open` for ever.
    handle = await open(path, pipes ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = await handle.stat({ bigint: true });
    if (facts.isDirectory()) return { kind: 'folder' };
    if (!facts.isFile() && !(pipes && facts.isFIFO())) return { kind: 'special' };
    if (facts.size > BigInt(limit)) return { kind: 'too-large', size: facts.size };
    const bytes = await readUpTo(handle, Number(facts.size), limit, signal);
    if (bytes.length > limit) return { kind: 'too-large', size: undefined };
    return { kind: 'bytes', bytes, id: `${facts.dev}:${facts.ino}` };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreadable', reason: reasonOf(error) };
  } finally {
    await handle?.close();
  }
}

/** Up to one octet more than the limit. `expected` is a first guess: a pipe has no size, and a file may grow. */
async function readUpTo(
  handle: FileHandle,
  expected: number,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for (let total = 0; total <= limit; ) {
    signal.throwIfAborted();
    const size = total < expected ? expected - total : PIECE;
    const chunk = Buffer.allocUnsafe(Math.min(size, limit + 1 - total));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return new Uint8Array(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
}

/** What is asked for at the end of a file, to see that it is the end. */
const PIECE = 4096;

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' ? 'reading failed' : `reading failed with ${code}`);
}
