import assert from 'node:assert/strict';
import type { InventoryRow } from '../../../server/src/core/inventory/inventoryRow.ts';
import { algorithmFacts } from '../../../server/src/core/outlook/algorithmFacts.ts';
import { type KeyBinding, keyBindingOf } from '../../../server/src/core/outlook/keyBinding.ts';
import { type Lifetime, lifetimeOf } from '../../../server/src/core/outlook/lifetime.ts';
import { outlookOf } from '../../../server/src/core/outlook/outlook.ts';
import { inventoryRow } from '../../support/inventoryRow.ts';

const NOW = new Date('2027-01-15T10:00:00.000Z');

function ending(
  notAfter: string,
  over: Partial<InventoryRow> = {},
  binding: KeyBinding = 'manifest',
): Lifetime {
  const daysLeft = Math.floor((Date.parse(notAfter) - NOW.getTime()) / 86_400_000);
  return lifetimeOf(
    inventoryRow({
      fingerprintSha256: 'ab',
      notBefore: '2026-12-01T00:00:00.000Z',
      notAfter,
      daysLeft,
      ...over,
    }),
    'file:///shop',
    binding,
  );
}

const look = (lifetimes: readonly Lifetime[], on = NOW, limit = 10) =>
  outlookOf(lifetimes, { now: NOW, on, limit });

describe('the outlook', () => {
  it('counts ends by calendar week from Monday and by month, overdue and far ones apart', () => {
    const { weeks, months } = look([
      ending('2027-01-02T00:00:00.000Z'),
      ending('2027-01-17T23:59:59.000Z'),
      ending('2027-01-18T00:00:00.000Z'),
      ending('2027-01-24T12:00:00.000Z'),
      ending('2027-02-28T23:59:59.000Z'),
      ending('2047-01-01T00:00:00.000Z'),
    ]);
    assert.equal(weeks.overdue, 1);
    assert.equal(months.overdue, 1);
    assert.deepEqual(weeks.buckets.slice(0, 2), [
      { from: '2027-01-11', ends: 1 },
      { from: '2027-01-18', ends: 2 },
    ]);
    assert.deepEqual(months.buckets.slice(0, 2), [
      { from: '2027-01-01', ends: 3 },
      { from: '2027-02-01', ends: 1 },
    ]);
    assert.equal(weeks.later, 1);
  });

  it('looks as far as nearly all ends, so that one root leaves room for everything else', () => {
    const many = Array.from({ length: 99 }, () => ending('2027-05-15T10:00:00.000Z'));
    assert.equal(look([...many, ending('2047-01-01T00:00:00.000Z')]).horizonDays, 127);
    assert.equal(look([ending('2027-01-20T10:00:00.000Z')]).horizonDays, 90);
    assert.equal(look([ending('2047-01-01T00:00:00.000Z')]).horizonDays, 1095);
    assert.equal(look([]).horizonDays, 90);
  });

  it('names owners by what is at risk on that day, and nobody among them', () => {
    const { owners } = look(
      [
        ending('2027-01-20T00:00:00.000Z', { owner: 'shop', contact: 'shop@example.com' }),
        ending('2027-06-01T00:00:00.000Z', { owner: 'shop', renewAfter: '2027-01-30T00:00:00.000Z' }),
        ending('2027-01-20T00:00:00.000Z', { owner: null }),
        ending('2027-06-01T00:00:00.000Z', { owner: 'platform' }),
        ending('2027-06-01T00:00:00.000Z', { owner: 'gone', state: 'revoked' }),
      ],
      new Date('2027-02-01T00:00:00.000Z'),
    );
    assert.deepEqual(
      owners.groups.map(({ name, count, expired, due, nextEnd }) => [name, count, expired, due, nextEnd]),
      [
        ['shop', 2, 1, 1, '2027-06-01T00:00:00.000Z'],
        [null, 1, 1, 0, null],
        ['platform', 1, 0, 0, '2027-06-01T00:00:00.000Z'],
      ],
    );
    assert.equal(owners.groups[0]?.contact, 'shop@example.com');
  });

  it('sums up whom there is no room for', () => {
    const lifetimes = Array.from({ length: 30 }, (_, n) =>
      ending('2027-01-10T00:00:00.000Z', { owner: `team-${n % 10}` }),
    );
    const { groups, more } = look(lifetimes, NOW, 3).owners;
    assert.equal(groups.length, 3);
    assert.deepEqual(more, { groups: 7, count: 21, expired: 21, due: 0 });
  });

  it('keeps backends of two projects apart, and logins away from issuers', () => {
    const other = lifetimeOf(inventoryRow({ backend: 'local-ca' }), 'file:///bank', 'manifest');
    const login = ending('2027-02-01T00:00:00.000Z', {
      backend: 'vault',
      login: { method: 'approle', seenAt: null, expiresAt: null, reach: [] },
    });
    const { issuers } = look([ending('2027-02-01T00:00:00.000Z'), other, login]);
    assert.deepEqual(issuers.groups.map(({ name, project }) => [name, project]).sort(), [
      ['local-ca', 'file:///bank'],
      ['local-ca', 'file:///shop'],
    ]);
  });

  it('says which keys there are, and which of them another manifest is enough for', () => {
    const { agility } = look([
      ending('2027-02-01T00:00:00.000Z'),
      ending('2027-02-01T00:00:00.000Z', {}, 'store'),
      ending('2027-02-01T00:00:00.000Z', { algorithm: 'RSA-2048' }, 'machine'),
      ending('2027-02-01T00:00:00.000Z', { algorithm: null }, 'none'),
      ending('2027-02-01T00:00:00.000Z', { algorithm: 'RSA-4096', state: 'destroyed' }),
    ]);
    assert.deepEqual(
      agility.algorithms.map(({ algorithm, count, byManifest }) => [algorithm, count, byManifest]),
      [
        ['ECDSA-P256', 2, 1],
        ['RSA-2048', 1, 0],
      ],
    );
    assert.deepEqual(agility.bindings, {
      manifest: 1,
      store: 1,
      machine: 1,
      authority: 0,
      elsewhere: 0,
      undeclared: 0,
      none: 1,
    });
  });
});

describe('what is known of an algorithm', () => {
  const facts = (name: string) => {
    const { strength, quantum, deprecatedAfter, disallowedAfter } = algorithmFacts(name);
    return [strength, quantum, deprecatedAfter, disallowedAfter];
  };

  it('follows the draft of NIST: 112 bits are deprecated first, all that quantum computers break is disallowed later', () => {
    assert.deepEqual(facts('RSA-2048'), [112, 'vulnerable', 2030, 2035]);
    assert.deepEqual(facts('RSA-3072'), [128, 'vulnerable', null, 2035]);
    assert.deepEqual(facts('RSASSA-PSS-4096'), [128, 'vulnerable', null, 2035]);
    assert.deepEqual(facts('ECDSA-P224'), [112, 'vulnerable', 2030, 2035]);
    assert.deepEqual(facts('ECDSA-P256'), [128, 'vulnerable', null, 2035]);
    assert.deepEqual(facts('ECDSA-P521'), [256, 'vulnerable', null, 2035]);
    assert.deepEqual(facts('Ed25519'), [128, 'vulnerable', null, 2035]);
    assert.deepEqual(facts('ML-DSA-65'), [null, 'resistant', null, null]);
  });

  it('gives no year to what is forbidden already, and none to what NIST does not list', () => {
    assert.deepEqual(facts('RSA-1024'), [80, 'vulnerable', null, null]);
    assert.deepEqual(facts('ECDSA-secp256k1'), [null, 'vulnerable', null, null]);
    assert.deepEqual(facts('unknown (1.2.3)'), [null, 'unknown', null, null]);
  });
});

describe('what stands between a manifest and another algorithm', () => {
  const bound = (over: Partial<InventoryRow>) =>
    keyBindingOf(
      inventoryRow({
        keyOrigin: 'engine',
        renewedBy: 'idac',
        declaredAt: {
          file: 'web.identity.yaml',
          range: { start: { line: 3, character: 8 }, end: { line: 3, character: 11 } },
        },
        ...over,
      }),
      (store) => store === 'embedded',
    );

  it('is nothing where this tool makes the key, in memory or in its own store', () => {
    assert.equal(bound({}), 'manifest');
    assert.equal(bound({ keyOrigin: 'store', keyStore: 'embedded' }), 'manifest');
  });

  it('is whoever else makes or keeps it', () => {
    assert.equal(bound({ keyOrigin: 'store', keyStore: 'hsm' }), 'store');
    assert.equal(bound({ keyOrigin: 'machine' }), 'machine');
    assert.equal(bound({ keyOrigin: 'service' }), 'authority');
    assert.equal(bound({ renewedBy: 'backend' }), 'elsewhere');
    assert.equal(bound({ managedBy: 'cert-manager', renewedBy: null }), 'elsewhere');
    assert.equal(bound({ declaredAt: null }), 'undeclared');
    assert.equal(bound({ algorithm: null }), 'none');
  });
});
