import assert from 'node:assert/strict';
import type { InventoryRow } from '../../../client/src/protocol.ts';
import { formatSubject } from '../../../client/src/protocol.ts';
import { rowAddress } from '../../../client/src/rowAddress.ts';

describe('client: what a row of the expiry tree is acted on as', () => {
  const row: InventoryRow = {
    kind: 'Certificate',
    namespace: 'depots',
    name: 'gate-controller',
    machine: 'gate-porto',
    owner: null,
    contact: null,
    backend: 'device-ca',
    state: 'active',
    notAfter: null,
    daysLeft: null,
    hoursLeft: null,
    algorithm: null,
    serialNumber: null,
    fingerprintSha256: null,
    consumers: [],
    verbs: ['revoke'],
    declaredAt: null,
    status: 'expires in 12 days',
  };
  const placed = (machine: string | null) => ({
    project: { root: 'file:///fernweh', name: 'fernweh', trusted: true, rows: [] },
    row: { ...row, machine },
  });

  it("is its machine's share", () => {
    assert.deepEqual(rowAddress(placed('gate-porto')), {
      identity: 'Certificate/depots/gate-controller',
      machine: 'gate-porto',
      uri: 'file:///fernweh',
    });
    assert.equal(formatSubject(row, row.machine), 'Certificate/depots/gate-controller on gate-porto');
  });

  it('is the identity where it has no machines, or one key for all of them', () => {
    assert.deepEqual(rowAddress(placed(null)), {
      identity: 'Certificate/depots/gate-controller',
      uri: 'file:///fernweh',
    });
    assert.equal(formatSubject(row, null), 'Certificate/depots/gate-controller');
  });
});
