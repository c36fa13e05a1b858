import { PRIVATE_KEY } from '../../core/secrets/privateKeyRules.ts';
import type { ScannedFinding } from '../scan/openScanner.ts';

/**
 * Everybody has a private key that is published: that it stands here, too, is told with that, and not once more as a secret
 * that became known. `published`: by the hex SHA-256 of the SubjectPublicKeyInfo, without those that are an identity's.
 */
export function withoutPublished(
  findings: readonly ScannedFinding[],
  published: ReadonlySet<string>,
): readonly ScannedFinding[] {
  if (published.size === 0) return findings;
  return findings.filter(
    ({ finding, spkiSha256 }) =>
      finding.rule !== PRIVATE_KEY.id || spkiSha256 === undefined || !published.has(spkiSha256),
  );
}
