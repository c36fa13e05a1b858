import type { Finding } from '../../core/finding.ts';
import { DETECTORS } from '../../core/secrets/generated/registry.ts';
import { type FoundSecret, type SecretScanner, secretScanner } from '../../core/secrets/scanner.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { rangeOfOctets } from './rangeOfOctets.ts';

export function openScanner(): SecretScanner {
  return secretScanner(DETECTORS, { hasher: nodeHasher, decryptor: nodeDecryptor });
}

/** A finding, and for a private key the hex SHA-256 of its SubjectPublicKeyInfo. */
export interface ScannedFinding {
  readonly finding: Finding;
  readonly spkiSha256?: string;
}

/** It names what stands there, and shows no part of it. `where`: what is said between that and what to think of it. */
export function findingOf(
  { rule, what, start, end, spki }: FoundSecret,
  file: { readonly path: string; readonly bytes: Uint8Array },
  where = 'stands here',
): ScannedFinding {
  const finding = {
    rule: rule.id,
    severity: rule.severity,
    message: `${what} ${where}; take it as known to others`,
    file: file.path,
    range: rangeOfOctets(file.bytes, start, end),
    related: [],
    fixes: [],
  };
  if (spki === undefined) return { finding };
  return { finding, spkiSha256: Buffer.from(nodeHasher.hash('sha256', spki)).toString('hex') };
}
