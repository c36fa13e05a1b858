/** What is wrong with the public keys that a scan saw, at each place of them. */

import { keyPublished } from '../../core/credential/findings/keyPublished.ts';
import { keyWeak } from '../../core/credential/findings/keyWeak.ts';
import { strengthProblem } from '../../core/credential/inspect/weaknesses.ts';
import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { Finding } from '../../core/finding.ts';
import { type KeyPack, placesOf, spkiOf } from '../../core/keys/keyPack.ts';
import type { KeyProblem } from '../../core/keys/weak/check.ts';
import { placesOfKeys, problemFinding } from '../../core/keys/weak/problemFinding.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { findWeakKeys } from './findWeakKeys.ts';
import type { WeakKeyOptions } from './tools.ts';

export interface WeakSighting {
  readonly finding: Finding;
  readonly spkiSha256: string;
}

export async function weakSightings(
  packs: readonly KeyPack[],
  options: WeakKeyOptions,
  signal: AbortSignal,
): Promise<readonly WeakSighting[]> {
  const keys = new Map<string, Uint8Array>();
  for (const pack of packs)
    for (const [index, spkiSha256] of pack.hashes.entries())
      if (!keys.has(spkiSha256)) keys.set(spkiSha256, spkiOf(pack, index));
  const found = new Map<string, readonly KeyProblem[]>(await findWeakKeys(keys, options, signal));
  const strength = strengths();
  for (const [spkiSha256, spki] of keys) {
    const weak = strength(spki);
    if (weak !== undefined) found.set(spkiSha256, [...(found.get(spkiSha256) ?? []), weak]);
  }
  const told = new Map(Array.from(found, ([key, problems]) => [key, problems.filter(isTold)] as const));
  const others = new Set([...told.values()].flat().flatMap((problem) => problem.others ?? []));
  const isNamed = (key: string): boolean => others.has(key) || (told.get(key)?.length ?? 0) > 0;
  if (![...told.keys()].some(isNamed)) return [];
  const sightings = [...placesOf(packs, isNamed, nodeHasher)];
  const places = placesOfKeys(sightings);
  return sightings.flatMap((sighting) =>
    (told.get(sighting.spkiSha256) ?? []).map((problem) => ({
      finding: problemFinding(sighting, asSeen(problem), places),
      spkiSha256: sighting.spkiSha256,
    })),
  );
}

/** Notes are for who asks about one credential. */
function isTold({ rule, severity }: KeyProblem): boolean {
  return (severity ?? rule.severity) !== 'info';
}

/** In a test a published key is in its place: that somebody uses it shows elsewhere. */
function asSeen(problem: KeyProblem): KeyProblem {
  return problem.rule.id === keyPublished.id ? { ...problem, severity: 'warning' } : problem;
}

/** Keys are of few sorts, and each is judged once. */
function strengths(): (spki: Uint8Array) => KeyProblem | undefined {
  const known = new Map<string, KeyProblem | undefined>();
  return (spki) => {
    const facts = publicKeyFacts(spki);
    if (facts === undefined) return undefined;
    const { algorithm, bits } = facts;
    const sort = `${algorithm} ${bits}`;
    if (!known.has(sort)) known.set(sort, weakStrength(algorithm, bits ?? null));
    return known.get(sort);
  };
}

function weakStrength(algorithm: string, bits: number | null): KeyProblem | undefined {
  const message = strengthProblem(algorithm, bits);
  // It may be anybody's, as of a root that a library carries along: nobody here has to make a new one.
  return message === undefined ? undefined : { rule: keyWeak, severity: 'warning', message };
}
