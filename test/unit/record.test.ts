import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import { isAccepted, isLive, reduceRecord, rivals } from '../../server/src/core/lifecycle/record.ts';
import { createIdSource } from '../../server/src/core/lifecycle/sortableId.ts';
import { renewAfter, standingOf } from '../../server/src/core/lifecycle/standing.ts';

const identity = {
  apiVersion: 'identity-as-code/v1',
  kind: 'Certificate',
  namespace: 'default',
  name: 'web',
};
const base = (id: string, generation: string) => ({
  schemaVersion: 1 as const,
  id,
  at: '2026-01-01T00:00:00.000Z',
  identity,
  generation,
  actor: { name: 'test', tool: 'test' },
  planId: 'plan',
  chain: { clone: 'c', sequence: 1, previous: null },
});
const issued = (id: string, generation: string, replaces: readonly string[] = []): IdentityEvent => ({
  ...base(id, generation),
  type: 'issued',
  backend: 'local-ca',
  credential: {
    serialNumber: generation,
    subject: 'CN=web',
    issuer: 'CN=ca',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2026-04-01T00:00:00.000Z',
    keyAlgorithm: 'ECDSA-P256',
    spkiSha256: generation,
    fingerprintSha256: generation,
  },
  publicText: '',
  key: { origin: 'engine', algorithm: 'ECDSA-P256' },
  replaces,
  specDigest: 'digest',
  declaredIn: 'web.identity.yaml',
});
const superseded = (id: string, generation: string, by: string): IdentityEvent => ({
  ...base(id, generation),
  type: 'superseded',
  by,
});
const revoked = (id: string, generation: string): IdentityEvent => ({
  ...base(id, generation),
  type: 'revoked',
  backend: 'local-ca',
  serialNumber: generation,
  reason: 'keyCompromise',
  revokedAt: '2026-02-01T00:00:00.000Z',
});
const delivered = (id: string, generation: string, version: string): IdentityEvent => ({
  ...base(id, generation),
  type: 'delivered',
  copy: { backend: 'local-ca', as: 'file', path: 'tls.pem', contents: ['chain'], version },
});

const HISTORY = [
  issued('01', 'a'),
  delivered('02', 'a', 'v1'),
  issued('03', 'b', ['a']),
  delivered('04', 'b', 'v2'),
  superseded('05', 'a', 'b'),
  issued('06', 'c', ['a']),
  revoked('07', 'b'),
];

describe('record', () => {
  it('is the same whatever the order of the events', () => {
    const expected = reduceRecord(HISTORY);
    fc.assert(
      fc.property(fc.shuffledSubarray(HISTORY, { minLength: HISTORY.length }), (events) => {
        assert.deepEqual(reduceRecord(events), expected);
      }),
    );
  });

  it('never throws for a part of the events, and a union of parts is the whole', () => {
    fc.assert(
      fc.property(fc.subarray(HISTORY), fc.subarray(HISTORY), (mine, theirs) => {
        const union = [...new Map([...mine, ...theirs].map((event) => [event.id, event])).values()];
        assert.deepEqual(
          reduceRecord(union),
          reduceRecord([...theirs, ...mine.filter((e) => !theirs.includes(e))]),
        );
      }),
    );
  });

  it('lets a superseded certificate be accepted but not live', () => {
    const [a] = reduceRecord(HISTORY).generations;
    assert.ok(a);
    assert.equal(isLive(a), false);
    assert.equal(isAccepted(a, new Date('2026-03-01')), true);
    assert.equal(isAccepted(a, new Date('2026-05-01')), false);
  });

  it('knows where a superseded one no longer stands', () => {
    const [a, b] = reduceRecord(HISTORY).generations;
    assert.deepEqual(a?.copies, []);
    assert.equal(b?.copies[0]?.version, 'v2');
  });

  it('tells rivals from a rotation under way', () => {
    const underWay = reduceRecord([issued('01', 'a'), issued('02', 'b', ['a'])]).live.get(null) ?? [];
    assert.deepEqual(rivals(underWay), []);
    const both =
      reduceRecord([issued('01', 'a'), issued('02', 'b', ['a']), issued('03', 'c', ['a'])]).live.get(null) ??
      [];
    assert.deepEqual(
      rivals(both).map((generation) => generation.id),
      ['b', 'c'],
    );
  });

  it('computes when renewal is due from the real dates', () => {
    const [a] = reduceRecord(HISTORY).generations;
    assert.ok(a);
    assert.equal(renewAfter(a, null).toISOString().slice(0, 10), '2026-03-02');
    assert.equal(
      renewAfter(a, { seconds: 86_400 * 10 })
        .toISOString()
        .slice(0, 10),
      '2026-03-22',
    );
    assert.equal(renewAfter(a, { seconds: 86_400 * 1000 }).toISOString(), a.credential.notBefore);
  });

  it('tells where an identity stands', () => {
    const at = (events: readonly IdentityEvent[], now: string, declared = true) =>
      standingOf({
        record: reduceRecord(events),
        bearer: null,
        declaration: declared
          ? ({ renewal: { by: 'idac', before: { share: 1 / 3 }, overlapSeconds: 0 } } as never)
          : null,
        specDigest: 'digest',
        unfinished: 'none',
        now: new Date(now),
      }).state;
    assert.equal(at([], '2026-01-02'), 'declared');
    assert.equal(at([issued('01', 'a')], '2026-01-02'), 'active');
    assert.equal(at([issued('01', 'a')], '2026-03-10'), 'due');
    assert.equal(at([issued('01', 'a')], '2026-05-01'), 'expired');
    assert.equal(at([issued('01', 'a')], '2026-01-02', false), 'orphaned');
    assert.equal(at([issued('01', 'a'), revoked('02', 'a')], '2026-01-02'), 'revoked');
  });
});

describe('sortable ids', () => {
  it('grow, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 2, maxLength: 50 }),
        (times) => {
          let turn = 0;
          const next = createIdSource(
            { now: () => new Date(times[turn++ % times.length] ?? 0) },
            { bytes: (length) => new Uint8Array(length).fill(0xff) },
          );
          const ids = times.map(() => next());
          assert.deepEqual(ids, [...ids].sort());
          assert.equal(new Set(ids).size, ids.length);
          assert.ok(ids.every((id) => /^[0-9a-z]{26}$/.test(id)));
        },
      ),
    );
  });
});
