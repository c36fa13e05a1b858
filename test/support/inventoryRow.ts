import type { InventoryRow } from '../../server/src/app/api.ts';

/** A row of the inventory with what a test is about. */
export function inventoryRow(over: Partial<InventoryRow> = {}): InventoryRow {
  return {
    kind: 'Certificate',
    namespace: 'default',
    name: 'web',
    machine: null,
    owner: null,
    contact: null,
    backend: 'local-ca',
    issuer: null,
    keyStore: null,
    keyOrigin: null,
    renewedBy: null,
    targets: [],
    machines: [],
    state: 'active',
    notAfter: '2030-01-01T00:00:00.000Z',
    notBefore: null,
    daysLeft: 200,
    hoursLeft: null,
    renewAfter: null,
    algorithm: 'ECDSA-P256',
    spkiSha256: null,
    fingerprintSha256: null,
    serialNumber: '1',
    labels: {},
    consumers: [],
    verbs: [],
    declaredAt: null,
    status: '',
    ...over,
  };
}
