/**
 * A text that is typed into, scanned without reading all of it again: where keywords stand and what their detectors found is
 * kept, an edit asks those anew that see it, and what counts of all is decided as for a file that is read now.
 */
import type { Detection, Detector } from './detector.ts';
import { isProgram } from './isProgram.ts';
import { type Ask, type FileScan, judgement } from './judgement.ts';
import { namedFileSecrets } from './namedFile.ts';
import type { ScannerParts } from './piecesScan.ts';
import { farthest, LINE, windowAt } from './suspectWindow.ts';
import { wholeFileKey } from './wholeFile.ts';

export type SecretsFound = Omit<FileScan, 'keys'>;

/** Offsets are octets. Generators pause so often that who runs them can do something else in between. */
export interface FollowedScan {
  /** Finds the keywords of a whole text. */
  read(bytes: Uint8Array): Generator<undefined, void>;
  /** What stood from `start` to `end` is `length` other octets now; `bytes` is the text after that. */
  edited(start: number, end: number, length: number, bytes: Uint8Array): void;
  /** The same as a scan of `bytes`, which are those of the last edit. */
  judge(bytes: Uint8Array): Generator<undefined, SecretsFound>;
}

/** A keyword in the text. */
interface Hit {
  readonly keyword: number;
  readonly word: string;
  readonly detector: Detector;
  at: number;
  /** Whether what follows can be a secret; undefined: not known for the text as it is. */
  follows: boolean | undefined;
  /** From `at`; undefined: not asked since something changed that the detector sees. */
  found: readonly Detection[] | undefined;
}

/** Of the text, as detectors read it. */
interface Part {
  readonly start: number;
  readonly text: string;
}

const PIECE = 128 * 1024;
const PART = 64 * 1024;
/** Between two pauses so many octets are shown to detectors. */
const SHOWN = 512 * 1024;
const LINE_FEED = 0x0a;

export function followScan(path: string, parts: ScannerParts): FollowedScan {
  const { detectors, words, search, weights, tools } = parts;
  const longest = Math.max(...words.map(({ word }) => word.length));
  const unread = new Set(detectors.filter((each) => each.reads?.(path) === false));
  let hits: Hit[] = [];

  /** Keywords that end behind `from` and begin before `to`. */
  const hitsIn = (bytes: Uint8Array, from: number, to: number): Hit[] => {
    const first = Math.max(0, from - longest + 1);
    const some: Hit[] = [];
    search(bytes.subarray(first, to + longest - 1), (keyword, ending) => {
      const { word, asked } = words[keyword] ?? {};
      if (word === undefined || asked === undefined || !('rules' in asked) || unread.has(asked)) return;
      const end = first + ending;
      const at = end - word.length;
      if (end > from && at < to)
        some.push({ keyword, word, detector: asked, at, follows: undefined, found: undefined });
    });
    return some;
  };
  const follows = (hit: Hit, bytes: Uint8Array): boolean => {
    hit.follows ??= hit.detector.follows?.(bytes, endOf(hit)) !== false;
    return hit.follows;
  };
  const look = ({ at, detector }: Hit, part: Part): Detection[] => {
    const { start, end } = windowAt(part.text, at - part.start, detector.reach);
    const place = at - part.start - start;
    return Array.from(detector.find({ path, text: part.text.slice(start, end), at: place, tools }), (each) =>
      moved(each, -place),
    );
  };
  /** With all that a detector of this reach sees, and so much more that those behind it see the same part. */
  const partAround = (at: number, reach: Detector['reach'], bytes: Uint8Array): Part => {
    const start = Math.max(0, at - farthest(reach).before);
    return { start, text: tools.latin1(bytes.subarray(start, at + farthest(reach).after + PART)) };
  };

  return {
    *read(bytes) {
      hits = [];
      for (let from = 0; from < bytes.length; from += PIECE) {
        const to = Math.min(bytes.length, from + PIECE);
        // A word over the edge of two pieces belongs to the first.
        for (const hit of hitsIn(bytes, from, to)) if (hit.at >= from) hits.push(hit);
        yield;
      }
      hits.sort(byEnd);
    },
    edited(start, end, length, bytes) {
      const shift = length - (end - start);
      const now = start + length;
      const before: Hit[] = [];
      const after: Hit[] = [];
      for (const hit of hits) {
        if (endOf(hit) <= start) before.push(hit);
        else if (hit.at >= end) after.push(hit);
      }
      const lineBefore = start === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, start - 1);
      const lineAfter = bytes.indexOf(LINE_FEED, now);
      for (const hit of before) {
        if (start - endOf(hit) <= LINE) hit.follows = undefined;
        const sees = hit.detector.reach !== 'line' || hit.at > lineBefore;
        if (sees && start - hit.at <= farthest(hit.detector.reach).after) hit.found = undefined;
      }
      for (const hit of after) {
        hit.at += shift;
        const sees = hit.detector.reach !== 'line' || lineAfter === -1 || hit.at <= lineAfter;
        if (sees && hit.at - now <= farthest(hit.detector.reach).before) hit.found = undefined;
      }
      hits = [...before, ...merged(hitsIn(bytes, start, now), after)];
    },
    *judge(bytes) {
      const whole = wholeFileKey(bytes, tools);
      if (whole !== undefined) return { found: [{ ...whole, start: 0, end: bytes.length }] };
      let shown = 0;
      let asked: Hit | undefined;
      let part: Part = { start: 0, text: '' };
      const secrets: Ask['secrets'] = (detector, at) => {
        if (asked === undefined) return [];
        if (asked.found === undefined) {
          const { before, after } = farthest(detector.reach);
          shown += before + after;
          const isIn =
            part.start <= Math.max(0, at - before) &&
            part.start + part.text.length >= Math.min(bytes.length, at + after);
          if (!isIn) part = partAround(at, detector.reach, bytes);
          asked.found = look(asked, part);
        }
        return asked.found.map((each) => moved(each, at));
      };
      const judged = judgement(weights, { secrets, keys: () => [] });
      for (const each of namedFileSecrets(path, bytes, tools)) judged.know(each);
      const program = isProgram(bytes);
      for (const hit of hits) {
        if ((program && hit.detector.isVague === true) || !follows(hit, bytes)) continue;
        asked = hit;
        judged.hear(hit.word, hit.detector, hit.at);
        if (shown < SHOWN) continue;
        shown = 0;
        yield;
      }
      const { keys: _, ...found } = judged.scan();
      return found;
    },
  };
}

function moved(found: Detection, by: number): Detection {
  return { ...found, start: found.start + by, end: found.end + by };
}

function endOf({ at, word }: Hit): number {
  return at + word.length;
}

/** The order in which the search tells of them. */
function byEnd(one: Hit, other: Hit): number {
  return endOf(one) - endOf(other) || one.keyword - other.keyword;
}

function merged(some: readonly Hit[], others: readonly Hit[]): Hit[] {
  const all: Hit[] = [];
  let place = 0;
  for (const hit of some) {
    for (let other = others[place]; other !== undefined && byEnd(other, hit) < 0; other = others[place]) {
      all.push(other);
      place += 1;
    }
    all.push(hit);
  }
  for (; place < others.length; place += 1) all.push(others[place] as Hit);
  return all;
}
