/** A content that is looked at a piece after the other gives what it would give as a whole. */
import type { KeyFinder, KeysAt } from '../keys/keyFinder.ts';
import type { FoundKey } from '../keys/keySighting.ts';
import type { Detection, Detector, ScanTools } from './detector.ts';
import { isProgram } from './isProgram.ts';
import { type Asked, type FileScan, judgement, type Weights } from './judgement.ts';
import type { KeywordSearch } from './keywords.ts';
import { farthest, REACH, windowAt } from './suspectWindow.ts';

/** All offsets are those of the whole content. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin. */
  readonly base: number;
  /** Keywords that begin from here … */
  readonly from: number;
  /** … up to here are looked at, with what `bytes` have around them. */
  readonly to: number;
}

export interface PiecesScan {
  /** In their order, and so that each keyword lies in one. */
  look(piece: Piece): void;
  scan(): FileScan;
  /** The keys that were found since it was asked last; `scan` does not have them any more. */
  takeKeys(): readonly FoundKey[];
}

export interface ScannerParts {
  readonly detectors: readonly Detector[];
  readonly words: readonly { readonly word: string; readonly asked: Asked }[];
  readonly search: KeywordSearch;
  readonly weights: Weights;
  readonly tools: ScanTools;
}

/** Part of a piece; `start` is its offset there. */
interface TextPart {
  readonly start: number;
  readonly text: string;
}

/**
 * No text has more octets. Longer ones the engine keeps outside of its heap, where those that are not needed any more pile up: a
 * longer piece becomes texts around its keywords, the longest for what has to be seen from far, and otherwise so long as the other.
 */
const LONGEST_TEXT = 1_000_000;
const SHORTEST_PART = 64 * 1024;

const NOTHING: Piece = { bytes: new Uint8Array(), base: 0, from: 0, to: 0 };
/** No keyword is longer. */
const LONGEST = 256;

/** `named`: what the name of the file says of it. */
export function scanPieces(path: string, parts: ScannerParts, named: readonly Detection[] = []): PiecesScan {
  const { detectors, words, search, weights, tools } = parts;
  const unread = new Set<Asked>(detectors.filter((each) => each.reads?.(path) === false));
  let piece = NOTHING;
  let read: TextPart | undefined;
  const notLookedAt = (why: string): void => judged.miss(why);
  const textAround = (from: number, to: number): TextPart => {
    if (read !== undefined && read.start <= from && to <= read.start + read.text.length) return read;
    const { bytes } = piece;
    const isFar = to - from > SHORTEST_PART;
    let [start, end] = [0, bytes.length];
    // The next keyword stands near this one: what is seen for it is in the same text, most often.
    if (bytes.length > LONGEST_TEXT) {
      start = isFar ? Math.max(0, from - REACH.before) : from;
      end = start + (isFar ? LONGEST_TEXT : SHORTEST_PART);
    }
    read = { start, text: tools.latin1(bytes.subarray(start, end)) };
    return read;
  };
  const windowOf = ({ reach }: Asked, at: number) => {
    const { before, after } = farthest(reach);
    const inPiece = at - piece.base;
    const part = textAround(Math.max(0, inPiece - before), Math.min(piece.bytes.length, inPiece + after));
    const { start, end } = windowAt(part.text, inPiece - part.start, reach);
    const first = part.start + start;
    return {
      start: first,
      end: part.start + end,
      text: part.text.slice(start, end),
      first: piece.base + first,
    };
  };
  const judged = judgement(weights, {
    *secrets(detector: Detector, at: number): Generator<Detection> {
      const { text: seen, first } = windowOf(detector, at);
      for (const each of detector.find({ path, text: seen, at: at - first, tools, notLookedAt }))
        yield { ...each, start: each.start + first, end: each.end + first };
    },
    keys(finder: KeyFinder, at: number): KeysAt | undefined {
      const { text: seen, start, end, first } = windowOf(finder, at);
      const octets = piece.bytes.subarray(start, end);
      const found = finder.find({ path, text: seen, octets, at: at - first, tools, notLookedAt });
      return found && { start: found.start + first, end: found.end + first, keys: found.keys };
    },
  });
  for (const each of named) judged.know(each);
  return {
    look(next) {
      piece = next;
      const { bytes, base, from, to } = piece;
      if (base === 0 && isProgram(bytes))
        for (const each of detectors) if (each.isVague === true) unread.add(each);
      search(bytes.subarray(from - base, to - base + LONGEST), (keyword, ending) => {
        const { word, asked } = words[keyword] ?? {};
        if (word === undefined || asked === undefined || unread.has(asked)) return;
        const end = from - base + ending;
        const at = base + end - word.length;
        if (at >= to || asked.follows?.(bytes, end) === false) return;
        judged.hear(word, asked, at);
      });
      // The engine remembers closures that it called for a while: they keep no content.
      piece = NOTHING;
      read = undefined;
    },
    scan: () => judged.scan(),
    takeKeys: () => judged.takeKeys(),
  };
}
