import assert from 'node:assert/strict';
import { formatSubject } from '../../../client/src/protocol.ts';
import { rowAddress } from '../../../client/src/rowAddress.ts';
import type { TreeRow } from '../../../client/src/treeProtocol.ts';

describe('client: what a row of the expiry tree is acted on as', () => {
  const identity = { kind: 'Certificate', namespace: 'depots', name: 'gate-controller' };
  const placed = (machine: string | null): TreeRow => ({
    id: 'one',
    uri: 'file:///fernweh',
    identity,
    machine,
    status: 'expires in 12 days',
    expiry: 'within30Days',
    verbs: ['revoke'],
    owner: null,
    isLogin: false,
    isObserved: false,
    isDeclared: true,
    isIssued: true,
  });

  it("is its machine's share", () => {
    assert.deepEqual(rowAddress(placed('gate-porto')), {
      identity: 'Certificate/depots/gate-controller',
      machine: 'gate-porto',
      uri: 'file:///fernweh',
    });
    assert.equal(formatSubject(identity, 'gate-porto'), 'Certificate/depots/gate-controller on gate-porto');
  });

  it('is the identity where it has no machines, or one key for all of them', () => {
    assert.deepEqual(rowAddress(placed(null)), {
      identity: 'Certificate/depots/gate-controller',
      uri: 'file:///fernweh',
    });
    assert.equal(formatSubject(identity, null), 'Certificate/depots/gate-controller');
  });
});
