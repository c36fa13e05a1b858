import { keyPublished } from '../../core/credential/findings/keyPublished.ts';
import type { Finding } from '../../core/finding.ts';
import type { KeyHolder } from '../scan/keyHolders.ts';
import { actsFor, holdersText } from '../scan/withHolders.ts';
import type { WeakSighting } from './weakSightings.ts';

export interface WeakKeysFound {
  readonly findings: readonly Finding[];
  /** Keys that are published and no identity's, by the hex SHA-256 of the SubjectPublicKeyInfo. */
  readonly published: ReadonlySet<string>;
}

/** Findings on weak keys that are keys of identities name them, and offer what puts it right. */
export function withWeakHolders(
  weak: readonly WeakSighting[],
  holders: ReadonlyMap<string, readonly KeyHolder[]>,
): WeakKeysFound {
  const published = weak.filter(
    ({ finding, spkiSha256 }) => finding.rule === keyPublished.id && !holders.has(spkiSha256),
  );
  const findings = weak.map(({ finding, spkiSha256 }) => {
    const [first, ...others] = holders.get(spkiSha256) ?? [];
    if (first === undefined) return finding;
    return {
      ...finding,
      severity: first.standing === 'former' ? finding.severity : 'error',
      message: `${finding.message}; it is the key of ${holdersText([first, ...others])}`,
      identity: first.identity,
      ...actsFor(first),
    };
  });
  return { findings, published: new Set(published.map(({ spkiSha256 }) => spkiSha256)) };
}
