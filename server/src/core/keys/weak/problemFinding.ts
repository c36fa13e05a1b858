import type { Finding, Location, RelatedPlace } from '../../finding.ts';
import type { KeyProblem } from './check.ts';

/** Where a key stands, and for whom. */
export interface KeyAt extends Location {
  readonly spkiSha256: string;
  readonly subject?: string | null;
}

const MOST_RELATED = 10;

/** The first place of each key. */
export function placesOfKeys(all: Iterable<KeyAt>): ReadonlyMap<string, KeyAt> {
  const places = new Map<string, KeyAt>();
  for (const each of all) if (!places.has(each.spkiSha256)) places.set(each.spkiSha256, each);
  return places;
}

export function problemFinding(
  { file, range }: Location,
  { rule, severity, message, others }: KeyProblem,
  places: ReadonlyMap<string, KeyAt>,
): Finding {
  const related = (others ?? []).flatMap((other): RelatedPlace[] => {
    const at = places.get(other);
    if (at === undefined) return [];
    const whose = at.subject ? ` for ${at.subject}` : '';
    return [{ file: at.file, range: at.range, message: `the key it shares a prime with${whose}` }];
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
