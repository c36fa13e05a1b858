import assert from 'node:assert/strict';
import { type Completion, completionsAt } from '../../../server/src/core/editing/completion.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { describePath } from '../../../server/src/core/schema/describe.ts';
import { applied, at } from './cursor.ts';

const HEAD = `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
`;
const ALL_KINDS = [
  'Backend',
  'Certificate',
  'Key',
  'Machine',
  'Playbook',
  'Policy',
  'Project',
  'SshCertificate',
  'SshKey',
  'Token',
  'TrustBundle',
  'Workload',
];
const SECRETS = `apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: secrets-only
spec:
  type: plain-secrets
`;

interface Case {
  readonly file?: string;
  readonly others?: Readonly<Record<string, string>>;
}

function complete(marked: string, { file, others }: Case = {}): readonly Completion[] {
  const here = at(marked, file, others);
  const roles = new Map([...backendRoles(), ['plain-secrets', ['SecretStore']]]);
  return completionsAt(here.file, here.position, { index: here.index, backendRoles: roles });
}

function labels(marked: string, more?: Case): readonly string[] {
  return complete(marked, more).map(({ label }) => label);
}

/** The text after the plain form of that completion was taken. */
function taken(marked: string, label: string, more: Case = {}): string {
  const found = complete(marked, more).find((each) => each.label === label);
  assert.ok(found !== undefined, `${label} is not offered`);
  return applied(marked.replace('│', ''), [{ range: found.replace, newText: found.text.plain }]);
}

function snippet(marked: string, label: string, more?: Case): string | undefined {
  return complete(marked, more).find((each) => each.label === label)?.text.snippet;
}

describe('completion: keys', () => {
  it('offers what is required first, then the order of the schema, and nothing that is there', () => {
    const offered = labels(`${HEAD}spec:\n  owner: { team: a }\n  │\n`);
    assert.deepEqual(offered.slice(0, 4), ['issuer', 'machines', 'keyPer', 'keyPerReason']);
    assert.ok(!offered.includes('owner'));
  });

  it('knows the keys below the cursor too', () => {
    const offered = labels(`${HEAD}spec:\n  │\n  issuer: local-ca\n  usages: [serverAuth]\n`);
    assert.ok(!offered.includes('issuer') && !offered.includes('usages') && offered.includes('duration'));
  });

  it('never offers the keys of another kind', () => {
    assert.deepEqual(labels('kind: Machine\nspec:\n  │').slice(0, 2), ['type', 'network']);
    assert.ok(!labels('kind: Machine\nspec:\n  │').includes('issuer'));
    assert.deepEqual(labels('kind: Backend\nspec:\n  │'), ['type', 'owner']);
    assert.deepEqual(labels('kind: Backend\nspec:\n  type: local\n  │').slice(0, 3), [
      'owner',
      'store',
      'authority',
    ]);
    assert.deepEqual(labels('kind: Backendd\nspec:\n  │'), []);
  });

  const halfTyped: Readonly<Record<string, (kind: string) => string>> = {
    'a whole manifest': (kind) =>
      `apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata: { name: x }\nspec:\n  │\n`,
    'nothing but the kind': (kind) => `kind: ${kind}\nspec:\n  │`,
    'a broken line above': (kind) => `kind: ${kind}\nmetadata:\n  name: "x\nspec:\n  own│\n`,
    'an open bracket below': (kind) => `kind: ${kind}\nspec:\n  │\n  consumers: [a,\n`,
    'another kind above and below': (kind) =>
      `${HEAD}spec: {\n---\nkind: ${kind}\nspec:\n  │\n---\n${HEAD}spec:\n  iss`,
    JSON: (kind) => `{ "kind": "${kind}", "spec": { │ } }`,
  };
  for (const kind of ALL_KINDS) {
    it(`offers a ${kind} its own keys alone, whatever stands around`, () => {
      const own = describePath(kind, ['spec'])?.fields ?? [];
      for (const [what, text] of Object.entries(halfTyped)) {
        const present = what === 'an open bracket below' ? ['consumers'] : [];
        assert.deepEqual(
          labels(text(kind), { file: what === 'JSON' ? 'a.identity.json' : 'a.identity.yaml' }).toSorted(),
          own.filter((each) => !present.includes(each)).toSorted(),
          what,
        );
      }
    });
  }

  it('replaces exactly the word that is typed, and keeps a colon', () => {
    const typed = `${HEAD}spec:\n  us│\n  issuer: x\n`;
    assert.equal(taken(typed, 'usages'), `${HEAD}spec:\n  usages:\n  issuer: x\n`);
    assert.equal(taken(`${HEAD}spec:\n  dura│ : 4d\n`, 'duration'), `${HEAD}spec:\n  duration : 4d\n`);
    const [first] = complete(`${HEAD}spec:\n  dur│ation: 4d\n`).filter(({ label }) => label === 'duration');
    assert.deepEqual(
      [first?.insert.end.character, first?.replace.end.character, first?.text.plain],
      [5, 10, 'duration'],
    );
  });

  it('makes the nested parts of a key where the client takes snippets', () => {
    assert.equal(snippet(`${HEAD}│`, 'spec'), `spec:\n  issuer: \${1:local-ca}`);
    assert.equal(snippet(`${HEAD}spec:\n  │`, 'machines'), 'machines: [$1]');
    assert.match(
      snippet(`${HEAD}spec:\n  │`, 'deliverTo') ?? '',
      /^deliverTo:\n {2}- backend: .+\n {4}path: /,
    );
    assert.equal(snippet('kind: Backend\nspec:\n  type: local\n  │', 'authority'), 'authority:\n  $1');
  });

  const broken: readonly (readonly [string, string, string])[] = [
    ['an open bracket above', `${HEAD}spec:\n  machines: [web-1, \n  │`, 'issuer'],
    ['an open brace on the line', `${HEAD}spec:\n  deliverTo:\n    - { backend: local-ca, │`, 'path'],
    ['an open quote above', `${HEAD}spec:\n  subject: "CN=web\n  │\n  issuer: x`, 'duration'],
    ['a tab in another line', `${HEAD}spec:\n  owner:\n\t\tteam: x\n  │`, 'issuer'],
    ['no space after a colon', `${HEAD}spec:\n  issuer:local-ca\n  │`, 'duration'],
    ['nothing but the kind', 'kind: Certificate\nspec:\n  │', 'issuer'],
    ['a list item that begins', `${HEAD}spec:\n  deliverTo:\n    - │`, 'path'],
    ['a list in the column of its key', `${HEAD}spec:\n  machines:\n  - web-1\n  │`, 'usages'],
    ['a document after broken ones', `a: [\n---\nb: "\n---\n${HEAD}spec:\n  │`, 'issuer'],
    ['characters beyond the basic plane', `${HEAD}# 🙂🙂\nspec: { subject: "🙂", │ }`, 'issuer'],
    ['a key in the root', `${HEAD}│\n`, 'spec'],
  ];
  for (const [what, text, label] of broken) {
    it(`works with ${what}`, () => assert.ok(labels(text).includes(label), labels(text).join(', ')));
    it(`works with ${what}, in CRLF`, () => assert.ok(labels(text.replaceAll('\n', '\r\n')).includes(label)));
  }

  it('says nothing in comments, block scalars and free maps', () => {
    assert.deepEqual(labels(`${HEAD}spec:\n  # iss│`), []);
    assert.deepEqual(labels(`${HEAD}spec:\n  issuer: x # │`), []);
    assert.deepEqual(labels(`${HEAD}spec:\n  keyPerReason: |\n    iss│\n`), []);
    assert.deepEqual(labels('kind: Machine\nmetadata:\n  labels:\n    │'), []);
  });
});

describe('completion: values', () => {
  it('names backends by role', () => {
    const others = { 'secrets.identity.yaml': SECRETS };
    assert.deepEqual(labels(`${HEAD}spec:\n  issuer: │`, { others }), ['local-ca']);
    assert.deepEqual(labels(`${HEAD}spec:\n  key: { store: │ }`, { others }), ['local-ca']);
    assert.deepEqual(labels(`${HEAD}spec:\n  deliverTo:\n    - backend: │`, { others }), ['local-ca']);
  });

  it('names machines as they are found from here, without those in the list', () => {
    assert.deepEqual(labels(`${HEAD}spec:\n  machines: [│]`), ['web-1', 'payments/pay-1']);
    assert.deepEqual(labels(`${HEAD}  namespace: payments\nspec:\n  machines:\n    - web-1\n    - │`), [
      'pay-1',
    ]);
    assert.equal(
      taken(`${HEAD}spec:\n  machines:\n    │\n`, 'web-1'),
      `${HEAD}spec:\n  machines:\n    - web-1\n`,
    );
    assert.equal(taken(`${HEAD}spec:\n  machines: │\n`, 'web-1'), `${HEAD}spec:\n  machines: [web-1]\n`);
  });

  it('names what each kind can name, by role and never itself', () => {
    const head = (kind: string, name: string): string =>
      `apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
    const node = `${head('Workload', 'node')}spec:\n  spiffeId: spiffe://example.com/node\n`;
    const others = {
      'secrets.identity.yaml': SECRETS,
      'workloads.identity.yaml': `${node}---\n${node.replace('{ name: node }', '{ name: far, namespace: edge }')}`,
      'bundles.identity.yaml': `${head('TrustBundle', 'roots')}spec: { purpose: tls }\n`,
    };
    const offered = (text: string): readonly string[] => labels(text, { others });
    for (const [kind, field] of [
      ['Key', 'store'],
      ['SshKey', 'issuer'],
      ['SshCertificate', 'issuer'],
      ['Token', 'issuer'],
      ['Workload', 'registry'],
    ] as const)
      assert.deepEqual(offered(`${head(kind, 'x')}spec:\n  ${field}: │`), ['local-ca'], kind);
    assert.deepEqual(offered(`${head('Workload', 'api')}spec:\n  parent: │`), ['node', 'edge/far']);
    assert.deepEqual(
      offered(`${head('Workload', 'node')}spec:\n  parent: │`).filter((each) => each === 'node'),
      [],
    );
    assert.deepEqual(offered(`${head('TrustBundle', 'more')}spec:\n  include: [│]`), ['roots']);
    assert.deepEqual(
      offered(`${head('TrustBundle', 'more')}spec:\n  purpose: ssh-host\n  anchors: [{ backend: │ }]`),
      ['local-ca'],
    );
    assert.deepEqual(offered(`${head('Playbook', 'p')}spec:\n  scope:\n    backends: [│]`), [
      'local-ca',
      'secrets-only',
    ]);
    assert.deepEqual(offered(`${head('Playbook', 'p')}spec:\n  scope:\n    identities: [│]`), [
      'Workload/default/node',
      'Workload/edge/far',
    ]);
  });

  it('offers choices once, though they may be written in two ways', () => {
    const usages = labels(`${HEAD}spec:\n  usages: [serverAuth, │]`);
    assert.deepEqual(usages, ['clientAuth', 'codeSigning', 'emailProtection', 'timeStamping', 'ocspSigning']);
    assert.deepEqual(labels(`${HEAD}spec:\n  keyPer: m│`), ['machine', 'identity']);
  });

  it('offers durations, versions, kinds, teams and namespaces', () => {
    assert.ok(labels(`${HEAD}spec:\n  duration: │`).includes('90d'));
    assert.ok(labels(`${HEAD}spec:\n  renewal: { before: │ }`).includes('33%'));
    assert.deepEqual(labels('apiVersion: │'), ['identity-as-code/v1']);
    assert.deepEqual(labels('kind: B│ackend\n'), ALL_KINDS);
    assert.deepEqual(labels(`${HEAD}spec:\n  owner: { team: │ }`), ['platform']);
    assert.deepEqual(labels(`${HEAD}spec:\n  owner:\n    team: platform\n    contact: │`), [
      'platform@example.com',
    ]);
    assert.ok(labels(`${HEAD}  namespace: │`).includes('payments'));
  });

  it('names rules: those that files and certificates are held to, too', () => {
    const policy = `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: p }
spec:
`;
    const keys = `${policy}  rules:\n    │\n`;
    for (const id of ['certificate/validity-too-long', 'lint/serial-not-positive'])
      assert.ok(labels(keys).includes(id), id);
    assert.equal(snippet(keys, 'lint/serial-not-positive'), 'lint/serial-not-positive:\n  $1');
    const inside = `${policy}  rules:\n    lint/serial-not-positive:\n      │\n`;
    assert.ok(labels(inside).includes('waivable'));
    const waived = `${policy}  waivers:\n    - rule: │\n`;
    for (const id of ['owner/missing', 'lint/serial-not-positive', 'secret/private-key'])
      assert.ok(labels(waived).includes(id), id);
  });

  it('replaces the whole value, quotes and all, and puts a missing space', () => {
    assert.equal(
      taken(`${HEAD}spec:\n  issuer: "lo│x" # why\n`, 'local-ca'),
      `${HEAD}spec:\n  issuer: "local-ca" # why\n`,
    );
    assert.equal(
      taken(`${HEAD}spec:\n  issuer: lo│x # why\n`, 'local-ca'),
      `${HEAD}spec:\n  issuer: local-ca # why\n`,
    );
    assert.equal(taken(`${HEAD}spec:\n  issuer:│\n`, 'local-ca'), `${HEAD}spec:\n  issuer: local-ca\n`);
    assert.equal(
      taken(`${HEAD}spec:\r\n  subject: "🙂"\r\n  issuer: l│\r\n`, 'local-ca'),
      `${HEAD}spec:\r\n  subject: "🙂"\r\n  issuer: local-ca\r\n`,
    );
  });
});

describe('completion: JSON', () => {
  const file = 'here.identity.json';

  it('quotes keys and values, whether a quote is there or not', () => {
    const start = '{ "kind": "Certificate", "spec": { ';
    assert.equal(taken(`${start}│ } }`, 'issuer', { file }), `${start}"issuer":  } }`);
    assert.equal(snippet(`${start}│ } }`, 'issuer', { file }), '"issuer": "$1"');
    assert.equal(taken(`${start}"iss│" } }`, 'issuer', { file }), `${start}"issuer":  } }`);
    assert.equal(
      taken(`${start}"issuer": "│" } }`, 'local-ca', { file }),
      `${start}"issuer": "local-ca" } }`,
    );
    assert.equal(taken(`${start}"issuer": │`, 'local-ca', { file }), `${start}"issuer": "local-ca"`);
    assert.deepEqual(labels(`${start}"usages": ["serverAuth", "│"] } }`, { file }).slice(0, 1), [
      'clientAuth',
    ]);
    assert.ok(!labels(`${start}"issuer": "x", │ } }`, { file }).includes('issuer'));
  });
});

describe('completion: whole manifests', () => {
  for (const [where, text] of [
    ['in an empty file', '│'],
    ['after ---', 'a: b\n---\n│'],
    ['after a comment', '# what it is for\n│'],
  ] as const) {
    it(`offers one for each kind ${where}`, () => {
      const kinds = complete(text).filter(({ is }) => is === 'manifest');
      assert.deepEqual(
        kinds.map(({ label }) => label),
        ALL_KINDS,
      );
    });
  }

  for (const file of ['here.identity.yaml', 'here.identity.json']) {
    for (const kind of ALL_KINDS) {
      it(`writes a ${kind} without a mistake: ${file}`, () => {
        assert.deepEqual(parseManifestFile(file, taken('│', kind, { file })).findings, []);
      });
    }
  }

  it('offers none where a manifest begins already', () => {
    assert.deepEqual(
      complete(`${HEAD}│`).filter(({ is }) => is === 'manifest'),
      [],
    );
  });
});
