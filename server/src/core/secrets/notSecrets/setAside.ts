import type { Finding } from '../../finding.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import { isDayOver } from '../../text/day.ts';
import type { NotSecret, NotSecrets, PlacedNotSecret } from './notSecretsFile.ts';
import { NOT_SECRET_EXPIRED, NOT_SECRET_STALE } from './rules.ts';

export interface SetAside<Found> {
  readonly found: Found;
  readonly entry: NotSecret;
}

export interface Judged<Found> {
  readonly left: readonly Found[];
  readonly aside: readonly SetAside<Found>[];
  /** On entries that are over, and on those whose finding is not there. */
  readonly findings: readonly Finding[];
}

export interface Judging<Found> {
  readonly entries: NotSecrets['entries'];
  /** Where they stand, as findings name it. */
  readonly file: string;
  readonly now: Date;
  ruleOf(found: Found): string;
  /** As entries name it; undefined: it lies outside the project. */
  pathOf(found: Found): string | undefined;
  /** Asked where an entry names the rule and the path. Undefined: the value cannot be had. */
  hashOf(found: Found): Promise<string | undefined>;
  /** Whether all that stands at this path was looked at: only then something can be missing there. */
  wasLookedAt(path: string): boolean;
}

/** Which findings an entry sets aside, and which entries set nothing aside. */
export async function setAside<Found>(
  found: readonly Found[],
  { entries, file, now, ruleOf, pathOf, hashOf, wasLookedAt }: Judging<Found>,
): Promise<Judged<Found>> {
  const byPlace = new Map<string, PlacedNotSecret[]>();
  const place = (rule: string, path: string): string => `${rule}\n${path}`;
  for (const entry of entries) {
    const key = place(entry.rule, entry.path);
    byPlace.set(key, [...(byPlace.get(key) ?? []), entry]);
  }
  const used = new Set<PlacedNotSecret>();
  const left: Found[] = [];
  const aside: SetAside<Found>[] = [];
  for (const each of found) {
    const path = pathOf(each);
    const near = path === undefined ? undefined : byPlace.get(place(ruleOf(each), path));
    const hash = near === undefined ? undefined : await hashOf(each);
    const entry = near?.find((one) => one.hash === hash);
    if (entry !== undefined) used.add(entry);
    if (entry === undefined || isDayOver(entry.until, now)) left.push(each);
    else aside.push({ found: each, entry });
  }
  const told = (meta: RuleMeta, { range }: PlacedNotSecret, message: string): Finding => ({
    rule: meta.id,
    severity: meta.severity,
    message,
    file,
    range,
    related: [],
    fixes: [],
  });
  const findings = entries.flatMap((entry) => {
    const { rule, path, until } = entry;
    if (used.has(entry) && isDayOver(until, now))
      return [
        told(
          NOT_SECRET_EXPIRED,
          entry,
          `this held until ${until}; look at the value in ${path} again, and give the entry a new day or remove it`,
        ),
      ];
    if (!used.has(entry) && wasLookedAt(path))
      return [
        told(NOT_SECRET_STALE, entry, `"${rule}" does not find this value in ${path}; remove the entry`),
      ];
    return [];
  });
  return { left, aside, findings };
}
