import assert from 'node:assert/strict';
import { occurrenceAt, occurrencesOf } from '../../../server/src/core/editing/occurrences.ts';
import { planRename } from '../../../server/src/core/editing/rename.ts';
import { buildProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import type { ManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { runRules } from '../../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { applied, at, NEIGHBOURS } from './cursor.ts';

const WEB = `apiVersion: identity-as-code/v1
kind: Certificate
metadata:
  name: web
spec:
  owner: { team: web }
  dnsNames: [web.example.com]
  machines: [web-1, payments/pay-1]
  issuer: "local-ca" # the only one
  deliverTo:
    - { backend: 'local-ca', path: "tls/{machine}.pem" }
`;

function namedAt(marked: string, more: Readonly<Record<string, string>> = {}) {
  const here = at(marked, 'web.identity.yaml', more);
  return { ...here, named: occurrenceAt(here.index, 'web.identity.yaml', here.position) };
}

function places(marked: string): readonly string[] {
  const { index, named } = namedAt(marked);
  if (named === undefined) return [];
  return occurrencesOf(index, named.resource).map(({ is, holder, range }) => {
    const line = index.files.get(holder.file)?.text.split('\n')[range.start.line] ?? '';
    return `${is} ${holder.file}:${range.start.line + 1} ${line.slice(range.start.character, range.end.character)}`;
  });
}

/** All files after the rename of what stands at the cursor, or why not. */
function renamed(
  marked: string,
  newName: string,
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> | string {
  const { index, named } = namedAt(marked, more);
  assert.ok(named !== undefined, 'nothing is named here');
  const planned = planRename(index, named.resource, newName);
  if ('problem' in planned) return planned.problem;
  return new Map(
    Array.from(index.files, ([path, { text }]) => [
      path,
      applied(
        text,
        planned.edits.filter(({ file }) => file === path),
      ),
    ]),
  );
}

function findings(texts: ReadonlyMap<string, string>): readonly string[] {
  const files = new Map<string, ManifestFile>();
  for (const [path, text] of texts) files.set(path, parseManifestFile(path, text));
  const index = buildProjectIndex(files);
  const found = runRules({ index, now: new Date(0), records: new Map(), backendRoles: backendRoles() }, {});
  return [...[...files.values()].flatMap((file) => file.findings), ...found].map(
    ({ rule, file, message }) => `${rule} ${file}: ${message}`,
  );
}

function changed(
  marked: string,
  newName: string,
  more: Readonly<Record<string, string>> = {},
  file = 'web.identity.yaml',
) {
  const result = renamed(marked, newName, more);
  assert.ok(typeof result !== 'string', String(result));
  const before = findings(
    new Map(
      Object.entries({ [file]: marked.replace('│', ''), 'neighbours.identity.yaml': NEIGHBOURS, ...more }),
    ),
  );
  assert.equal(findings(result).length, before.length, findings(result).join('\n'));
  return result;
}

describe('names', () => {
  it('are found from the declaration and from each reference, quotes left out', () => {
    const expected = [
      'declaration neighbours.identity.yaml:4 local-ca',
      'reference web.identity.yaml:9 local-ca',
      'reference web.identity.yaml:11 local-ca',
    ];
    assert.deepEqual(places(WEB.replace('"local-ca"', '"loc│al-ca"')), expected);
    assert.deepEqual(places(WEB.replace("'local-ca'", "'local-ca│'")), expected);
    assert.deepEqual(places(WEB.replace('payments/pay-1', 'payments/pay│-1')), [
      'declaration neighbours.identity.yaml:19 pay-1',
      'reference web.identity.yaml:8 payments/pay-1',
    ]);
    assert.deepEqual(places(WEB.replace('name: web', 'name: we│b')), ['declaration web.identity.yaml:4 web']);
  });

  it('lead on from a former name', () => {
    const renamedCa = NEIGHBOURS.replace('name: local-ca', 'name: new-ca\n  formerNames: [local-ca]');
    const { named } = namedAt(WEB.replace('"local-ca"', '"loc│al-ca"'), {
      'neighbours.identity.yaml': renamedCa,
    });
    assert.equal(named?.resource.name, 'new-ca');
  });

  it('are not what keys and other texts are', () => {
    for (const [from, to] of [
      ['issuer:', 'iss│uer:'],
      ['[web.example.com]', '[web.│example.com]'],
      ['the only one', 'the on│ly one'],
    ] as const)
      assert.deepEqual(places(WEB.replace(from, to)), []);
  });
});

describe('rename', () => {
  it('changes the manifest and every reference, and leaves quotes and comments alone', () => {
    const result = changed(WEB.replace('"local-ca"', '"loc│al-ca"'), 'issuing');
    assert.equal(result.get('web.identity.yaml'), WEB.replaceAll('local-ca', 'issuing'));
    assert.equal(
      result.get('neighbours.identity.yaml'),
      NEIGHBOURS.replace('name: local-ca', 'name: issuing'),
    );
  });

  it('keeps the namespace of a reference', () => {
    const result = changed(WEB.replace('payments/pay-1', 'payments/p│ay-1'), 'pay-9');
    assert.match(result.get('web.identity.yaml') ?? '', /machines: \[web-1, payments\/pay-9\]/);
  });

  const records: readonly (readonly [string, string, string])[] = [
    ['none', '  name: w│eb\n', '  name: shop\n  formerNames: [web]\n'],
    ['a comment', '  name: w│eb # the shop\n', '  name: shop # the shop\n  formerNames: [web]\n'],
    ['a list in brackets', '  name: w│eb\n  formerNames: [a]\n', '  name: shop\n  formerNames: [a, web]\n'],
    ['an empty list', '  name: w│eb\n  formerNames: []\n', '  name: shop\n  formerNames: [web]\n'],
    [
      'a list of lines',
      '  name: w│eb\n  formerNames:\n    - a\n',
      '  name: shop\n  formerNames:\n    - a\n    - web\n',
    ],
    ['the new one', '  name: w│eb\n  formerNames: [shop, b]\n', '  name: shop\n  formerNames: [web, b]\n'],
  ];
  for (const [what, before, after] of records) {
    it(`writes the old name of an identity down: former names hold ${what}`, () => {
      const result = changed(WEB.replace('  name: web\n', before), 'shop');
      assert.equal(result.get('web.identity.yaml'), WEB.replace('  name: web\n', after));
    });
  }

  it('does so in one line, in CRLF and in JSON', () => {
    const flow = WEB.replace('metadata:\n  name: web', 'metadata: { name: w│eb, namespace: a }');
    assert.match(
      changed(flow, 'shop').get('web.identity.yaml') ?? '',
      /\{ name: shop, formerNames: \[web\], namespace: a \}/,
    );
    const crlf = WEB.replace('name: web', 'name: w│eb').replaceAll('\n', '\r\n');
    assert.match(
      changed(crlf, 'shop').get('web.identity.yaml') ?? '',
      / {2}name: shop\r\n {2}formerNames: \[web\]\r\nspec/,
    );
    const json = `{ "apiVersion": "identity-as-code/v1", "kind": "Certificate", "metadata": { "name": "web" },
      "spec": { "owner": { "team": "a" }, "dnsNames": ["a.example.com"], "issuer": "local-ca" } }`;
    const text = at(json.replace('"web"', '"w│eb"'), 'web.identity.json');
    const named = occurrenceAt(text.index, 'web.identity.json', text.position);
    const planned = named && planRename(text.index, named.resource, 'shop');
    assert.ok(planned !== undefined && 'edits' in planned);
    assert.equal(
      applied(json, planned.edits),
      json.replace('"name": "web"', '"name": "shop", "formerNames": ["web"]'),
    );
  });

  it('changes what an alias or a merge key repeats once', () => {
    const text = WEB.replace(
      / {2}deliverTo:[\s\S]*/,
      `  deliverTo:
    - &first { backend: &ca loc│al-ca, path: "a/{machine}.pem" }
    - { <<: *first, path: "b/{machine}.pem" }
    - { backend: *ca, path: "c/{machine}.pem" }
`,
    );
    const result = changed(text, 'issuing').get('web.identity.yaml') ?? '';
    assert.match(
      result,
      /&first \{ backend: &ca issuing, path: "a\/\{machine\}\.pem" \}\n {4}- \{ <<: \*first, path/,
    );
    assert.ok(!result.includes('local-ca'));
  });

  it('quotes names that YAML would read as something else', () => {
    const result = changed(WEB.replace('web-1', 'we│b-1'), 'no');
    assert.match(result.get('neighbours.identity.yaml') ?? '', /name: "no"/);
    assert.match(result.get('web.identity.yaml') ?? '', /machines: \["no", payments\/pay-1\]/);
  });

  it('follows parents, included bundles and identities that a playbook names with their kind', () => {
    const head = (kind: string, name: string): string =>
      `apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
    const owner = 'owner: { team: platform }';
    const workload = (name: string, more: string): string =>
      `${head('Workload', name)}spec: { ${owner}, registry: local-ca, spiffeId: spiffe://a.example/${name}, selectors: [unix:uid:1]${more} }\n`;
    const others = {
      'more.identity.yaml': [
        workload('api', ', parent: node'),
        `${head('Playbook', 'leak')}spec:\n  ${owner}\n  steps: [{ name: look }]\n  scope:\n    identities: [Workload/default/node, Workload/node, "Certificate/default/web"]\n`,
        `${head('TrustBundle', 'all')}spec: { ${owner}, include: [roots] }\n`,
      ].join('---\n'),
    };
    const node = changed(workload('no│de', ''), 'agent', others);
    assert.match(node.get('web.identity.yaml') ?? '', /name: agent,? formerNames: \[node\]/);
    assert.match(node.get('more.identity.yaml') ?? '', /parent: agent \}/);
    assert.match(node.get('more.identity.yaml') ?? '', /\[Workload\/default\/agent, Workload\/agent, /);
    const web = changed(WEB.replace('name: web', 'name: we│b'), 'shop', {
      'more.identity.yaml': `${others['more.identity.yaml'].replace('parent: node', 'parent: api2')}---\n${workload('api2', '')}`,
    });
    assert.match(web.get('more.identity.yaml') ?? '', /"Certificate\/default\/shop"/);
    const roots = changed(
      `${head('TrustBundle', 'ro│ots')}spec: { ${owner}, anchors: [{ backend: local-ca }] }\n`,
      'corporate',
      others,
    );
    assert.match(roots.get('more.identity.yaml') ?? '', /include: \[corporate\]/);
    assert.deepEqual(places(workload('no│de', '')), ['declaration web.identity.yaml:3 node']);
  });

  it('never changes what another reference means', () => {
    const more = {
      'pay.identity.yaml': WEB.replace('name: web', 'name: pay\n  namespace: payments').replace(
        'payments/pay-1',
        'pay-1',
      ),
    };
    // web-1 in the namespace payments would hide the web-1 that `pay` names.
    const hiding = changed(WEB.replace('payments/pay-1', 'payments/p│ay-1'), 'web-1', more);
    assert.match(hiding.get('pay.identity.yaml') ?? '', /machines: \[default\/web-1, web-1\]/);
    // The web-1 of `default` becomes pay-1: from within payments it is hidden by the pay-1 there.
    const hidden = changed(WEB.replace('[web-1', '[we│b-1'), 'pay-1', more);
    assert.match(hidden.get('pay.identity.yaml') ?? '', /machines: \[default\/pay-1, pay-1\]/);
    assert.match(hidden.get('web.identity.yaml') ?? '', /machines: \[pay-1, payments\/pay-1\]/);
  });

  it('refuses in clear words', () => {
    const here = WEB.replace('name: web', 'name: w│eb');
    assert.match(String(renamed(here, 'Web Shop')), /^This is no name for a Certificate: .+/);
    assert.match(String(renamed(here, '')), /no name for a Certificate/);
    const other = { 'shop.identity.yaml': WEB.replace('name: web', 'name: shop\n  formerNames: [kiosk]') };
    assert.equal(
      renamed(here, 'shop', other),
      'Certificate/default/shop is declared already, in shop.identity.yaml. Choose another name.',
    );
    assert.match(String(renamed(here, 'kiosk', other)), /former name of Certificate\/default\/shop/);
    assert.match(String(renamed(here, 'a', { 'b.identity.yaml': WEB })), /Two manifests declare/);
  });
});
