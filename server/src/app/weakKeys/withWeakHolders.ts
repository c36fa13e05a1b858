import type { Finding } from '../../core/finding.ts';
import type { KeyHolder } from '../scan/keyHolders.ts';
import { actsFor, holdersText } from '../scan/withHolders.ts';
import type { WeakSighting } from './weakSightings.ts';

/** Findings on weak keys that are keys of identities name them, and offer what puts it right. */
export function withWeakHolders(
  weak: readonly WeakSighting[],
  holders: ReadonlyMap<string, readonly KeyHolder[]>,
): readonly Finding[] {
  return weak.map(({ finding, spkiSha256 }) => {
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
}
