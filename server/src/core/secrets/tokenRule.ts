import type { RuleMeta } from '../rules/rule.ts';
import type { Detection, Detector } from './detector.ts';
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

/** Tokens that say by their first letters who issued them. */
export function tokensOf(rule: RuleMeta, forms: readonly TokenForm[]): Detector {
  return {
    rules: [rule],
    keywords: forms.map(({ prefix }) => prefix.toLowerCase()),
    reach: 'line',
    *find({ text, at }): Generator<Detection> {
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
    },
  };
}

/** The letter before belongs to `\n` or `\t` of a string. */
function isEscape(text: string, at: number): boolean {
  return text[at - 2] === '\\' && /[nrt]/.test(text[at - 1] ?? '');
}
