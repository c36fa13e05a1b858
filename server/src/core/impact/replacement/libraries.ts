import type { KeyAlgorithm } from '../../credential/keyAlgorithm.ts';
import { isPostQuantum } from '../../credential/keyAlgorithm.ts';
import type { InventoryRow } from '../../inventory/inventoryRow.ts';
import type { Offers } from './offers.ts';

/** `openssl`: of the Node.js that this runs on. `machine`: whatever the machine has that made it. */
const OWN = 'openssl';
const OWN_POST_QUANTUM = 'noble-post-quantum';

/** Which library or product made the key, and which signed with what: told from where keys are made. */
export function librariesOf(
  row: InventoryRow,
  signature: string | null,
  offers: Offers,
): ReadonlySet<string> {
  const found = new Set<string>();
  if (row.managedBy !== undefined) return found.add(row.managedBy);
  // What a workload has is minted where it runs.
  if (row.kind === 'Workload') return found;
  if (row.algorithm !== null) found.add(keyLibrary(row, row.algorithm, offers));
  const issuer = row.backend === null ? undefined : offers.typeOf(row.backend);
  if (issuer !== undefined && row.kind !== 'Key')
    found.add(issuer === 'local' ? ownLibrary(signature ?? '') : issuer);
  return found;
}

function keyLibrary(row: InventoryRow, algorithm: string, offers: Offers): string {
  switch (row.keyOrigin) {
    case 'store': {
      const type = row.keyStore === null ? undefined : offers.typeOf(row.keyStore);
      return type === undefined || type === 'local' ? ownLibrary(algorithm) : type;
    }
    case 'service':
      return (row.backend === null ? undefined : offers.typeOf(row.backend)) ?? 'unknown';
    case 'machine':
    case null:
      return 'machine';
    case 'engine':
      return ownLibrary(algorithm);
    default:
      return row.keyOrigin satisfies never;
  }
}

function ownLibrary(algorithm: string): string {
  return isPostQuantum(algorithm as KeyAlgorithm) ? OWN_POST_QUANTUM : OWN;
}
