import type { Verdict } from './plant.ts';

export interface Planting {
  readonly variant: string;
  readonly verdict: Verdict;
  /** A fix can be right; otherwise only the author can know. */
  readonly fixable: boolean;
}

export interface Figures {
  readonly planted: number;
  readonly missed: number;
  /** Shares of all that were planted. */
  readonly exact: number;
  readonly said: number;
  /** With the right preferred fix. */
  readonly fixed: number;
  /** The same, of those for which a fix can be right. */
  readonly fixedOfFixable: number;
}

export function figuresOf(plantings: readonly Planting[]): Figures {
  const count = (holds: (planting: Planting) => boolean): number => plantings.filter(holds).length;
  const fixable = count((each) => each.fixable);
  const fixed = count(({ fixable, verdict }) => fixable && verdict.fixed);
  return {
    planted: plantings.length,
    missed: count(({ verdict }) => !verdict.found),
    exact: count(({ verdict }) => verdict.exact) / plantings.length,
    said: count(({ verdict }) => verdict.said) / plantings.length,
    fixed: fixed / plantings.length,
    fixedOfFixable: fixed / fixable,
  };
}

/** As a table of Markdown, one line a variant. */
export function table(plantings: readonly Planting[]): string {
  const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
  const line = (name: string, some: readonly Planting[]): string => {
    const { planted, missed, exact, said, fixed, fixedOfFixable } = figuresOf(some);
    return `| ${name} | ${planted} | ${missed} | ${percent(exact)} | ${percent(said)} | ${percent(fixed)} (${percent(fixedOfFixable)}) |`;
  };
  const variants = [...new Set(plantings.map(({ variant }) => variant))];
  return [
    '| written | mistakes | missed | one finding, right token | says what would be right | right fix preferred |',
    '| --- | --- | --- | --- | --- | --- |',
    ...variants.map((name) =>
      line(
        name,
        plantings.filter(({ variant }) => variant === name),
      ),
    ),
    line('all', plantings),
  ].join('\n');
}
