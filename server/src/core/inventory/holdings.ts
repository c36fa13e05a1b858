import type { InventoryRow } from './inventoryRow.ts';

/** What a backend has to do with identities: how many it issues, keeps the keys of, and has copies of. */
export interface Holdings {
  readonly issues: number;
  readonly keys: number;
  readonly delivered: number;
}

export const NO_HOLDINGS: Holdings = { issues: 0, keys: 0, delivered: 0 };

/** By backend. */
export function holdingsOf(rows: readonly InventoryRow[]): ReadonlyMap<string, Holdings> {
  const all = new Map<string, { -readonly [What in keyof Holdings]: Holdings[What] }>();
  const add = (backend: string | null, what: keyof Holdings): void => {
    if (backend === null) return;
    const counts = all.get(backend) ?? { ...NO_HOLDINGS };
    counts[what] += 1;
    all.set(backend, counts);
  };
  for (const { backend, keyStore, targets, login, managedBy } of rows) {
    // The login of a backend is nothing that it issued, and another system's issuer is no backend.
    if (login !== undefined || managedBy !== undefined) continue;
    add(backend, 'issues');
    add(keyStore, 'keys');
    for (const target of targets) add(target, 'delivered');
  }
  return all;
}
