const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};
/** What Go's 64 bits of nanoseconds hold. */
const LONGEST = 2 ** 63 / 1e9;

/** `2160h`, `1h30m`, `1.5h`, as Go's `time.ParseDuration` reads it: seconds. Undefined for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (text.length === 0 || text.length > 100) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return 0;
  const part = /([0-9]{1,19}(?:\.[0-9]{0,19})?|\.[0-9]{1,19})(ns|us|µs|μs|ms|s|m|h)/y;
  let seconds = 0;
  let at = 0;
  for (let match = part.exec(body); match !== null; match = part.exec(body)) {
    seconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
    at = part.lastIndex;
  }
  return at === body.length && at > 0 && seconds < LONGEST ? sign * seconds : undefined;
}

/** The shortest form in hours, minutes and seconds: `2160h`, `1h30m`. Parts of a second are dropped. */
export function formatGoDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ] as const;
  return parts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('') || '0s';
}
