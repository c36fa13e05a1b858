/**
 * A text that is typed into, scanned without reading all of it again: where keywords stand and what their detectors found is
 * kept, an edit asks those anew that see it, and what counts of all is decided as for a file that is read now.
 */
import type { Detection, Detector } from './detector.ts';
import { isProgram } from './isProgram.ts';
import { type Ask, type FileScan, judgement, MOST_MISSES } from './judgement.ts';
import { byEnd, endOf, firstBehind, type Hit, merged } from './keywordHits.ts';
import { namedFileSecrets } from './namedFile.ts';
import type { ScannerParts } from './piecesScan.ts';
import { farthest, LINE, REACH, windowAt } from './suspectWindow.ts';
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
  /** How often the words of a detector stand in the text. */
  const counts = new Map<Detector, number>();
  const count = ({ detector }: Hit, by: number): void =>
    void counts.set(detector, (counts.get(detector) ?? 0) + by);
  /** It finds nothing there, and never looks so often that this would count. */
  const isNothing = ({ found, detector }: Hit): boolean =>
    found?.length === 0 && (counts.get(detector) ?? 0) <= MOST_MISSES[detector.reach];

  /** Keywords that end behind `from` and begin before `to`. */
  const hitsIn = (bytes: Uint8Array, from: number, to: number): Hit[] => {
    const first = Math.max(0, from - longest + 1);
    const some: Hit[] = [];
    search(bytes.subarray(first, to + longest - 1), (keyword, ending) => {
      const { word, asked } = words[keyword] ?? {};
      if (word === undefined || asked === undefined || !('rules' in asked) || unread.has(asked)) return;
      const end = first + ending;
      const at = end - word.length;
      if (end <= from || at >= to) return;
      const hit = { keyword, word, detector: asked, at, follows: undefined, found: undefined };
      count(hit, 1);
      some.push(hit);
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
      counts.clear();
      for (let from = 0; from < bytes.length; from += PIECE) {
        const to = Math.min(bytes.length, from + PIECE);
        // A word over the edge of two pieces belongs to the first.
        for (const hit of hitsIn(bytes, from, to)) {
          if (hit.at >= from) hits.push(hit);
          else count(hit, -1);
        }
        yield;
      }
      hits.sort(byEnd);
    },
    edited(start, end, length, bytes) {
      const shift = length - (end - start);
      const now = start + length;
      const first = firstBehind(hits, start);
      const after: Hit[] = [];
      for (let at = first; at < hits.length; at += 1) {
        const hit = hits[at] as Hit;
        if (hit.at < end) count(hit, -1);
        else {
          hit.at += shift;
          after.push(hit);
        }
      }
      hits.length = first;
      const lineBefore = start === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, start - 1);
      for (let at = first - 1; at >= 0; at -= 1) {
        const hit = hits[at] as Hit;
        const { reach } = hit.detector;
        if (start - endOf(hit) > REACH.after) break;
        if (start - endOf(hit) <= LINE) hit.follows = undefined;
        const sees = reach !== 'line' || hit.at > lineBefore;
        if (sees && start - hit.at <= farthest(reach).after) hit.found = undefined;
      }
      const lineAfter = bytes.indexOf(LINE_FEED, now);
      for (const hit of after) {
        const { reach } = hit.detector;
        // In the order of their ends: one that begins a little earlier may come a little later.
        if (hit.at - now > REACH.before + longest) break;
        const sees = reach !== 'line' || lineAfter === -1 || hit.at <= lineAfter;
        if (sees && hit.at - now <= farthest(reach).before) hit.found = undefined;
      }
      for (const hit of merged(hitsIn(bytes, start, now), after)) hits.push(hit);
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
      const judged = judgement(weights, { secrets, keys: () => undefined });
      for (const each of namedFileSecrets(path, bytes, tools)) judged.know(each);
      const program = isProgram(bytes);
      for (const hit of hits) {
        if (hit.follows === false || (program && hit.detector.isVague === true)) continue;
        if (!follows(hit, bytes) || isNothing(hit)) continue;
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
