import { quotable } from '../../text/quote.ts';

/** Why a text is not what its field takes. */
export interface FormatProblem {
  /** Second half of the rule id: `manifest/<rule>`. */
  readonly rule: string;
  readonly message: string;
  /** A value that is surely meant. */
  readonly instead?: string;
  /** Several values that are surely meant in place of this one item. */
  readonly items?: readonly string[];
}

export type Check = (text: string) => FormatProblem | undefined;

export function problem(rule: string, message: string, instead?: string): FormatProblem {
  return { rule, message, ...(instead === undefined ? {} : { instead }) };
}

/** The text in quotes; `this` where it may be a secret. */
export function shown(text: string): string {
  return quotable(text) ?? 'this';
}
