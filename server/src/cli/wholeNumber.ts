import { UsageError } from '../app/failure.ts';

const MOST = 1000;

/** The value of an option that says how many. */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= MOST) return value;
  throw new UsageError(`--${option} cannot be "${text}"`, `It is a whole number from ${least} to ${MOST}.`);
}
