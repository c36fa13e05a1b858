import type { InventoryRow } from '../inventory/inventoryRow.ts';

/**
 * What stands between a manifest and another key algorithm. `manifest`: nothing, the next rotation makes the new key.
 * `store`: the HSM, TPM or key manager that keeps the key must be able to make it. `machine`: the key is made on the
 * machine, by its owner. `authority`: the issuer makes it. `elsewhere`: others renew it. `undeclared`: no manifest declares
 * it. `none`: it has no key of its own.
 */
export type KeyBinding = 'manifest' | 'store' | 'machine' | 'authority' | 'elsewhere' | 'undeclared' | 'none';
export const KEY_BINDINGS: readonly KeyBinding[] = [
  'manifest',
  'store',
  'machine',
  'authority',
  'elsewhere',
  'undeclared',
  'none',
];

type Bound = Pick<
  InventoryRow,
  'managedBy' | 'declaredAt' | 'algorithm' | 'renewedBy' | 'keyOrigin' | 'keyStore'
>;

/** `makesAny`: the store makes keys of every algorithm that a manifest can name. */
export function keyBindingOf(row: Bound, makesAny: (store: string) => boolean): KeyBinding {
  if (row.algorithm === null) return 'none';
  if (row.managedBy !== undefined) return 'elsewhere';
  if (row.declaredAt === null || row.keyOrigin === null) return 'undeclared';
  if (row.renewedBy !== 'idac') return 'elsewhere';
  switch (row.keyOrigin) {
    case 'engine':
      return 'manifest';
    case 'store':
      return row.keyStore !== null && makesAny(row.keyStore) ? 'manifest' : 'store';
    case 'machine':
      return 'machine';
    case 'service':
      return 'authority';
    default:
      return row.keyOrigin satisfies never;
  }
}
