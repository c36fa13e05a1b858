import type { RuleMeta } from '../rules/rule.ts';
import type { Detection, FindByForm, FormDetector } from './detector.ts';
import { isPlaceholder } from './placeholder.ts';

export interface TokenForm {
  /** ASCII; the token begins with it, in this case. */
  readonly prefix: string;
  /** The whole token, sticky. */
  readonly form: RegExp;
  /** `a GitHub personal access token`. */
  readonly what: string;
  /** A checksum, a structure: false is another thing than this token. */
  holds?(token: string): boolean;
}

/** After its prefix nearly every token goes on for as long: a word that begins like one hardly ever does. */
const SHORTEST_TAIL = 12;

/** Tokens that say by their first letters who issued them. `tail`: so many signs at least follow the letters of any of them. */
export function tokensOf(
  rule: RuleMeta,
  forms: readonly TokenForm[],
  tail: number = SHORTEST_TAIL,
): FormDetector {
  const find = function* ({ text, at }: Parameters<FindByForm>[0]): Generator<Detection> {
    // In the middle of a longer word it is something else.
    if (/[A-Za-z0-9_]/.test(text[at - 1] ?? '') && !isEscape(text, at)) return;
    for (const { prefix, form, what, holds } of forms) {
      if (!text.startsWith(prefix, at)) continue;
      form.lastIndex = at;
      const [token] = form.exec(text) ?? [];
      if (token === undefined || isPlaceholder(token.slice(prefix.length)) || holds?.(token) === false)
        continue;
      yield { rule, what, start: at, end: at + token.length };
      return;
    }
  };
  return {
    rules: [rule],
    keywords: forms.map(({ prefix }) => prefix.toLowerCase()),
    reach: 'line',
    follows(bytes, end) {
      for (let at = end; at < end + tail; at += 1) if (!isTokenSign(bytes[at] ?? 0)) return false;
      return true;
    },
    find,
    ofForm: find,
  };
}

function isTokenSign(octet: number): boolean {
  const small = octet | 0x20;
  return (
    (small >= 0x61 && small <= 0x7a) || (octet >= 0x30 && octet <= 0x39) || octet === 0x5f || octet === 0x2d
  );
}

/** The letter before belongs to `\n` or `\t` of a string. */
function isEscape(text: string, at: number): boolean {
  return text[at - 2] === '\\' && /[nrt]/.test(text[at - 1] ?? '');
}
