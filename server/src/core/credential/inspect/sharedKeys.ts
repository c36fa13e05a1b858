import type { Finding } from '../../finding.ts';
import { keyShared } from '../findings/keyShared.ts';
import type { CredentialItem } from './item.ts';

export interface SharedKey {
  readonly spkiSha256: string;
  /** Files that hold this key, in whatever form; two or more. */
  readonly files: readonly string[];
}

/**
 * Keys that stand in several files. A certificate with its key and its request beside it is no matter; it is a finding
 * where two different certificates have one key, or where its private half stands in two files.
 */
export function findSharedKeys(items: readonly CredentialItem[]): {
  readonly items: readonly CredentialItem[];
  readonly shared: readonly SharedKey[];
} {
  const byKey = new Map<string, CredentialItem[]>();
  for (const item of items) {
    if (item.spkiSha256 === null) continue;
    const same = byKey.get(item.spkiSha256);
    if (same === undefined) byKey.set(item.spkiSha256, [item]);
    else same.push(item);
  }
  const shared: SharedKey[] = [];
  const added = new Map<CredentialItem, Finding>();
  for (const [spkiSha256, holders] of byKey) {
    const files = [...new Set(holders.map(({ file }) => file))];
    if (files.length > 1) shared.push({ spkiSha256, files });
    for (const group of [rivals(holders), copies(holders)]) {
      for (const item of group) if (!added.has(item)) added.set(item, finding(item, group));
    }
  }
  return {
    shared,
    items: items.map((item) => {
      const own = added.get(item);
      return own === undefined ? item : { ...item, findings: [...item.findings, own] };
    }),
  };
}

/** Different certificates with this key; those of one CA under one name are cross-signed on purpose. */
function rivals(holders: readonly CredentialItem[]): readonly CredentialItem[] {
  const certificates = [
    ...new Map(
      holders
        .filter(({ type, fingerprintSha256 }) => type === 'certificate' && fingerprintSha256 !== null)
        .map((item) => [item.fingerprintSha256, item]),
    ).values(),
  ];
  const crossSigned =
    certificates.every(({ certificateAuthority }) => certificateAuthority) &&
    new Set(certificates.map(({ subject }) => subject)).size === 1;
  return certificates.length > 1 && !crossSigned ? certificates : [];
}

function copies(holders: readonly CredentialItem[]): readonly CredentialItem[] {
  const keys = [...new Map(holders.filter((item) => item.private).map((item) => [item.file, item])).values()];
  return keys.length > 1 ? keys : [];
}

const MAX_RELATED = 10;

function finding(item: CredentialItem, group: readonly CredentialItem[]): Finding {
  const others = group.filter((other) => other !== item);
  const what = item.type === 'certificate' ? 'certificate' : 'private key';
  const where = others[0]?.file === item.file ? 'in this file' : `in ${others[0]?.file}`;
  const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
  return {
    rule: keyShared.id,
    severity: keyShared.severity,
    message:
      what === 'certificate'
        ? `another certificate ${where}${more} has the same key`
        : `the same private key stands ${where}${more} as well`,
    why: keyShared.why,
    file: item.file,
    range: item.range,
    related: others.slice(0, MAX_RELATED).map((other) => ({
      file: other.file,
      range: other.range,
      message: `the same key${other.subject === null ? '' : ` for ${other.subject}`}`,
    })),
    fixes: [],
  };
}
