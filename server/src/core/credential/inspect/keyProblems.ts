/** Findings on weak keys, at each credential that has the key. */
import { placesOfKeys, problemFinding } from '../../keys/weak/problemFinding.ts';
import type { KeyProblems } from '../../keys/weak/weakKeys.ts';
import type { CredentialItem } from './item.ts';

export function withKeyProblems(
  items: readonly CredentialItem[],
  problems: KeyProblems,
): readonly CredentialItem[] {
  if (problems.size === 0) return items;
  const places = placesOfKeys(
    items.flatMap(({ spkiSha256, ...item }) => (spkiSha256 === null ? [] : [{ ...item, spkiSha256 }])),
  );
  return items.map((item) => {
    const own = item.spkiSha256 === null ? undefined : problems.get(item.spkiSha256);
    if (own === undefined) return item;
    return {
      ...item,
      findings: [...item.findings, ...own.map((each) => problemFinding(item, each, places))],
    };
  });
}
