import assert from 'node:assert/strict';
import { offersOf } from '../../server/src/app/offers.ts';
import type { InventoryRow } from '../../server/src/core/inventory/inventoryRow.ts';
import type { BackendResource } from '../../server/src/core/manifest/resource.ts';
import { type MigrationPlan, migrationPlan } from '../../server/src/core/migration/plan.ts';
import { lastRenewalBy, latestInTime } from '../../server/src/core/migration/renewals.ts';
import { type Purpose, RULE_SETS } from '../../server/src/core/migration/ruleSets.ts';
import { lifetimeOf } from '../../server/src/core/outlook/lifetime.ts';
import { inventoryRow } from '../support/inventoryRow.ts';

const NOW = new Date('2026-12-01T00:00:00.000Z');
const PLACE = {
  file: 'a.identity.yaml',
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
};
const backend = (name: string, type: string) => ({ name, spec: { type } }) as BackendResource;
const OFFERS = offersOf(
  [backend('lab', 'local'), backend('old', 'vault')],
  new Map([
    [
      'old',
      {
        binding: 'x',
        offers: { at: NOW.toISOString(), algorithms: { CertificateAuthority: ['ECDSA-P256', 'RSA-2048'] } },
      },
    ],
  ]),
);
const DAY = 86_400_000;
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

function row(name: string, more: Partial<InventoryRow> = {}): InventoryRow {
  return inventoryRow({
    name,
    backend: 'lab',
    keyOrigin: 'engine',
    renewedBy: 'idac',
    declaredAt: PLACE,
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2027-01-30T00:00:00.000Z',
    renewAfter: '2026-12-31T00:00:00.000Z',
    ...more,
  });
}

interface Given {
  readonly rules?: string;
  readonly purpose?: (row: InventoryRow) => Purpose;
  readonly authority?: string | null;
  readonly now?: Date;
}

function plan(
  rows: readonly InventoryRow[],
  { rules = 'nist-ir-8547', purpose = () => 'other', authority = 'ML-DSA-87', now = NOW }: Given = {},
): MigrationPlan {
  const set = RULE_SETS.find(({ id }) => id === rules);
  assert.ok(set, rules);
  return migrationPlan({
    lifetimes: rows.map((each) => lifetimeOf(each, '', 'manifest')),
    rules: set,
    now,
    offers: OFFERS,
    cryptoOf: ({ algorithm }) => ({ key: algorithm, signature: null, authorities: [] }),
    purposeOf: purpose,
    authorityAlgorithm: () => authority ?? undefined,
    ownerOf: () => 'platform',
    bundlesOf: (name) => (name === 'lab' ? ['TrustBundle/servers'] : []),
  });
}

const itemOf = (made: MigrationPlan, name: string) => {
  const found = made.waves
    .flatMap((wave) => wave.items.map((item) => ({ ...item, wave })))
    .find(({ resource }) => resource.endsWith(name));
  assert.ok(found, name);
  return found;
};

describe('real renewals and a deadline', () => {
  const renewals = { next: day('2027-01-01'), period: 60 * DAY, life: 90 * DAY };

  it('the latest in time is the first whose credential would outlive the deadline', () => {
    const deadline = day('2030-12-31');
    const latest = latestInTime(renewals, deadline) ?? 0;
    assert.ok(latest <= deadline && latest + renewals.life > deadline);
    assert.ok(latest - renewals.period + renewals.life <= deadline, 'the one before ends in time');
    assert.equal((latest - renewals.next) % renewals.period, 0);
  });

  it('there is none in time where the next one comes after it, and the next where what is made then outlives it', () => {
    assert.equal(latestInTime(renewals, day('2026-12-15')), undefined);
    assert.equal(latestInTime(renewals, day('2027-02-01')), renewals.next);
    assert.equal(lastRenewalBy(renewals, day('2026-12-15')), undefined);
    assert.equal(lastRenewalBy(renewals, day('2027-03-02')), day('2027-03-02'));
  });
});

describe('a migration plan', () => {
  it('takes renewals that happen anyhow, and replaces early what outlives the deadline or never ends', () => {
    const made = plan([
      row('short', { algorithm: 'RSA-2048' }),
      row('long', { notAfter: '2040-01-01T00:00:00.000Z', renewAfter: '2039-01-01T00:00:00.000Z' }),
      row('endless', {
        kind: 'Key',
        notAfter: null,
        renewAfter: null,
        daysLeft: null,
        fingerprintSha256: 'aa',
      }),
      row('new', { state: 'declared', notAfter: null, notBefore: null, renewAfter: null, daysLeft: null }),
      row('done', { algorithm: 'ML-DSA-65' }),
      row('over', { state: 'revoked' }),
      row('orphan', { state: 'orphaned', declaredAt: null, renewedBy: null }),
    ]);
    assert.deepEqual([made.total, made.done, made.atRenewals, made.early], [6, 1, 2, 2]);
    assert.match(JSON.stringify(itemOf(made, 'orphan').to), /no manifest declares it/);
    const short = itemOf(made, 'short');
    assert.equal(short.how, 'renewal');
    assert.equal(short.wave.deadline.at, '2030-12-31T23:59:59.999Z');
    assert.equal(
      (Date.parse(short.on ?? '') - day('2026-12-31')) % (60 * DAY),
      0,
      'a day of its own renewals',
    );
    for (const name of ['long', 'endless']) {
      const { how, wave, on } = itemOf(made, name);
      assert.equal(how, 'early');
      assert.equal(wave.deadline.at, '2035-12-31T23:59:59.999Z');
      assert.equal(on, wave.until);
    }
    assert.equal(itemOf(made, 'new').how, 'first');
    for (const name of ['short', 'long', 'endless', 'new']) {
      const { to } = itemOf(made, name);
      assert.ok(to.can && to.change.to === 'ML-DSA-65', name);
    }
  });

  it('moves anchors, then the authority, then what it signs, whichever deadline that has', () => {
    const made = plan([row('leaf', { algorithm: 'RSA-2048' }), row('other')], { authority: 'ECDSA-P384' });
    const [wave] = made.waves;
    assert.deepEqual(
      wave?.items.map(({ resource, how }) => [resource, how]),
      [
        ['TrustBundle/servers', 'anchor'],
        ['Backend/lab', 'early'],
      ],
    );
    const authority = Date.parse(itemOf(made, 'Backend/lab').on ?? '');
    for (const name of ['leaf', 'other'])
      assert.ok(authority <= Date.parse(itemOf(made, name).on ?? ''), name);
    assert.ok(authority >= NOW.getTime());
  });

  it('says what cannot be had yet, and takes what lasts longer for now', () => {
    const made = plan(
      [
        row('weak', { algorithm: 'RSA-2048', backend: 'old' }),
        row('strong', { algorithm: 'ECDSA-P256', backend: 'old' }),
        row('theirs', { managedBy: 'cert-manager', renewedBy: null, state: 'declared' }),
      ],
      { authority: null },
    );
    const weak = itemOf(made, 'weak');
    assert.ok(weak.to.can && weak.interim);
    assert.equal(weak.to.change.to, 'ECDSA-P256');
    const strong = itemOf(made, 'strong');
    assert.ok(!strong.to.can);
    assert.match(strong.to.why, /old offers nothing/);
    const theirs = itemOf(made, 'theirs');
    assert.deepEqual([theirs.how, theirs.on], ['elsewhere', null]);
    assert.deepEqual(
      made.blocked.map(({ count }) => count),
      [1, 1],
    );
  });

  it('by CNSA 2.0 signing of software comes first, and only the largest sets last', () => {
    const made = plan(
      [row('web', { algorithm: 'ML-DSA-65' }), row('code'), row('best', { algorithm: 'ML-DSA-87' })],
      {
        rules: 'cnsa-2.0',
        purpose: ({ name }) => (name === 'code' ? 'codeSigning' : 'other'),
      } as Parameters<typeof plan>[1],
    );
    assert.equal(made.done, 1);
    assert.equal(itemOf(made, 'code').wave.deadline.at.slice(0, 4), '2030');
    assert.equal(itemOf(made, 'web').wave.deadline.at.slice(0, 4), '2033');
    for (const name of ['code', 'web']) {
      const { to } = itemOf(made, name);
      assert.ok(to.can && to.change.to === 'ML-DSA-87');
    }
  });

  it('what is disallowed already is due now, and the same moment gives the same plan', () => {
    const rows = [row('ancient', { algorithm: 'RSA-1024' }), row('web')];
    const made = plan(rows);
    assert.equal(itemOf(made, 'ancient').how, 'early');
    assert.equal(itemOf(made, 'ancient').on, NOW.toISOString());
    assert.deepEqual(plan([...rows].reverse()), made);
    const later = plan(rows, { now: new Date('2036-01-01T00:00:00.000Z') });
    for (const wave of later.waves) assert.ok(wave.until >= '2036-01-01');
  });
});
