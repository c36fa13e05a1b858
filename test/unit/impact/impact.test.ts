import assert from 'node:assert/strict';
import { inventoryRows } from '../../../server/src/app/inventory.ts';
import { buildProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { breakableAt, dependentsOf } from '../../../server/src/core/impact/dependents.ts';
import { impactOf } from '../../../server/src/core/impact/impact.ts';
import { impactSubjects } from '../../../server/src/core/impact/subjects.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';

const VERSION = 'apiVersion: identity-as-code/v1';
const OWNER = (team: string) => `owner: { team: ${team}, contact: ${team}@example.com }`;
const backend = (name: string, more = '') =>
  `${VERSION}\nkind: Backend\nmetadata: { name: ${name} }\nspec:\n  type: local\n  ${OWNER('platform')}\n${more}`;
const machine = (name: string) =>
  `${VERSION}\nkind: Machine\nmetadata: { name: ${name}, namespace: shop }\nspec: { type: vm, ${OWNER('shop')}, users: [shop] }\n`;
const certificate = (name: string, more: string, team = 'shop') =>
  `${VERSION}\nkind: Certificate\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  ${OWNER(team)}\n  dnsNames: [${name}.example.com]\n${more}`;

const SHOP = [
  backend('hsm'),
  backend('ca', '  authority: { commonName: Shop, keyStore: hsm }\n'),
  backend('files'),
  machine('web-1'),
  machine('web-2'),
  certificate(
    'web',
    '  issuer: ca\n  machines: [web-1, web-2]\n  consumers: [checkout, mobile-app]\n  deliverTo:\n    - { backend: files, path: "{machine}.pem" }\n',
  ),
  certificate(
    'signing',
    '  issuer: ca\n  key: { origin: store, store: hsm }\n  consumers: [mobile-app]\n',
    'apps',
  ),
  certificate(
    'pair',
    '  issuer: ca\n  machines: [web-1, web-2]\n  keyPer: identity\n  keyPerReason: one session\n',
  ),
  `${VERSION}\nkind: TrustBundle\nmetadata: { name: servers }\nspec:\n  ${OWNER('platform')}\n  anchors: [{ backend: ca }]\n  consumers: [mobile-app]\n`,
  `${VERSION}\nkind: TrustBundle\nmetadata: { name: all }\nspec:\n  ${OWNER('platform')}\n  include: [servers]\n`,
  `${VERSION}\nkind: Playbook\nmetadata: { name: ca-lost }\nspec:\n  ${OWNER('security')}\n  trigger: { event: ca-compromised }\n  scope: { backends: [ca] }\n  steps: [{ name: contain, verb: revoke, reason: cACompromise }]\n`,
].join('---\n');

function shop(text: string) {
  const file = parseManifestFile('all.identity.yaml', text);
  const index = buildProjectIndex(new Map([['all.identity.yaml', file]]));
  const rows = inventoryRows({
    index,
    records: new Map(),
    recorded: [],
    unfinished: [],
    now: new Date('2027-01-15T00:00:00.000Z'),
    hasher: nodeHasher,
    denied: new Map(),
  });
  return { index, rows };
}

/** `keys`: which key an identity has, by the records. */
function broken(kind: string, name: string, text = SHOP, keys: Readonly<Record<string, string>> = {}) {
  const { index, rows } = shop(text);
  const [namespace, plain] = name.includes('/') ? (name.split('/') as [string, string]) : ['', name];
  const subject = breakableAt(index, { kind, namespace, name: plain });
  assert.ok(subject, `${kind}/${name} is declared`);
  const recorded = rows.map((row) => ({ ...row, spkiSha256: keys[row.name] ?? null }));
  return dependentsOf(subject, recorded, index);
}

const lines = (dependents: ReturnType<typeof broken>): readonly string[] =>
  dependents.map(
    ({ id, needs }) =>
      `${id} ← ${[...needs].map(([from, ties]) => `${from} (${[...ties].join(', ')})`).join('; ')}`,
  );

describe('what breaks if this breaks', () => {
  it('with a store of keys: the authority whose key is there, all that it issues, those who trust it, whoever notices', () => {
    assert.deepEqual(lines(broken('Backend', 'hsm')), [
      'Backend/ca ← Backend/hsm (keyKept)',
      'TrustBundle/servers ← Backend/ca (anchored)',
      'TrustBundle/all ← TrustBundle/servers (included)',
      'Certificate/shop/web ← Backend/ca (issued)',
      'Certificate/shop/signing ← Backend/hsm (keyKept); Backend/ca (issued)',
      'Certificate/shop/pair ← Backend/ca (issued)',
      'Machine/shop/web-1 ← Certificate/shop/web (borne); Certificate/shop/pair (borne)',
      'Machine/shop/web-2 ← Certificate/shop/web (borne); Certificate/shop/pair (borne)',
      'consumer/checkout ← Certificate/shop/web (consumed)',
      'consumer/mobile-app ← Certificate/shop/web (consumed); Certificate/shop/signing (consumed); TrustBundle/servers (consumed)',
    ]);
  });

  it('with a place of delivery: what is delivered there', () => {
    const [first] = lines(broken('Backend', 'files'));
    assert.equal(first, 'Certificate/shop/web ← Backend/files (delivered)');
  });

  it('with a machine: what it bears, not what others bear; except a key that they share', () => {
    assert.deepEqual(lines(broken('Machine', 'shop/web-1')), [
      'Certificate/shop/web ← Machine/shop/web-1 (borne)',
      'Certificate/shop/pair ← Machine/shop/web-1 (borne)',
      'Machine/shop/web-2 ← Certificate/shop/pair (sharesKey)',
      'consumer/checkout ← Certificate/shop/web (consumed)',
      'consumer/mobile-app ← Certificate/shop/web (consumed)',
    ]);
  });

  it('with an identity: those with the same key, which another cause would leave alone', () => {
    const keys = { web: 'ab', signing: 'ab' };
    const found = lines(broken('Certificate', 'shop/web', SHOP, keys));
    assert.equal(found[0], 'Certificate/shop/signing ← Certificate/shop/web (sharesKey)');
    const others = lines(broken('Backend', 'files', SHOP, keys));
    assert.ok(!others.some((line) => line.startsWith('Certificate/shop/signing')));
  });

  it('what nobody names breaks alone; a playbook is written for that day', () => {
    assert.deepEqual(lines(broken('TrustBundle', 'all')), []);
  });

  it('ends where manifests go round in circles', () => {
    const bundle = (name: string, other: string) =>
      `${VERSION}\nkind: TrustBundle\nmetadata: { name: ${name} }\nspec: { ${OWNER('platform')}, include: [${other}] }\n`;
    const circle = `${bundle('a', 'b')}---\n${bundle('b', 'a')}`;
    assert.deepEqual(lines(broken('TrustBundle', 'a', circle)), ['TrustBundle/b ← TrustBundle/a (included)']);
  });

  it('is drawn whole where there is room', () => {
    const impact = impactOf('Backend/ca', broken('Backend', 'ca'), 10);
    assert.deepEqual(
      impact.layers.map(({ layer, total, nodes }) => [layer, total, nodes.length]),
      [
        ['bundles', 2, 2],
        ['identities', 3, 3],
        ['machines', 2, 2],
        ['consumers', 2, 2],
      ],
    );
    assert.equal(impact.owners, 3);
    const web = impact.layers.find(({ layer }) => layer === 'machines')?.nodes[0];
    assert.deepEqual(web?.needs, ['Certificate/shop/web', 'Certificate/shop/pair']);
  });

  it('is summed up by owner where there is none, and nothing is lost', () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      certificate(
        `c-${n}`,
        `  issuer: ca\n  machines: [web-1]\n  consumers: [app-${n}, portal]\n`,
        `team-${n % 6}`,
      ),
    );
    const text = [backend('ca'), machine('web-1'), ...many].join('---\n');
    const { layers, owners } = impactOf('Backend/ca', broken('Backend', 'ca', text), 4);
    assert.equal(owners, 7);
    for (const { total, nodes } of layers) {
      assert.ok(nodes.length <= 4);
      assert.equal(
        nodes.reduce((sum, { count }) => sum + count, 0),
        total,
      );
    }
    const [identities, machines, consumers] = layers;
    assert.deepEqual(
      identities?.nodes.map(({ name, count, group }) => [name, count, group]),
      [
        ['team-0', 10, 'owner'],
        ['team-1', 10, 'owner'],
        ['team-2', 10, 'owner'],
        [null, 30, 'rest'],
      ],
    );
    assert.deepEqual(machines?.nodes[0]?.needs, [
      'identities/owner/team-0',
      'identities/owner/team-1',
      'identities/owner/team-2',
      'identities/rest',
    ]);
    assert.deepEqual(consumers?.nodes.map(({ name, count }) => [name, count])[0], ['portal', 1]);
    assert.deepEqual(consumers?.nodes.at(-1)?.count, 58);
  });
});

describe('what can be asked about', () => {
  const { index, rows } = shop(SHOP);
  const names = (query: string, limit = 20) =>
    impactSubjects(index, rows, query, limit).map(({ key }) => key);

  it('is everything but rules and answers, what most hangs on first', () => {
    const all = names('');
    assert.deepEqual(all.slice(0, 5), [
      'Backend/ca',
      'Backend/files',
      'Backend/hsm',
      'TrustBundle/all',
      'TrustBundle/servers',
    ]);
    assert.equal(all.length, 10);
  });

  it('is found by letters of its name', () => {
    assert.deepEqual(names('web-1'), ['Machine/shop/web-1']);
    assert.equal(names('cert web')[0], 'Certificate/shop/web');
    assert.deepEqual(names('nothing'), []);
    assert.equal(names('', 3).length, 3);
  });
});
