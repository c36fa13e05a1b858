/** What is wrong with the public keys that a scan saw, at each place of them. */

import { keyPublished } from '../../core/credential/findings/keyPublished.ts';
import { keyWeak } from '../../core/credential/findings/keyWeak.ts';
import { strengthProblem } from '../../core/credential/inspect/weaknesses.ts';
import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { Finding } from '../../core/finding.ts';
import type { KeySighting } from '../../core/keys/keySighting.ts';
import type { KeyProblem } from '../../core/keys/weak/check.ts';
import { placesOfKeys, problemFinding } from '../../core/keys/weak/problemFinding.ts';
import { findWeakKeys } from './findWeakKeys.ts';
import type { WeakKeyOptions } from './tools.ts';

export interface WeakSighting {
  readonly finding: Finding;
  readonly spkiSha256: string;
}

export async function weakSightings(
  sightings: readonly KeySighting[],
  options: WeakKeyOptions,
  signal: AbortSignal,
): Promise<readonly WeakSighting[]> {
  const places = placesOfKeys(sightings);
  const keys = new Map(
    sightings.map(({ spkiSha256, spki }) => [spkiSha256, new Uint8Array(Buffer.from(spki, 'base64'))]),
  );
  const found = new Map<string, readonly KeyProblem[]>(await findWeakKeys(keys, options, signal));
  for (const [spkiSha256, spki] of keys) {
    const weak = weakStrength(spki);
    if (weak !== undefined) found.set(spkiSha256, [...(found.get(spkiSha256) ?? []), weak]);
  }
  return sightings.flatMap((sighting) =>
    (found.get(sighting.spkiSha256) ?? [])
      // Notes are for who asks about one credential.
      .filter(({ rule, severity }) => (severity ?? rule.severity) !== 'info')
      .map((problem) => ({
        finding: problemFinding(sighting, asSeen(problem), places),
        spkiSha256: sighting.spkiSha256,
      })),
  );
}

/** In a test a published key is in its place: that somebody uses it shows elsewhere. */
function asSeen(problem: KeyProblem): KeyProblem {
  return problem.rule.id === keyPublished.id ? { ...problem, severity: 'warning' } : problem;
}

function weakStrength(spki: Uint8Array): KeyProblem | undefined {
  const facts = publicKeyFacts(spki);
  const message = facts && strengthProblem(facts.algorithm, facts.bits ?? null);
  // It may be anybody's, as of a root that a library carries along: nobody here has to make a new one.
  return message === undefined ? undefined : { rule: keyWeak, severity: 'warning', message };
}
