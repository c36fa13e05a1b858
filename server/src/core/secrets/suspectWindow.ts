import type { Detector } from './detector.ts';

/** A line that is longer is looked at this far around a keyword: what nobody wrote by hand is bounded. */
export const LINE = 4 * 1024;
const BLOCK_BEFORE = 32 * 1024;
/** An RSA key of 16,384 bits, folded and escaped, takes half of it. */
const BLOCK_AFTER = 64 * 1024;
const BUNDLE_AFTER = 512 * 1024;

interface Window {
  readonly before: number;
  readonly after: number;
}

const FARTHEST: Readonly<Record<Detector['reach'], Window>> = {
  line: { before: LINE, after: LINE },
  near: { before: LINE, after: LINE },
  block: { before: BLOCK_BEFORE, after: BLOCK_AFTER },
  // With the sign before it, which tells whether it is the beginning of something.
  bundle: { before: 1, after: BUNDLE_AFTER },
};

/** Of all detectors. */
export const REACH: Window = { before: BLOCK_BEFORE, after: BUNDLE_AFTER };

/** How far around a keyword a detector sees at most. */
export function farthest(reach: Detector['reach']): Window {
  return FARTHEST[reach];
}

/** What a detector of this reach sees of `text` for a keyword at `at`. */
export function windowAt(
  text: string,
  at: number,
  reach: Detector['reach'],
): { readonly start: number; readonly end: number } {
  const { before, after } = farthest(reach);
  const first = Math.max(0, at - before);
  if (reach !== 'line') return { start: first, end: at + after };
  // A file may be one line: no more of it is looked at than counts.
  const lineStart = text.slice(first, at).lastIndexOf('\n');
  const lineEnd = text.slice(at, at + after).indexOf('\n');
  return {
    start: lineStart === -1 ? first : first + lineStart + 1,
    end: lineEnd === -1 ? at + after : at + lineEnd,
  };
}
