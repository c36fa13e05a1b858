/** Until when which algorithm will do, by rule set. */
import { algorithmFacts } from '../outlook/algorithmFacts.ts';

/** What it is for, as far as deadlines differ by it. */
export type Purpose = 'codeSigning' | 'device' | 'other';

export interface Deadline {
  /** The last moment at which it will do; milliseconds since 1970. */
  readonly at: number;
  /** `deprecated`: from then on somebody has to accept the risk. */
  readonly says: 'deprecated' | 'disallowed';
}

export interface RuleSet {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Undefined: it lasts. */
  deadline(algorithm: string, purpose: Purpose): Deadline | undefined;
  /** Will do for good, as far as this rule set looks ahead. */
  lasts(algorithm: string): boolean;
}

const endOf = (year: number): number => Date.UTC(year + 1, 0, 1) - 1;

/** What no table names a year for, and a quantum computer breaks all the same. */
const LAST_YEAR = 2035;
/** NIST SP 800-131A: below this nothing is allowed any more. */
const LEAST_STRENGTH = 112;

const nist: RuleSet = {
  id: 'nist-ir-8547',
  title: 'NIST IR 8547',
  source: 'NIST IR 8547, initial public draft, November 2024, tables 2 and 4; SP 800-131A',
  deadline(algorithm) {
    const { quantum, strength, deprecatedAfter, disallowedAfter } = algorithmFacts(algorithm);
    if (quantum !== 'vulnerable') return undefined;
    if (strength !== null && strength < LEAST_STRENGTH) return { at: 0, says: 'disallowed' };
    if (deprecatedAfter !== null) return { at: endOf(deprecatedAfter), says: 'deprecated' };
    return { at: endOf(disallowedAfter ?? LAST_YEAR), says: 'disallowed' };
  },
  lasts: (algorithm) => algorithmFacts(algorithm).quantum === 'resistant',
};

/** The largest parameter sets alone; SLH-DSA is none of the suite. */
const SUITE: ReadonlySet<string> = new Set(['ML-DSA-87', 'ML-KEM-1024']);

const cnsa: RuleSet = {
  id: 'cnsa-2.0',
  title: 'CNSA 2.0',
  source:
    'NSA, Commercial National Security Algorithm Suite 2.0, September 2022: signing of software and firmware exclusively by 2030, servers, clouds, devices and all else by 2033',
  deadline(algorithm, purpose) {
    if (SUITE.has(algorithm)) return undefined;
    return { at: endOf(purpose === 'codeSigning' ? 2030 : 2033), says: 'disallowed' };
  },
  lasts: (algorithm) => SUITE.has(algorithm),
};

export const RULE_SETS: readonly RuleSet[] = [nist, cnsa];
