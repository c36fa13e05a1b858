import type { ScannedFinding } from '../../app/scan/openScanner.ts';
import type { Finding } from '../../core/finding.ts';
import type { Place } from './openTexts.ts';

/** Whose keys they are that were found in one text. To type around a key asks no record and no git again. */
export interface HolderCache {
  named(found: readonly ScannedFinding[], place: Place): Promise<readonly Finding[]>;
  forget(): void;
}

export function holderCache(): HolderCache {
  let asked: string | undefined;
  let known: readonly Finding[] = [];
  let forgotten = 0;
  const forget = (): void => {
    asked = undefined;
    forgotten += 1;
  };
  return {
    forget,
    async named(found, { opened, path }) {
      const findings = found.map(({ finding }) => finding);
      if (opened === undefined || !found.some(({ spkiSha256 }) => spkiSha256 !== undefined)) {
        forget();
        return findings;
      }
      const question = JSON.stringify([opened.root, path, found.map((each) => [each.said, each.spkiSha256])]);
      if (question !== asked) {
        const signal = new AbortController().signal;
        // The record and the manifests tell; what else has the key, in other files, takes a scan of all of them.
        const scan = { keys: [], scanned: opened.root, onDisk: true };
        const before = forgotten;
        known = await opened.project.withHolders(found, scan, signal);
        // What was forgotten while it was asked may be told otherwise next time.
        asked = forgotten === before ? question : undefined;
      }
      return findings.map((finding, place) => ({ ...(known[place] ?? finding), range: finding.range }));
    },
  };
}
