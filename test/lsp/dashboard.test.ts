import assert from 'node:assert/strict';
import { CONFIRMING, type Fixture, openFixture } from './fixture.ts';

const API = `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: api
  namespace: shop
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [api.example.com]
  key: { algorithm: RSA-2048 }
  issuer: local-ca
  machines: [api-1]
  consumers: [checkout]
---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: api-1, namespace: shop }
spec: { type: vm, owner: { team: shop, contact: shop@example.com }, users: [shop] }
`;
const DAY = 86_400_000;

interface Figures {
  projects: { root: string; name: string; trusted: boolean; identities: number }[];
  total: number;
  lives: Record<string, number>;
  state: Record<string, number>;
  renewals: number;
  series: { days: number[]; expired: number[] };
  owners: { groups: { name: string | null; count: number; expired: number }[] };
  issuers: { groups: { name: string | null; count: number }[] };
  agility: { algorithms: { algorithm: string; count: number; byManifest: number }[]; source: string };
}
interface Broken {
  root: string;
  subject: string;
  layers: {
    layer: string;
    total: number;
    nodes: { id: string; status: string | null; declaredAt: unknown }[];
  }[];
}

describe('language server: the figures of a dashboard', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openFixture({
      files: { 'api.identity.yaml': API },
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
    });
    await fixture.run('idac.run', { verb: 'issue', identity: 'Certificate/web' });
  });
  after(() => fixture.end());

  const ask = (on?: Date, more: object = {}) =>
    fixture.client.request<Figures>('identity/dashboard', {
      ...(on === undefined ? {} : { on: on.toISOString() }),
      ...more,
    });

  it('say what there is and what ends when, as it is and on a later day', async () => {
    const today = await ask();
    assert.deepEqual(
      today.projects.map(({ identities, trusted }) => [identities, trusted]),
      [[2, true]],
    );
    assert.equal(today.total, 2);
    assert.equal(today.lives['dated'], 1);
    assert.equal(today.lives['unissued'], 1);
    assert.equal(today.state['within90Days'], 1);
    assert.equal(today.renewals, 0);
    const later = await ask(new Date(Date.now() + 60 * DAY));
    assert.equal(later.state['expired'], 1);
    assert.ok(later.renewals >= 1);
    assert.deepEqual(later.owners.groups, [
      { ...later.owners.groups[0], name: 'shop', count: 2, expired: 1 },
    ]);
    assert.equal(today.series.expired.at(-1), 1);
  });

  it('say which keys there are and who issues', async () => {
    const { agility, issuers } = await ask();
    assert.deepEqual(
      agility.algorithms.map(({ algorithm, count, byManifest }) => [algorithm, count, byManifest]),
      [
        ['ECDSA-P256', 1, 1],
        ['RSA-2048', 1, 1],
      ],
    );
    assert.match(agility.source, /draft/);
    assert.deepEqual(
      issuers.groups.map(({ name, count }) => [name, count]),
      [['local-ca', 2]],
    );
  });

  it('come with a plan to algorithms that last, by the rule set that is asked for', async () => {
    const planned = (rules?: string) =>
      fixture.client.request<{
        text: string;
        plan: { total: number; rules: { id: string }; waves: unknown[] };
      }>('identity/migrationPlan', rules === undefined ? {} : { rules });
    const { text, plan } = await planned();
    assert.equal(plan.rules.id, 'nist-ir-8547');
    assert.equal(plan.total, 2);
    assert.match(text, /^# .* migration by NIST IR 8547\n/);
    assert.match(text, /\| Backend\/local-ca \|.*ML-DSA-65/);
    assert.match((await planned('cnsa-2.0')).text, /ML-DSA-87/);
    await assert.rejects(planned('etsi'), /nist-ir-8547/);
  });

  it('follow what is typed, and are of one project where one is meant', async () => {
    const algorithms = async (): Promise<readonly string[]> => {
      const { agility } = await ask(undefined, { uri: fixture.uri('api.identity.yaml') });
      return agility.algorithms.map(({ algorithm }) => algorithm);
    };
    fixture.open('api.identity.yaml', API.replace('RSA-2048', 'Ed25519'));
    // Across files it is read when the typing pauses; then everybody who shows figures is told.
    while ((await algorithms()).includes('RSA-2048')) await fixture.client.next('identity/changed');
    assert.deepEqual(await algorithms(), ['ECDSA-P256', 'Ed25519']);
  });

  it('say what breaks with a backend, a machine, an identity', async () => {
    const broken = (kind: string, name: string, namespace?: string) =>
      fixture.client.request<Broken | null>('identity/dependents', { of: { kind, name, namespace } });
    const ids = async (kind: string, name: string, namespace?: string) =>
      (await broken(kind, name, namespace))?.layers.flatMap(({ nodes }) => nodes.map(({ id }) => id));
    assert.deepEqual(await ids('Backend', 'local-ca'), [
      'Certificate/default/web',
      'Certificate/shop/api',
      'Machine/shop/api-1',
      'consumer/checkout',
    ]);
    assert.deepEqual(await ids('Machine', 'api-1', 'shop'), ['Certificate/shop/api', 'consumer/checkout']);
    assert.deepEqual(await ids('Certificate', 'api', 'shop'), ['Machine/shop/api-1', 'consumer/checkout']);
    assert.equal(await broken('Backend', 'gone'), null);
    const answer = await broken('Backend', 'local-ca');
    const web = answer?.layers[0]?.nodes[0];
    assert.match(web?.status ?? '', /^expires in \d+ days$/);
    assert.deepEqual(web?.declaredAt, {
      file: 'web.identity.yaml',
      range: { start: { line: 3, character: 8 }, end: { line: 3, character: 11 } },
    });
  });

  it('find what can be asked about', async () => {
    const found = await fixture.client.request<{ id: string }[]>('identity/impactSubjects', { query: 'api' });
    assert.deepEqual(
      found.map(({ id }) => id),
      ['Machine/shop/api-1', 'Certificate/shop/api'],
    );
    const first = await fixture.client.request<{ id: string }[]>('identity/impactSubjects', { limit: 1 });
    assert.deepEqual(
      first.map(({ id }) => id),
      ['Backend/local-ca'],
    );
  });

  it('refuse what they do not understand', async () => {
    await assert.rejects(fixture.client.request('identity/dashboard', { on: 'soon' }), /"on" is no date/);
    await assert.rejects(fixture.client.request('identity/dashboard', { groupLimit: 0 }), /whole number/);
    await assert.rejects(fixture.client.request('identity/dependents', {}), /"kind" is missing/);
  });
});
