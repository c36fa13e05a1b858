import { type FormatProblem, problem, shown } from './problem.ts';

const LONGEST = 1024;

/** `aud` of a token: any text; with a colon it is a URI (StringOrURI, RFC 7519, 2). */
export function audience(text: string): FormatProblem | undefined {
  const bad = (why: string, instead?: string): FormatProblem =>
    problem('bad-audience', `${shown(text)} is no audience: ${why}`, instead);
  if (text.trim() === '') return bad('it is empty');
  if (text.length > LONGEST) return bad(`it has more than ${LONGEST} characters`);
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return bad('it has a control character');
  if (text.trim() !== text) {
    const instead = text.trim();
    return bad('it has a space at its start or end', audience(instead) === undefined ? instead : undefined);
  }
  if (!text.includes(':')) return undefined;
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text))
    return bad('with a colon it is a URI, and that begins with a scheme such as https:');
  return /[\s<>"{}|\\^`]/.test(text)
    ? bad('with a colon it is a URI, and it has a character that none has')
    : undefined;
}

/** RFC 6749, 3.3: printable ASCII without space, `"` and `\`. */
export function scopeToken(text: string): FormatProblem | undefined {
  const bad = (why: string): FormatProblem => problem('bad-scope', `${shown(text)} is no scope: ${why}`);
  if (text === '') return bad('it is empty');
  if (text.length > LONGEST) return bad(`it has more than ${LONGEST} characters`);
  if (/\s/.test(text)) {
    const items = text.split(/\s+/).filter((item) => item !== '');
    const isList = items.length > 0 && items.every((item) => scopeToken(item) === undefined);
    return { ...bad('it has a space; write several as items of the list'), ...(isList ? { items } : {}) };
  }
  if (/["\\]/.test(text)) return bad('it has a quote or a backslash');
  return /^[\x21-\x7e]+$/.test(text) ? undefined : bad('it has a character beyond printable ASCII');
}
