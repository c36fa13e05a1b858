const BASE64 = /[A-Za-z0-9+/_-]+={0,2}/y;
/** Lines of one value, as `base64` and YAML fold them; the name of the next setting has something else behind it. */
const FOLDED = /(?:\\n|\r?\n[ \t]{0,200})(?=[A-Za-z0-9+/_-]{4,}={0,2}(?:[\s"'\\,<]|$))/y;

/** A line that is shorter is the last. */
const SHORTEST_LINE = 40;

/** One value in base64, and the first place after it. */
export function foldedBase64At(
  text: string,
  start: number,
): { readonly value: string; readonly end: number } {
  let value = '';
  let end = start;
  for (;;) {
    BASE64.lastIndex = end;
    const part = BASE64.exec(text)?.[0] ?? '';
    value += part;
    end += part.length;
    FOLDED.lastIndex = end;
    const fold = part.length < SHORTEST_LINE || part.endsWith('=') ? undefined : FOLDED.exec(text)?.[0];
    if (fold === undefined) return { value, end };
    end += fold.length;
  }
}

/** So far back a line that is folded shows. */
const BEFORE = 400;
const IN_THE_MIDST = /(?:(?:^|\n|\\n)[ \t]*[\w+/-]{40,}(?:\r?\n|\\n)[ \t]*|[\w+/-]{40})$/;

/** Whether a value that began before goes on here: each place in it would be another value of almost the same length. */
export function isInFoldedBase64(text: string, at: number): boolean {
  return IN_THE_MIDST.test(text.slice(Math.max(0, at - BEFORE), at));
}
