/** What somebody judged to be no secret, as it was read last from each project. */
import type { ScannedFinding } from '../../app/scan/openScanner.ts';
import type { NotSecrets } from '../../core/secrets/notSecrets/notSecretsFile.ts';
import type { Place } from './openTexts.ts';

export interface Judgements {
  /** Waits for the disk where it was not read since it was forgotten; what it gives waits for nothing. */
  of(place: Place): Promise<Judge>;
  forget(): void;
}

/** Those that are left; `octetsOf` is asked where an entry names rule and path. */
export type Judge = (
  found: readonly ScannedFinding[],
  octetsOf: (found: ScannedFinding) => Uint8Array,
) => Promise<readonly ScannedFinding[]>;

const ALL: Judge = async (found) => found;

export function judgements(now: () => Date): Judgements {
  const read = new Map<string, NotSecrets | undefined>();
  return {
    async of({ opened }) {
      if (opened === undefined) return ALL;
      const { root } = opened;
      const { notSecretsOf, judgedBy } = await import('../../app/scan/notSecretsOf.ts');
      const known = read.has(root) ? read.get(root) : notSecretsOf(root);
      read.set(root, known);
      if (known === undefined) return ALL;
      return async (found, octetsOf) => {
        const scan = {
          findings: found,
          skipped: [],
          octetsOf: async (each: ScannedFinding) => octetsOf(each),
        };
        return (await judgedBy(known, scan, { root, starts: [] }, root, now())).findings;
      };
    },
    forget: () => read.clear(),
  };
}
