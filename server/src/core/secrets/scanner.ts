/** One file's octets to the secrets and the public keys in it: keywords in one pass, then each detector where its words stand. */
import type { KeyFinder } from '../keys/keyFinder.ts';
import { wholeFileKeys } from '../keys/wholeFileKeys.ts';
import type { Detector, ScanTools } from './detector.ts';
import { type FollowedScan, followScan } from './followedScan.ts';
import { type Asked, type FileScan, weightsOf } from './judgement.ts';
import { keywordSearch } from './keywords.ts';
import { namedFileSecrets } from './namedFile.ts';
import { type PiecesScan, type ScannerParts, scanPieces } from './piecesScan.ts';
import { type InCommon, versionsSearch } from './versionsSearch.ts';
import { wholeFileKey } from './wholeFile.ts';
import { wrappedValues } from './wrapped.ts';

export interface SecretScanner {
  scan(path: string, bytes: Uint8Array): FileScan;
  /** The same of what is too large to be had at once, and so is no file that is a key as a whole. */
  inPieces(path: string): PiecesScan;
  /** Secrets alone, in a text that is typed into. */
  follow(path: string): FollowedScan;
}

/** `inCommon`: of contents that are versions of one file for the most part, one after the other. */
export function secretScanner(
  detectors: readonly Detector[],
  finders: readonly KeyFinder[],
  tools: ScanTools,
  inCommon?: InCommon,
): SecretScanner {
  const inside = (path: string, bytes: Uint8Array): FileScan => {
    const whole = wholeFileKey(bytes, tools);
    if (whole !== undefined) return { found: [{ ...whole, start: 0, end: bytes.length }], keys: [] };
    const pieces = scanPieces(path, parts);
    pieces.look({ bytes, base: 0, from: 0, to: bytes.length });
    return pieces.scan();
  };
  const all = [...detectors, ...wrappedValues({ rules: detectors.flatMap(({ rules }) => rules) }, inside)];
  const words = [...all, ...finders].flatMap((asked: Asked) =>
    asked.keywords.map((word) => ({ word, asked })),
  );
  const search = keywordSearch(words.map(({ word }) => word));
  const parts: ScannerParts = { detectors: all, words, search, weights: weightsOf(all), tools };
  const lengths = words.map(({ word }) => word.length);
  const ofContents =
    inCommon === undefined ? parts : { ...parts, search: versionsSearch(search, lengths, inCommon) };
  return {
    inPieces: (path) => scanPieces(path, ofContents),
    follow: (path) => followScan(path, parts),
    scan(path, bytes) {
      const whole = wholeFileKey(bytes, tools);
      const { keys, found, end } = wholeFileKeys(bytes, tools);
      if (whole !== undefined) return { found: [{ ...whole, start: 0, end: bytes.length }], keys };
      if (end > 0 && end === bytes.length) return { found, keys };
      // Behind what is binary anything may follow.
      const pieces = scanPieces(path, ofContents, [...found, ...namedFileSecrets(path, bytes, tools)]);
      pieces.look({ bytes, base: 0, from: end, to: bytes.length });
      const rest = pieces.scan();
      return { ...rest, keys: [...keys, ...rest.keys] };
    },
  };
}
