/** One file's octets to the secrets and the public keys in it: keywords in one pass, then each detector where its words stand. */
import type { KeyFinder } from '../keys/keyFinder.ts';
import type { FoundKey } from '../keys/keySighting.ts';
import { wholeFileKeys } from '../keys/wholeFileKeys.ts';
import type { Detection, Detector, ScanTools, Suspect } from './detector.ts';
import { foundSecrets, weightOf } from './foundSecrets.ts';
import { keywordSearch } from './keywords.ts';
import { namedFileSecrets } from './namedFile.ts';
import { wholeFileKey } from './wholeFile.ts';

export interface FileScan {
  /** By place; `start` and `end` are octets of the file. */
  readonly found: readonly Detection[];
  /** By place, too; those of private keys are told by what was found. */
  readonly keys: readonly FoundKey[];
  /** From some place on the file was not looked at for some rules, and why. */
  readonly cut?: string;
}

export interface SecretScanner {
  scan(path: string, bytes: Uint8Array): FileScan;
}

/** A line that is longer is looked at this far around a keyword: what nobody wrote by hand is bounded. */
const LINE = 4 * 1024;
const BLOCK_BEFORE = 32 * 1024;
/** An RSA key of 16,384 bits, folded and escaped, takes half of it. */
const BLOCK_AFTER = 64 * 1024;
const BUNDLE_AFTER = 512 * 1024;
/** What the name of a file says gives way to what has a form of its own. */
const NAMED_WEIGHT = 4;
/** So often a detector may look and find nothing: only a file that was made for it has more of its words. */
const MOST_MISSES: Readonly<Record<Detector['reach'], number>> = {
  line: 100_000,
  near: 100_000,
  block: 5_000,
  bundle: 256,
};
/** Of public keys: a file with more was made for it. */
const MOST_KEYS = 500_000;

type Asked = Detector | KeyFinder;

export function secretScanner(
  detectors: readonly Detector[],
  finders: readonly KeyFinder[],
  tools: ScanTools,
): SecretScanner {
  const words = [...detectors, ...finders].flatMap((asked: Asked) =>
    asked.keywords.map((word) => ({ word, asked })),
  );
  const search = keywordSearch(words.map(({ word }) => word));
  const weights = new Map<Asked, number>(detectors.map((each) => [each, weightOf(each, each.rules)]));
  return {
    scan(path, bytes) {
      const whole = wholeFileKey(bytes, tools);
      const wholeKeys = wholeFileKeys(bytes, tools);
      if (whole !== undefined) return { found: [{ ...whole, start: 0, end: bytes.length }], keys: wholeKeys };
      if (wholeKeys.length > 0) return { found: [], keys: wholeKeys };
      const found = foundSecrets();
      for (const each of namedFileSecrets(path, bytes, tools)) found.note(each, NAMED_WEIGHT);
      const keys: FoundKey[] = [];
      /** Where the last of the keys ends: what is in one is not looked for again. */
      let keysEnd = 0;
      const misses = new Map<Asked, number>();
      let cut: string | undefined;
      const unread = new Set<Asked>(detectors.filter((each) => each.reads?.(path) === false));
      let text: string | undefined;
      const look = (detector: Detector, suspect: Suspect, from: number): boolean => {
        let hit = false;
        for (const each of detector.find(suspect))
          hit = found.note(moved(each, from), weightOf(detector, [each.rule])) || hit;
        return hit;
      };
      const lookForKeys = (finder: KeyFinder, suspect: Suspect, from: number): boolean => {
        const before = keys.length;
        for (const each of finder.find(suspect)) {
          if (keys.length >= MOST_KEYS) {
            cut ??= `it has more than ${MOST_KEYS} public keys, and no more of them were looked at`;
            break;
          }
          keys.push(moved(each, from));
          keysEnd = Math.max(keysEnd, each.end + from);
        }
        return keys.length > before;
      };
      search(bytes, (keyword, end) => {
        const { word, asked } = words[keyword] ?? {};
        if (word === undefined || asked === undefined || unread.has(asked)) return;
        if (asked.follows?.(bytes, end) === false) return;
        const at = end - word.length;
        // What was found is not looked into again, unless by what says more.
        const weight = weights.get(asked);
        if (weight === undefined ? at < keysEnd : (found.weightAt(at) ?? -1) >= weight) return;
        const missed = misses.get(asked) ?? 0;
        if (missed >= MOST_MISSES[asked.reach]) {
          cut ??= `it has "${word}" more than ${missed} times without what belongs to it, and was looked at no further for that`;
          return;
        }
        text ??= tools.latin1(bytes);
        const window = windowAt(text, at, asked.reach);
        const suspect = { path, text: text.slice(window.start, window.end), at: at - window.start, tools };
        const isHit =
          'rules' in asked ? look(asked, suspect, window.start) : lookForKeys(asked, suspect, window.start);
        if (!isHit) misses.set(asked, missed + 1);
      });
      return { found: found.all, keys, ...(cut === undefined ? {} : { cut }) };
    },
  };
}

function moved<Found extends { readonly start: number; readonly end: number }>(
  found: Found,
  by: number,
): Found {
  return { ...found, start: found.start + by, end: found.end + by };
}

function windowAt(text: string, at: number, reach: Detector['reach']): { start: number; end: number } {
  if (reach === 'block') return { start: Math.max(0, at - BLOCK_BEFORE), end: at + BLOCK_AFTER };
  // With the sign before it, which tells whether it is the beginning of something.
  if (reach === 'bundle') return { start: Math.max(0, at - 1), end: at + BUNDLE_AFTER };
  if (reach === 'near') return { start: Math.max(0, at - LINE), end: at + LINE };
  // A file may be one line: no more of it is looked at than counts.
  const first = Math.max(0, at - LINE);
  const before = text.slice(first, at).lastIndexOf('\n');
  const after = text.slice(at, at + LINE).indexOf('\n');
  return {
    start: before === -1 ? first : first + before + 1,
    end: after === -1 ? at + LINE : at + after,
  };
}
