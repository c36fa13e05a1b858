/** A content that is looked at a piece after the other gives what it would give as a whole. */
import type { Detection, Detector, ScanTools, Suspect } from './detector.ts';
import { isProgram } from './isProgram.ts';
import { type Asked, type FileScan, judgement, type Weights } from './judgement.ts';
import type { KeywordSearch } from './keywords.ts';
import { windowAt } from './suspectWindow.ts';

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
}

export interface ScannerParts {
  readonly detectors: readonly Detector[];
  readonly words: readonly { readonly word: string; readonly asked: Asked }[];
  readonly search: KeywordSearch;
  readonly weights: Weights;
  readonly tools: ScanTools;
}

const NOTHING: Piece = { bytes: new Uint8Array(), base: 0, from: 0, to: 0 };
/** No keyword is longer. */
const LONGEST = 256;

/** `named`: what the name of the file says of it. */
export function scanPieces(path: string, parts: ScannerParts, named: readonly Detection[] = []): PiecesScan {
  const { detectors, words, search, weights, tools } = parts;
  const unread = new Set<Asked>(detectors.filter((each) => each.reads?.(path) === false));
  let piece = NOTHING;
  let text: string | undefined;
  const see = function* <Found extends { readonly start: number; readonly end: number }>(
    asked: { readonly reach: Detector['reach']; find(suspect: Suspect): Iterable<Found> },
    at: number,
  ): Generator<Found> {
    text ??= tools.latin1(piece.bytes);
    const { start, end } = windowAt(text, at - piece.base, asked.reach);
    const first = piece.base + start;
    for (const each of asked.find({
      path,
      text: text.slice(start, end),
      at: at - first,
      tools,
      notLookedAt: (why) => judged.miss(why),
    }))
      yield { ...each, start: each.start + first, end: each.end + first };
  };
  const judged = judgement(weights, { secrets: see, keys: see });
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
      text = undefined;
    },
    scan: () => judged.scan(),
  };
}
