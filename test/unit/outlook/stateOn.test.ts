import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InventoryRow } from '../../../server/src/core/inventory/inventoryRow.ts';
import { type Lifetime, lifetimeOf } from '../../../server/src/core/outlook/lifetime.ts';
import {
  renewalsUntil,
  type Span,
  type StateOnDay,
  type StateSeries,
  stateOn,
  stateSeries,
} from '../../../server/src/core/outlook/stateOn.ts';
import { inventoryRow } from '../../support/inventoryRow.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2027-01-15T10:00:00.000Z');

/** Issued and ending so many days from now; a third of its life before its end it is due. */
function lasting(from: number, until: number, over: Partial<InventoryRow> = {}): Lifetime {
  const iso = (days: number) => new Date(NOW + days * DAY).toISOString();
  const row = inventoryRow({
    fingerprintSha256: 'ab',
    notBefore: iso(from),
    notAfter: iso(until),
    renewAfter: iso(until - (until - from) / 3),
    daysLeft: Math.floor(until),
    ...over,
  });
  return lifetimeOf(row, 'project', 'manifest');
}

describe('the state on a later day', () => {
  it('moves each credential from span to span as its end comes nearer', () => {
    const web = lasting(-10, 40.5);
    const spans = (day: number): string =>
      Object.entries(stateOn([web], NOW + day * DAY))
        .filter(([, count]) => count > 0)
        .map(([name]) => name)
        .join(' ');
    assert.equal(spans(0), 'within90Days');
    assert.equal(spans(9), 'within90Days');
    assert.equal(spans(10), 'within30Days');
    assert.equal(spans(24), 'within30Days due');
    assert.equal(spans(33), 'within7Days due');
    assert.equal(spans(40), 'within7Days due');
    assert.equal(spans(41), 'expired');
  });

  it('is what the tree of expiry counts, of all that has an end', () => {
    const lifetimes = [
      lasting(-100, -3, { state: 'expired' }),
      lasting(-40, 7.9),
      lasting(-40, 8),
      lasting(-1, 400),
      lasting(-40, 5, { state: 'revoked' }),
      lasting(-40, 5, { state: 'unknown' }),
      lifetimeOf(inventoryRow({ state: 'declared', notAfter: null, daysLeft: null }), 'p', 'manifest'),
      lifetimeOf(inventoryRow({ notAfter: null, daysLeft: null, fingerprintSha256: 'ab' }), 'p', 'none'),
      lifetimeOf(
        inventoryRow({ managedBy: 'cert-manager', notAfter: null, daysLeft: null }),
        'p',
        'elsewhere',
      ),
    ];
    assert.deepEqual(
      lifetimes.map(({ life }) => life),
      ['dated', 'dated', 'dated', 'dated', 'ended', 'ended', 'unissued', 'endless', 'elsewhere'],
    );
    const { due, ...spans } = stateOn(lifetimes, NOW);
    assert.deepEqual(spans, { expired: 1, within7Days: 1, within30Days: 1, within90Days: 0, later: 1 });
    assert.equal(due, 2);
  });

  it('what ends at this very moment has ended, and a login that was refused has, too', () => {
    assert.equal(stateOn([lasting(-10, 0, { daysLeft: 0 })], NOW).expired, 1);
    const refused = inventoryRow({ state: 'expired', notAfter: null, daysLeft: null, login: LOGIN });
    assert.equal(stateOn([lifetimeOf(refused, 'p', 'none')], NOW).expired, 1);
  });

  it('of any day is in the series, whatever there is', () => {
    const days = fc.double({ min: -400, max: 400, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(days, fc.double({ min: 0.01, max: 800, noNaN: true })), { maxLength: 30 }),
        fc.integer({ min: 0, max: 1200 }),
        (lives, day) => {
          const lifetimes = lives.map(([from, life]) => lasting(from, from + life));
          assert.deepEqual(at(stateSeries(lifetimes, NOW), day), stateOn(lifetimes, NOW + day * DAY));
        },
      ),
    );
  });
});

describe('renewals until a day', () => {
  it('are made when due, again and again', () => {
    // 30 days from issue to renewal: today's was made 10 days ago.
    const web = lasting(-10, 35);
    const until = (day: number) => renewalsUntil([web], NOW, NOW + day * DAY);
    assert.deepEqual([0, 19, 20, 49, 50, 80, 109].map(until), [0, 0, 1, 1, 2, 3, 3]);
  });

  it('of what is overdue begin today; what has ended is not renewed but issued anew', () => {
    assert.equal(renewalsUntil([lasting(-40, 5)], NOW, NOW), 1);
    assert.equal(renewalsUntil([lasting(-40, -5)], NOW, NOW + 90 * DAY), 0);
  });
});

const LOGIN = { method: 'approle', seenAt: null, expiresAt: null, reach: [] };

function at(series: StateSeries, day: number): StateOnDay {
  const place = series.days.findLastIndex((each) => each <= day);
  const column = (name: Span | 'due') => series[name][place] ?? Number.NaN;
  return {
    expired: column('expired'),
    within7Days: column('within7Days'),
    within30Days: column('within30Days'),
    within90Days: column('within90Days'),
    later: column('later'),
    due: column('due'),
  };
}
