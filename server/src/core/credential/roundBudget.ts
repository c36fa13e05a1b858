/** Rounds of key derivation that are left for a file; shared by all that is encrypted in it. */
export interface RoundBudget {
  left: number;
}

/** A few seconds of work. Real files take from 2,048 to a million. */
const PER_FILE = 4_000_000;

export function roundBudget(): RoundBudget {
  return { left: PER_FILE };
}

/** False: not to be done. From then on nothing more is, so that one file has one verdict. */
export function spend(budget: RoundBudget, rounds: number): boolean {
  budget.left -= Math.max(rounds, 1);
  return budget.left >= 0;
}
