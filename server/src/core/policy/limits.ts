import type { ManifestPath } from '../manifest/path.ts';
import type { Resource } from '../manifest/resource.ts';
import { replaceValue } from '../rules/report.ts';
import type { MaximumSchedule, NetworkLimit, ValueLimit } from '../schema/generated/specs.ts';
import { formatDuration, parseDuration } from '../text/duration.ts';
import { matchesGlob } from '../text/glob.ts';
import { isInNetwork } from '../text/ipAddress.ts';
import { oneOf, quotable } from '../text/quote.ts';
import type { FieldWord } from './fieldAsks.ts';
import type { Judged, Verdict } from './judged.ts';

/** A value with its place. */
export interface PlacedValue {
  readonly text: string;
  readonly path: ManifestPath;
}

export interface About {
  /** `DNS name`, `principal`. */
  readonly what: string;
  /** Where one would stand that is missing. */
  readonly parent: ManifestPath;
  /** What `*` ends at in patterns; empty: at nothing. */
  readonly separator?: string;
}

/** What stands in a list of texts. */
export function placed(texts: readonly string[], parent: ManifestPath): readonly PlacedValue[] {
  return texts.map((text, place) => ({ text, path: [...parent, place] }));
}

/** Three lists say what values may be: denied ones are never allowed, and required ones are missed. */
export function* limitVerdicts(
  judged: Filling,
  values: readonly PlacedValue[],
  { allow, deny = [], require = [] }: ValueLimit,
  { what, parent, separator = '' }: About,
): Generator<Verdict> {
  const fits = (text: string, patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesGlob(filled(pattern, judged), text, separator));
  for (const { text, path } of values) {
    const value = quotable(text) ?? 'this';
    if (fits(text, deny)) yield { path, message: `the ${what} ${value} is denied; choose another` };
    else if (allow !== undefined && !fits(text, allow))
      yield { path, message: `the ${what} ${value} is not allowed; ${insteadOf(allow, judged)}` };
  }
  for (const pattern of require) {
    if (values.some(({ text }) => fits(text, [pattern]))) continue;
    const wanted = quotable(filled(pattern, judged)) ?? 'as the policy says';
    yield { path: parent, part: 'key', message: `a ${what} ${wanted} is required; add it` };
  }
}

function insteadOf(allow: readonly string[], judged: Filling): string {
  const first = quotable(allow[0] === undefined ? undefined : filled(allow[0], judged));
  if (allow.length === 0) return 'there may be none';
  if (first === undefined) return 'the policy lists what is';
  return allow.length === 1 ? `${first} is` : `${first} is, and ${allow.length - 1} more`;
}

/** What patterns are filled in from. */
interface Filling {
  readonly resource: Pick<Resource, 'name' | 'namespace' | 'selection'>;
}

/** What three such lists say of a value that is not there yet. `at`: where they stand in what a policy asks. */
export function limitWord(
  { allow, deny = [], require = [] }: ValueLimit,
  place: Filling,
  separator: string,
  at: ManifestPath,
): FieldWord {
  const texts = (patterns: readonly string[]): readonly string[] =>
    patterns.map((each) => filled(each, place)).filter((each) => !each.includes(NEVER));
  const allowed = allow && texts(allow);
  const [denied, required] = [texts(deny), texts(require)];
  const fits = (text: string, patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesGlob(pattern, text, separator));
  return {
    says: [
      ...(allowed === undefined
        ? []
        : [allowed.length === 0 ? 'There may be none.' : `It must fit ${list(allowed)}.`]),
      ...(denied.length === 0 ? [] : [`It must not fit ${list(denied)}.`]),
      ...required.map((each) => `One must fit ${list([each])}.`),
    ],
    offers: [...new Set([...required, ...(allowed ?? [])])].filter((each) => !each.includes('*')),
    fits: (value) =>
      (typeof value === 'object' && value !== null) ||
      (!fits(String(value), denied) && (allowed === undefined || fits(String(value), allowed))),
    at,
  };
}

/** More patterns are not read in a hover. */
const MOST_SHOWN = 20;

function list(patterns: readonly string[]): string {
  const shown = patterns.slice(0, MOST_SHOWN).map((each) => JSON.stringify(each));
  return shown.length < patterns.length ? `${shown.join(', ')} or others` : oneOf(shown);
}

/** Addresses in networks. */
export function* networkVerdicts(
  values: readonly PlacedValue[],
  { allow, deny = [] }: NetworkLimit,
  what: string,
): Generator<Verdict> {
  for (const { text, path } of values) {
    const value = quotable(text) ?? 'this';
    if (deny.some((each) => isInNetwork(text, each))) {
      yield { path, message: `the ${what} ${value} is in a network that is denied; choose another` };
    } else if (allow !== undefined && !allow.some((each) => isInNetwork(text, each))) {
      const instead = allow[0] === undefined ? 'there may be none' : `${allow[0]} is, for one`;
      yield { path, message: `the ${what} ${value} is in no network that is allowed; ${instead}` };
    }
  }
}

/**
 * `{name}`, `{namespace}`, `{team}` and `{labels.NAME}` as the identity has them. A star in one of them is no star of the
 * pattern: nobody widens a policy by how they label what it limits.
 */
function filled(pattern: string, { resource }: Filling): string {
  if (!pattern.includes('{')) return pattern;
  const { name, namespace, selection } = resource;
  return pattern.replaceAll(
    /\{(name|namespace|team|labels\.([^{}]{1,100}))\}/g,
    (_, word: string, label?: string) => {
      const labels = selection.labels;
      const value =
        word === 'name'
          ? name
          : word === 'namespace'
            ? namespace
            : word === 'team'
              ? selection.team
              : label !== undefined && Object.hasOwn(labels, label)
                ? labels[label]
                : undefined;
      return value === undefined || value.includes('*') ? NEVER : value;
    },
  );
}

/** Fits nothing that a manifest may say. */
const NEVER = '\0';

interface DurationLimit {
  readonly maximum?: string;
  readonly minimum?: string;
  readonly schedule?: MaximumSchedule;
}

export interface Lasting {
  readonly path: ManifestPath;
  /** As the manifest says it. */
  readonly written: string | undefined;
  readonly seconds: number;
  /** `it is valid`. */
  readonly is: string;
  /** Who says so where the manifest does not; undefined: a product, or this tool. */
  readonly by?: string | undefined;
}

/** How long something lasts, by limits that may change with the day. */
export function* durationVerdicts(
  { day }: Judged,
  { maximum, minimum, schedule = [] }: DurationLimit,
  { path, written, seconds, is, by }: Lasting,
): Generator<Verdict> {
  const step = inForceOn(schedule, day).at(-1);
  const most = Math.min(...[maximum, step?.maximum].flatMap((text) => secondsOf(text) ?? []));
  const least = secondsOf(minimum) ?? 0;
  const now =
    written === undefined
      ? `${is} for ${formatDuration(seconds)} by ${by ?? 'default'}`
      : `${is} for ${written}`;
  const verdict = (message: string, bound: number, limit: number): Verdict => ({
    path,
    message: `${now}, and ${message}`,
    limit,
    fixes: (resource) =>
      written === undefined ? [] : [replaceValue(resource, path, formatDuration(bound), true)],
  });
  if (seconds > most) {
    const since = step !== undefined && secondsOf(step.maximum) === most ? ` since ${step.from}` : '';
    yield verdict(`${formatDuration(most)} is the longest allowed${since}`, most, most);
  }
  if (seconds < least) yield verdict(`${formatDuration(least)} is the shortest allowed`, least, -least);
}

/** Those whose day has come, the latest last. */
export function inForceOn<Step extends { readonly from: string }>(
  schedule: readonly Step[],
  day: string,
): readonly Step[] {
  return schedule.filter(({ from }) => from <= day).sort((a, b) => (a.from < b.from ? -1 : 1));
}

function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
