const UNITS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400],
  ['w', 7 * 86_400],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** Longest that is understood: what a certificate's four-digit year could hold, and far from any overflow. */
const LONGEST = 10_000 * 365 * 86_400;

/** `47d`, `12h`, `1d12h`: seconds; largest unit first, each at most once, `1y` = 365 days. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text.length === 0 || text.length > 40) return undefined;
  let seconds = 0;
  let rest = text;
  let unitsLeft = UNITS;
  while (rest !== '') {
    const match = /^([0-9]{1,12})([ywdhms])/.exec(rest);
    if (match === null) return undefined;
    const [whole, digits, letter] = match;
    const at = unitsLeft.findIndex(([name]) => name === letter);
    const unit = unitsLeft[at];
    if (unit === undefined) return undefined;
    seconds += Number(digits) * unit[1];
    unitsLeft = unitsLeft.slice(at + 1);
    rest = rest.slice(whole.length);
  }
  return seconds > 0 && seconds <= LONGEST ? seconds : undefined;
}

/** The form that `parseDuration` reads, without years and weeks: `47d`, `1d12h`. Parts of a second are dropped. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  let text = '';
  for (const [name, size] of UNITS) {
    if (name === 'y' || name === 'w') continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
