import { certificatesIn } from '../../cbom/certificates.ts';
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
    const end = text.indexOf('-----END CERTIFICATE-----');
    const rest = end === -1 ? '' : text.slice(end);
    const [leaf] = certificatesIn(text.slice(0, text.length - rest.length + 26), hasher);
    let authorities = chains.get(rest);
    if (authorities === undefined) {
      authorities = certificatesIn(rest.slice(26), hasher).map((each) => ({
        subject: each.subject ?? '',
        fingerprintSha256: each.fingerprintSha256,
        key: each.publicKey?.algorithm ?? null,
        signature: each.signatureAlgorithm ?? null,
        notAfter: each.notAfter ?? null,
      }));
      chains.set(rest, authorities);
    }
    return { key: row.algorithm, signature: leaf?.signatureAlgorithm ?? null, authorities };
  };
}
