import { certificatesIn } from '../../cbom/certificates.ts';
import { splitChain } from '../../credential/splitChain.ts';
import type { InventoryRow } from '../../inventory/inventoryRow.ts';
import type { Hasher } from '../../ports.ts';

/** What a credential rests on: its key, its signature, and the authorities above it. */
export interface CredentialCrypto {
  readonly key: string | null;
  /** Null: not issued, or no certificate. */
  readonly signature: string | null;
  readonly authorities: readonly AuthorityCrypto[];
}

export interface AuthorityCrypto {
  readonly subject: string;
  readonly fingerprintSha256: string;
  readonly key: string | null;
  readonly signature: string | null;
  readonly notAfter: string | null;
}

/** Reads each chain of authorities once: thousands of leaves have the same. */
export function cryptoReader(
  texts: ReadonlyMap<string, string>,
  hasher: Hasher,
): (row: InventoryRow) => CredentialCrypto {
  const chains = new Map<string, readonly AuthorityCrypto[]>();
  return (row) => {
    const text = row.fingerprintSha256 === null ? undefined : texts.get(row.fingerprintSha256);
    if (text === undefined) return { key: row.algorithm, signature: null, authorities: [] };
    const { leaf: own, issuers } = splitChain(text) ?? { leaf: text, issuers: '' };
    const [leaf] = certificatesIn(own, hasher);
    let authorities = chains.get(issuers);
    if (authorities === undefined) {
      authorities = certificatesIn(issuers, hasher).map((each) => ({
        subject: each.subject ?? '',
        fingerprintSha256: each.fingerprintSha256,
        key: each.publicKey?.algorithm ?? null,
        signature: each.signatureAlgorithm ?? null,
        notAfter: each.notAfter ?? null,
      }));
      chains.set(issuers, authorities);
    }
    return { key: row.algorithm, signature: leaf?.signatureAlgorithm ?? null, authorities };
  };
}
