/** Findings on weak keys, at each credential that has the key. */
import type { Finding, RelatedPlace } from '../../finding.ts';
import type { KeyProblem } from '../../keys/weak/check.ts';
import type { KeyProblems } from '../../keys/weak/weakKeys.ts';
import type { CredentialItem } from './item.ts';

const MOST_RELATED = 10;

export function withKeyProblems(
  items: readonly CredentialItem[],
  problems: KeyProblems,
): readonly CredentialItem[] {
  if (problems.size === 0) return items;
  const byKey = new Map<string, CredentialItem>();
  for (const item of items)
    if (item.spkiSha256 !== null && !byKey.has(item.spkiSha256)) byKey.set(item.spkiSha256, item);
  return items.map((item) => {
    const own = item.spkiSha256 === null ? undefined : problems.get(item.spkiSha256);
    if (own === undefined) return item;
    return {
      ...item,
      findings: [...item.findings, ...own.map((problem) => findingOf(item, problem, byKey))],
    };
  });
}

function findingOf(
  { file, range }: CredentialItem,
  { rule, severity, message, others }: KeyProblem,
  byKey: ReadonlyMap<string, CredentialItem>,
): Finding {
  const related = (others ?? []).flatMap((other): RelatedPlace[] => {
    const item = byKey.get(other);
    if (item === undefined) return [];
    const whose = item.subject === null ? '' : ` for ${item.subject}`;
    return [{ file: item.file, range: item.range, message: `the key it shares a prime with${whose}` }];
  });
  return {
    rule: rule.id,
    severity: severity ?? rule.severity,
    message,
    why: rule.why,
    file,
    range,
    related: related.slice(0, MOST_RELATED),
    fixes: [],
  };
}
