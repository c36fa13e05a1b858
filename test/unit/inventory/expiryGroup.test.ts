import assert from 'node:assert/strict';
import type { InventoryRow } from '../../../server/src/app/api.ts';
import { endsThisWeek, expiryGroup, wantsAction } from '../../../server/src/core/inventory/expiryGroup.ts';
import { inventoryRow as row } from '../../support/inventoryRow.ts';

describe('when it ends, and what wants somebody', () => {
  for (const [daysLeft, expected] of [
    [-1, 'expired'],
    [0, 'within7Days'],
    [7, 'within7Days'],
    [8, 'within30Days'],
    [30, 'within30Days'],
    [31, 'within90Days'],
    [90, 'within90Days'],
    [91, 'later'],
  ] as const) {
    it(`${daysLeft} days left: ${expected}`, () => assert.equal(expiryGroup(row({ daysLeft })), expected));
  }

  it('an expired one belongs to the expired, though its last day is counted as 0', () =>
    assert.equal(expiryGroup(row({ state: 'expired', daysLeft: 0 })), 'expired'));

  it('the login of a backend is where its end is; without one it is not signed in', () => {
    const login = row({
      kind: 'Login',
      namespace: '',
      login: { method: 'approle', seenAt: null, expiresAt: null, reach: [] },
    });
    assert.equal(expiryGroup({ ...login, daysLeft: 5, state: 'due' }), 'within7Days');
    assert.ok(wantsAction({ ...login, daysLeft: 5, state: 'due' }));
    assert.equal(expiryGroup({ ...login, daysLeft: null }), 'later');
    assert.equal(expiryGroup({ ...login, daysLeft: null, state: 'expired' }), 'expired');
    for (const state of ['missing', 'unconfirmed'] as const satisfies readonly InventoryRow['state'][])
      assert.equal(expiryGroup({ ...login, daysLeft: null, state }), 'notSignedIn');
  });

  it('what has no end is later than all that has one; what was never made is not issued', () => {
    const endless = row({ kind: 'Workload', notAfter: null, daysLeft: null });
    assert.equal(expiryGroup({ ...endless, fingerprintSha256: '00' }), 'later');
    assert.equal(expiryGroup({ ...endless, state: 'declared' }), 'notIssued');
  });

  it('what another system renews has a group of its own, and wants nothing of anybody', () => {
    const observed = row({ state: 'declared', notAfter: null, daysLeft: null, managedBy: 'cert-manager' });
    assert.equal(expiryGroup(observed), 'elsewhere');
    assert.equal(wantsAction(observed), false);
  });

  it('a date decides nothing once it is revoked', () => {
    const revoked = row({ state: 'revoked', daysLeft: 3 });
    assert.equal(expiryGroup(revoked), 'other');
    assert.equal(wantsAction(revoked), false);
  });

  it('a registration stands without end: it was issued, and it is not soon', () => {
    const registered = row({
      kind: 'Workload',
      state: 'active',
      daysLeft: null,
      notAfter: null,
      fingerprintSha256: '0a'.repeat(32),
    });
    assert.equal(expiryGroup(registered), 'later');
    assert.equal(wantsAction(registered), false);
  });

  it('what was never issued is not counted as waiting', () => {
    const declared = row({ state: 'declared', daysLeft: null, notAfter: null });
    assert.equal(expiryGroup(declared), 'notIssued');
    assert.equal(wantsAction(declared), false);
  });

  it('the badge counts what is due, out of date or expired, and not what is short-lived and fresh', () => {
    assert.equal(wantsAction(row({ state: 'due', daysLeft: 15 })), true);
    assert.equal(wantsAction(row({ state: 'outOfDate' })), true);
    assert.equal(wantsAction(row({ state: 'active', daysLeft: 1 })), false);
    assert.equal(wantsAction(row({ state: 'expired', daysLeft: -1 })), true);
    assert.equal(wantsAction(row({})), false);
  });

  it('the week counts what lives longer than a week, or is due', () => {
    const ends = { daysLeft: 3, notAfter: '2030-01-08T00:00:00.000Z' };
    assert.ok(endsThisWeek(row({ ...ends, notBefore: '2029-11-01T00:00:00.000Z' })));
    assert.ok(!endsThisWeek(row({ ...ends, notBefore: '2030-01-04T00:00:00.000Z' })));
    assert.ok(endsThisWeek(row({ ...ends, notBefore: '2030-01-04T00:00:00.000Z', state: 'due' })));
    assert.ok(!endsThisWeek(row({ daysLeft: -1, state: 'expired' })));
    assert.ok(!endsThisWeek(row({ daysLeft: 8 })));
  });
});
