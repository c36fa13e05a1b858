/** One file's octets to the secrets in it: keywords in one pass, then each detector where its words stand. */
import type { Detection, Detector, ScanTools } from './detector.ts';
import { foundSecrets, weightOf } from './foundSecrets.ts';
import { keywordSearch } from './keywords.ts';
import { wholeFileKey } from './wholeFile.ts';

export interface FileScan {
  /** By place; `start` and `end` are octets of the file. */
  readonly found: readonly Detection[];
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
/** So often a detector may look and find nothing: only a file that was made for it has more of its words. */
const MOST_MISSES: Readonly<Record<Detector['reach'], number>> = {
  line: 100_000,
  near: 100_000,
  block: 5_000,
};

export function secretScanner(detectors: readonly Detector[], tools: ScanTools): SecretScanner {
  const words = detectors.flatMap((detector) => detector.keywords.map((word) => ({ word, detector })));
  const search = keywordSearch(words.map(({ word }) => word));
  const weights = new Map(detectors.map((detector) => [detector, weightOf(detector, detector.rules)]));
  return {
    scan(path, bytes) {
      const whole = wholeFileKey(bytes, tools);
      if (whole !== undefined) return { found: [{ ...whole, start: 0, end: bytes.length }] };
      const found = foundSecrets();
      const misses = new Map<Detector, number>();
      let cut: string | undefined;
      const unread = new Set(detectors.filter((each) => each.reads?.(path) === false));
      let text: string | undefined;
      search(bytes, (keyword, end) => {
        const { word, detector } = words[keyword] ?? {};
        if (word === undefined || detector === undefined || unread.has(detector)) return;
        if (detector.follows?.(bytes, end) === false) return;
        const at = end - word.length;
        // What was found is not looked into again, unless by what says more.
        if ((found.weightAt(at) ?? -1) >= (weights.get(detector) ?? 0)) return;
        const missed = misses.get(detector) ?? 0;
        if (missed >= MOST_MISSES[detector.reach]) {
          cut ??= `it has "${word}" more than ${missed} times without what belongs to it, and was looked at no further for that`;
          return;
        }
        text ??= tools.latin1(bytes);
        const window = windowAt(text, at, detector.reach);
        const suspect = { path, text: text.slice(window.start, window.end), at: at - window.start, tools };
        let hits = 0;
        for (const each of detector.find(suspect)) {
          const [start, end] = [each.start + window.start, each.end + window.start];
          if (found.note({ ...each, start, end }, weightOf(detector, [each.rule]))) hits += 1;
        }
        if (hits === 0) misses.set(detector, missed + 1);
      });
      return { found: found.all, ...(cut === undefined ? {} : { cut }) };
    },
  };
}

function windowAt(text: string, at: number, reach: Detector['reach']): { start: number; end: number } {
  if (reach === 'block') return { start: Math.max(0, at - BLOCK_BEFORE), end: at + BLOCK_AFTER };
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
