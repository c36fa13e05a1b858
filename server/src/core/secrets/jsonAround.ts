/** The innermost JSON object around a place in a text that may be anything: found by its braces, proved by parsing it. */
export interface ObjectAround {
  readonly value: Readonly<Record<string, unknown>>;
  readonly start: number;
  readonly end: number;
}

/** What is longer is no key. */
const LONGEST = 32 * 1024;

/** Also within a string of a string, where its quotes are escaped. */
export function objectAround(text: string, at: number): ObjectAround | undefined {
  const start = opening(text, at);
  if (start === undefined) return undefined;
  let depth = 0;
  for (let end = start; end < text.length && end - start < LONGEST; end += 1) {
    const sign = text[end];
    if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    if (depth > 0) continue;
    const written = text.slice(start, end + 1);
    const value = parsed(written) ?? parsed(written.replaceAll('\\"', '"'));
    return value && { value, start, end: end + 1 };
  }
  return undefined;
}

function opening(text: string, at: number): number | undefined {
  let depth = 0;
  for (let start = at; start >= 0 && at - start < LONGEST; start -= 1) {
    const sign = text[start];
    if (sign === '}') depth += 1;
    if (sign !== '{') continue;
    if (depth === 0) return start;
    depth -= 1;
  }
  return undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
