import { formatDuration, parseDuration } from '../../text/duration.ts';
import { type FormatProblem, problem, shown } from './problem.ts';

interface Wrong {
  readonly why: string;
  readonly instead?: string | undefined;
}

const FORM = 'write 47d, 12h, 30m or 1d12h';

export function duration(text: string): FormatProblem | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  const { why, instead } = durationProblem(text);
  return problem('bad-duration', `${shown(text)} is no duration: ${why}; ${form(instead)}`, instead);
}

/** A duration, or a share of a lifetime in whole percent. */
export function durationOrShare(text: string): FormatProblem | undefined {
  if (/^[1-9][0-9]?%$/.test(text) || parseDuration(text) !== undefined) return undefined;
  const { why, instead } = text.endsWith('%') ? shareProblem(text) : durationProblem(text);
  const hint = instead === undefined ? 'write a duration such as 15d, or a share such as 33%' : form(instead);
  return problem('bad-duration', `${shown(text)} is no time to renew: ${why}; ${hint}`, instead);
}

function form(instead: string | undefined): string {
  return instead === undefined ? FORM : `write ${instead}`;
}

function shareProblem(text: string): Wrong {
  const spaced = /^([1-9][0-9]?) {1,3}%$/.exec(text)?.[1];
  if (spaced !== undefined) return { why: 'it has a space', instead: `${spaced}%` };
  return { why: 'a share is a whole number from 1% to 99%' };
}

function durationProblem(text: string): Wrong {
  if (text === '') return { why: 'it is empty' };
  if (text.length > 40) return { why: 'it is too long' };
  if (/^-/.test(text)) return { why: 'it is negative' };
  if (/^[0-9]+$/.test(text)) return { why: 'its unit is missing' };
  const iso = isoSeconds(text);
  if (iso !== undefined) return { why: 'it is in the form of ISO 8601', instead: checked(iso) };
  if (/^[0-9]+ *mo(nths?|n)?$/i.test(text)) return { why: unknownUnit('month') };
  const spelled = spelledOut(text);
  if (spelled !== undefined) return spelled;
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]+)?)([A-Za-z]+)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text)
    return { why: 'it is not made of numbers with units' };
  const units = parts.map(([, , unit = '']) => unit);
  const unknown = units.find((unit) => !(unit in SECONDS));
  if (unknown !== undefined) return { why: unknownUnit(unknown) };
  if (new Set(units).size < units.length) return { why: 'a unit stands in it twice' };
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
  if (seconds <= 0) return { why: 'it is no time at all' };
  if (text.includes('.')) return { why: 'its numbers are whole', instead: checked(seconds) };
  return checked(seconds) === undefined
    ? { why: 'it is longer than 10,000 years' }
    : { why: 'the largest unit stands first', instead: checked(seconds) };
}

const SECONDS: Readonly<Record<string, number>> = {
  y: 365 * 86_400,
  w: 7 * 86_400,
  d: 86_400,
  h: 3600,
  m: 60,
  s: 1,
};

const SPELLED: Readonly<Record<string, string>> = {
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  hr: 'h',
  day: 'd',
  week: 'w',
  year: 'y',
  yr: 'y',
};

function unknownUnit(unit: string): string {
  if (/^(M|mo|mon|months?)$/.test(unit)) return 'a month has no fixed length';
  if (/^(ms|us|ns)$/.test(unit)) return 'nothing is shorter than a second';
  return `"${unit.slice(0, 10)}" is no unit; units are y, w, d, h, m and s`;
}

/** `47 days` and `47D` mean `47d`; months have no fixed length, so they are not guessed. */
function spelledOut(text: string): Wrong | undefined {
  const [, digits, word] = /^([0-9]{1,6}) {0,3}([A-Za-z]{1,8})$/.exec(text) ?? [];
  if (digits === undefined || word === undefined) return undefined;
  const lower = word.toLowerCase();
  const letter = lower.length === 1 ? (word === 'M' ? undefined : lower) : SPELLED[lower.replace(/s$/, '')];
  if (letter === undefined || !(letter in SECONDS)) return undefined;
  const instead = `${Number(digits)}${letter}`;
  if (parseDuration(instead) === undefined) return undefined;
  return { why: text.includes(' ') ? 'it has a space' : 'units are y, w, d, h, m and s', instead };
}

/** ISO 8601 without years and months: `P47D`, `PT12H`. */
function isoSeconds(text: string): number | undefined {
  const parts =
    /^P(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})S)?)?$/.exec(
      text,
    );
  if (parts === null) return undefined;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

function checked(seconds: number): string | undefined {
  const text = formatDuration(seconds);
  return parseDuration(text) === undefined ? undefined : text;
}
