import { REACH } from '../../core/secrets/suspectWindow.ts';
import { isStoreOfKeys } from '../../core/secrets/wholeFile.ts';
import type { FileScanner, ScannedContent, ScannedPieces } from './openScanner.ts';

/** What is larger is never in memory as a whole, but a piece after the other. */
const LARGEST_WHOLE = 8 * 1024 * 1024;
const PIECE = 1024 * 1024;
/** A piece, and what detectors see before and after it. */
const ROOM = REACH.before + PIECE + REACH.after;

const NOTHING: ScannedContent = { findings: [], keys: [], skipped: [] };

/** Hears a content in whatever chunks it comes; one after the other, for they share their memory. */
export interface ContentScanner {
  /** `size`: of all that will be written, in octets. */
  begin(path: string, size: number): void;
  /** The chunk is looked at before this returns, or copied. */
  write(chunk: Uint8Array): void;
  end(): ScannedContent;
}

export function contentScanner(scanner: FileScanner): ContentScanner {
  let buffer = Buffer.allocUnsafe(256 * 1024);
  let path = '';
  let size = 0;
  /** Of the buffer: what this content may take of it, and has taken. */
  let room = buffer.length;
  let filled = 0;
  /** In the content: where the buffer begins, and from where on keywords were not looked for yet. */
  let base = 0;
  let from = 0;
  let pieces: ScannedPieces | undefined;
  let scanned: ScannedContent | undefined;
  let isStore = false;

  const look = (to: number): void => {
    if (pieces === undefined) {
      pieces = scanner.inPieces(path);
      isStore = isStoreOfKeys(buffer, size);
    }
    const next = Math.max(base, to - REACH.before);
    pieces.look({ bytes: buffer.subarray(0, filled), base, from, to }, next);
    buffer.copyWithin(0, next - base, filled);
    filled -= next - base;
    base = next;
    from = to;
  };
  return {
    begin(named, expected) {
      [path, size] = [named, expected];
      [filled, base, from] = [0, 0, 0];
      [pieces, scanned, isStore] = [undefined, undefined, false];
      room = size > LARGEST_WHOLE ? ROOM : size;
      if (room > buffer.length) buffer = Buffer.allocUnsafe(room);
    },
    write(chunk) {
      if (chunk.length === size && size <= LARGEST_WHOLE) {
        scanned = scanner.scan(path, chunk);
        return;
      }
      for (let at = 0; at < chunk.length; ) {
        if (filled === room) look(base + filled - REACH.after);
        const part = chunk.subarray(at, at + room - filled);
        buffer.set(part, filled);
        filled += part.length;
        at += part.length;
      }
    },
    end() {
      if (scanned !== undefined) return scanned;
      if (pieces === undefined && size <= LARGEST_WHOLE)
        return scanner.scan(path, buffer.subarray(0, filled));
      look(base + filled);
      const ended = (pieces as ScannedPieces | undefined)?.end() ?? NOTHING;
      const why = `it begins like a store of keys, and none of more than ${LARGEST_WHOLE / 1024 / 1024} MiB is read as one`;
      return isStore ? { ...ended, skipped: [...ended.skipped, { path, why }] } : ended;
    },
  };
}
