/** One file's octets to the secrets in it: keywords in one pass, then each detector where its words stand. */
import { decodeLatin1 } from '../credential/charset.ts';
import type { Severity } from '../finding.ts';
import type { Detection, Detector, ScanTools } from './detector.ts';
import { keywordSearch } from './keywords.ts';
import { wholeFileKey } from './wholeFile.ts';

/** `start` and `end` are octets of the file. */
export interface FoundSecret extends Detection {}

export interface SecretScanner {
  scan(path: string, bytes: Uint8Array): readonly FoundSecret[];
}

/** A line that is longer is looked at this far around a keyword: what nobody wrote by hand is bounded. */
const LINE = 4 * 1024;
const BLOCK_BEFORE = 32 * 1024;
/** An RSA key of 16,384 bits, folded and escaped, takes half of it. */
const BLOCK_AFTER = 64 * 1024;

export function secretScanner(detectors: readonly Detector[], tools: ScanTools): SecretScanner {
  const words = detectors.flatMap((detector) => detector.keywords.map((word) => ({ word, detector })));
  const search = keywordSearch(words.map(({ word }) => word));
  return {
    scan(path, bytes) {
      const whole = wholeFileKey(bytes, tools);
      if (whole !== undefined) return [{ ...whole, start: 0, end: bytes.length }];
      const found: FoundSecret[] = [];
      let text: string | undefined;
      search(bytes, (keyword, end) => {
        const { word, detector } = words[keyword] ?? {};
        if (word === undefined || detector === undefined) return;
        const at = end - word.length;
        // What was found is not looked into again, unless by what says more.
        if (found.some((each) => each.start <= at && at < each.end && outranks(each, rankOf(detector))))
          return;
        text ??= decodeLatin1(bytes);
        const window = windowAt(text, at, detector.reach);
        const suspect = { path, text: text.slice(window.start, window.end), at: at - window.start, tools };
        for (const each of detector.find(suspect)) {
          note(found, { ...each, start: each.start + window.start, end: each.end + window.start });
        }
      });
      return found.sort((a, b) => a.start - b.start);
    },
  };
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

function rankOf(detector: Detector): number {
  return Math.max(...detector.rules.map(({ severity }) => RANK[severity]));
}

function outranks(found: FoundSecret, rank: number): boolean {
  return RANK[found.rule.severity] >= rank;
}

/** Of two that share octets the more severe counts, and of equals the first. */
function note(found: FoundSecret[], one: FoundSecret): void {
  const shared = found.filter((each) => each.start < one.end && one.start < each.end);
  if (shared.some((each) => outranks(each, RANK[one.rule.severity]))) return;
  for (const each of shared) found.splice(found.indexOf(each), 1);
  found.push(one);
}

function windowAt(text: string, at: number, reach: Detector['reach']): { start: number; end: number } {
  if (reach === 'block') return { start: Math.max(0, at - BLOCK_BEFORE), end: at + BLOCK_AFTER };
  // A file may be one line: no more of it is looked at than counts.
  const first = Math.max(0, at - LINE);
  const before = text.slice(first, at).lastIndexOf('\n');
  const after = text.slice(at, at + LINE).indexOf('\n');
  return {
    start: before === -1 ? first : first + before + 1,
    end: after === -1 ? at + LINE : at + after,
  };
}
