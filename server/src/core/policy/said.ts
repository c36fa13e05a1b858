/** What is said of one identity by what is asked of it, and what of that holds when something else is asked. */
import type { Severity } from '../finding.ts';
import type { JsonObject } from '../manifest/path.ts';
import { perValue } from '../rules/perValue.ts';
import type { FieldPlace, FieldWord } from './fieldAsks.ts';
import type { Judged, Verdict } from './judged.ts';
import type { Effect } from './policiesInForce.ts';
import type { Told } from './verdictFindings.ts';

/** The part of a rule that a policy asks. */
export interface JudgingRule {
  readonly severity: Severity;
  judge(judged: Judged, parameters: JsonObject): Iterable<Verdict>;
  ofField?(place: FieldPlace, parameters: JsonObject): Iterable<FieldWord>;
}

export type JudgingRules = ReadonlyMap<string, JudgingRule>;

export interface Said {
  /** Of what was asked: `Effect.digests`. */
  readonly digests: readonly string[];
  /** Beside each of them; empty where there is nothing to say at all. */
  readonly verdicts: readonly (readonly Verdict[])[];
}

const NOTHING: readonly Verdict[] = [];

/** Most identities keep all that is asked of them. */
const silence = perValue((digests: readonly string[]): Said => ({ digests, verdicts: [] }));

/** Asks what was not asked `before`; `judged` is called where there is something of that. */
export function say(
  { asks, digests }: Effect,
  rules: JudgingRules,
  judged: () => Judged,
  before?: Said,
): Said {
  if (before?.digests === digests) return before;
  const { places, asked } =
    before === undefined ? { places: [], asked: asks.keys() } : compared(digests, before.digests);
  let verdicts: (readonly Verdict[])[] | undefined;
  const put = (place: number, said: readonly Verdict[]): void => {
    verdicts ??= asks.map(() => NOTHING);
    verdicts[place] = said;
  };
  if (before !== undefined && before.verdicts.length > 0)
    for (const [place, known] of places.entries()) {
      const said = before.verdicts[known];
      if (said !== undefined && said.length > 0) put(place, said);
    }
  let of: Judged | undefined;
  for (const place of asked) {
    const ask = asks[place];
    if (ask === undefined) continue;
    of ??= judged();
    const said = listOf(ask.judge?.(of) ?? rules.get(ask.rule)?.judge(of, ask.parameters) ?? NOTHING);
    if (said.length > 0) put(place, said);
  }
  return verdicts === undefined ? silence(digests) : { digests, verdicts };
}

export function isSilent({ verdicts }: Said): boolean {
  return verdicts.length === 0;
}

/** With who asked for it, and as grave as that one says. */
export function toldBy({ asks }: Effect, { verdicts }: Said, rules: JudgingRules): readonly Told[] {
  return verdicts.flatMap((said, place) => {
    const ask = asks[place];
    const severity = ask?.severity ?? rules.get(ask?.rule ?? '')?.severity;
    return ask === undefined || severity === undefined
      ? []
      : said.map((verdict) => ({ ask, verdict, severity }));
  });
}

interface Compared {
  /** Where each of the digests stands among the others; -1 where it does not. */
  readonly places: readonly number[];
  /** Those that do not. */
  readonly asked: readonly number[];
}

/** Thousands of identities ask for the same few pairs. */
const comparedKnown = new WeakMap<readonly string[], WeakMap<readonly string[], Compared>>();

function compared(digests: readonly string[], others: readonly string[]): Compared {
  const known = comparedKnown.get(digests) ?? new WeakMap<readonly string[], Compared>();
  comparedKnown.set(digests, known);
  const before = known.get(others);
  if (before !== undefined) return before;
  const places = digests.map((digest) => others.indexOf(digest));
  const made = { places, asked: places.flatMap((at, place) => (at === -1 ? [place] : [])) };
  known.set(others, made);
  return made;
}

function listOf(verdicts: Iterable<Verdict>): readonly Verdict[] {
  let list: Verdict[] | undefined;
  for (const verdict of verdicts) {
    list ??= [];
    list.push(verdict);
  }
  return list ?? NOTHING;
}
