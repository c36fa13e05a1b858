import type { InventoryRow } from '../../inventory/inventoryRow.ts';
import type { CredentialCrypto } from './credentialCrypto.ts';

/** Of keys, signatures and authorities, sorted. */
export function algorithmsOf(
  rows: readonly InventoryRow[],
  cryptoOf: (row: InventoryRow) => CredentialCrypto,
): readonly string[] {
  const found = new Set<string>();
  for (const row of rows) {
    if (row.login !== undefined) continue;
    const { key, signature, authorities } = cryptoOf(row);
    for (const each of [{ key, signature }, ...authorities])
      for (const name of [each.key, each.signature]) if (name !== null) found.add(name);
  }
  return [...found].sort();
}
