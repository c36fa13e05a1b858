import { keyMismatch } from '../findings/keyMismatch.ts';
import type { CredentialItem } from './item.ts';

/** A private key beside certificates of one file has to belong to one of them. */
export function withMismatches(items: readonly CredentialItem[]): readonly CredentialItem[] {
  const certificates = items.filter((item) => item.type === 'certificate' && item.spkiSha256 !== null);
  if (certificates.length === 0) return items;
  return items.map((item) => {
    if (item.type !== 'private-key' || item.spkiSha256 === null) return item;
    if (certificates.some(({ spkiSha256 }) => spkiSha256 === item.spkiSha256)) return item;
    const finding = {
      rule: keyMismatch.id,
      severity: keyMismatch.severity,
      message: `the ${item.keyAlgorithm ?? ''} private key belongs to none of the certificates in this file`,
      why: keyMismatch.why,
      file: item.file,
      range: item.range,
      related: certificates.slice(0, 10).map((certificate) => ({
        file: certificate.file,
        range: certificate.range,
        message: `the certificate of ${certificate.subject ?? 'an unknown subject'} has another key`,
      })),
      fixes: [],
    };
    return { ...item, findings: [...item.findings, finding] };
  });
}
