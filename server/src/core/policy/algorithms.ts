import { CLASSICAL_KEY_ALGORITHMS, KEY_ALGORITHMS, type KeyAlgorithm } from '../credential/keyAlgorithm.ts';
import { formatPath, type ManifestPath } from '../manifest/path.ts';
import { replaceValue } from '../rules/report.ts';
import { matchesGlob } from '../text/glob.ts';
import { oneOf } from '../text/quote.ts';
import { keyAlgorithmPath } from './defaults.ts';
import type { FieldPlace, FieldWord } from './fieldAsks.ts';
import type { Judged, Verdict } from './judged.ts';

/**
 * Security strength in bits (NIST SP 800-57 part 1, table 2; FIPS 204, FIPS 205). RSA-4096 is between two rows and counts as the
 * lower one.
 */
const STRENGTH: Readonly<Record<KeyAlgorithm, number>> = {
  'ECDSA-P256': 128,
  'ECDSA-P384': 192,
  'ECDSA-P521': 256,
  Ed25519: 128,
  'RSA-2048': 112,
  'RSA-3072': 128,
  'RSA-4096': 128,
  'ML-DSA-44': 128,
  'ML-DSA-65': 192,
  'ML-DSA-87': 256,
  'SLH-DSA-SHA2-128s': 128,
  'SLH-DSA-SHA2-128f': 128,
  'SLH-DSA-SHA2-192s': 192,
  'SLH-DSA-SHA2-192f': 192,
  'SLH-DSA-SHA2-256s': 256,
  'SLH-DSA-SHA2-256f': 256,
};

interface AlgorithmLimit {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly minimumStrength?: number;
}

/** `since`: behind what is said, where the limit began on a day. */
export function* algorithmVerdicts(
  { resource, declaration }: Judged,
  limit: AlgorithmLimit,
  since: string,
): Generator<Verdict> {
  const algorithm = declaration.key?.algorithm;
  if (algorithm === undefined) return;
  const path = keyAlgorithmPath(resource.kind);
  const why = refusal(algorithm, limit);
  if (why === undefined) return;
  const offered = resource.kind === 'Certificate' ? KEY_ALGORITHMS : CLASSICAL_KEY_ALGORITHMS;
  const best = offered.find((each) => refusal(each, limit) === undefined);
  const instead = best === undefined ? 'no algorithm is left' : `${best} is allowed, for one`;
  yield {
    path,
    message: `${algorithm} ${why}${since}; ${instead}`,
    limit: -(limit.minimumStrength ?? 0),
    fixes: (now) =>
      best !== undefined && now.find(path) !== undefined ? [replaceValue(now, path, best, true)] : [],
  };
}

/** What such a limit says of an algorithm that is not chosen yet. */
export function algorithmWord(
  { resource, path }: FieldPlace,
  limit: AlgorithmLimit,
  at: ManifestPath,
  since: string,
): readonly FieldWord[] {
  if (formatPath(path) !== formatPath(keyAlgorithmPath(resource.kind))) return [];
  const allowed = ALGORITHMS.filter((each) => refusal(each, limit) === undefined);
  const words = allowed.length === 0 ? 'No algorithm is allowed' : `It must be ${oneOf(allowed)}`;
  return [
    {
      says: [`${words}${since}.`],
      offers: [],
      fits: (value) => allowed.some((each) => each === value),
      at,
    },
  ];
}

const ALGORITHMS = Object.keys(STRENGTH) as readonly KeyAlgorithm[];

function refusal(
  algorithm: KeyAlgorithm,
  { allow, deny = [], minimumStrength = 0 }: AlgorithmLimit,
): string | undefined {
  const fits = (patterns: readonly string[]): boolean =>
    patterns.some((each) => matchesGlob(each, algorithm, ''));
  if (fits(deny)) return 'is denied';
  if (allow !== undefined && !fits(allow)) return 'is not allowed';
  if (STRENGTH[algorithm] >= minimumStrength) return undefined;
  return `has ${STRENGTH[algorithm]} bits of strength, and ${minimumStrength} are needed`;
}
