/** What the editor knows of manifests of every kind, over the real connection. */
import assert from 'node:assert/strict';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';
import type { Range } from '../support/lspClient.ts';
import { type Diagnostic, type Fixture, openFixture } from './fixture.ts';

interface Place {
  readonly uri: string;
  readonly range: Range;
}

const head = (kind: string, name: string, namespace = ''): string =>
  `apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${namespace === '' ? '' : `  namespace: ${namespace}\n`}`;
const OWNER = '  owner: { team: shop, contact: shop@example.com }\n';

const FILE = 'kinds.identity.yaml';
const TEXT = [
  `${head('Workload', 'api', 'shop')}spec:\n${OWNER}  registry: local-ca\n  spiffeId: spiffe://example.com/shop/api\n  selectors: [unix:uid:1001]\n  parent: node\n`,
  `${head('Workload', 'node')}spec:\n${OWNER}  registry: local-ca\n  spiffeId: spiffe://example.com/node\n  selectors: [unix:uid:0]\n`,
  `${head('SshCertificate', 'deployer')}spec:\n${OWNER}  type: user\n  principals: [deploy]\n  issuer: local-ca\n  extensions: [permit-pty]\n  duration: 7d\n`,
  `${head('Key', 'ledger')}spec:\n${OWNER}  store: local-ca\n  algorithm: Ed25519\n`,
  `${head('SshKey', 'backup')}spec:\n${OWNER}  issuer: local-ca\n`,
  `${head('Token', 'writer')}spec:\n${OWNER}  issuer: local-ca\n  audience: [https://ledger.example.com]\n`,
  `${head('TrustBundle', 'roots')}spec:\n${OWNER}  anchors: [{ backend: local-ca }]\n`,
  `${head('TrustBundle', 'all')}spec:\n${OWNER}  include: [roots]\n`,
  `${head('Policy', 'external')}spec:\n  selector: { matchLabels: { exposure: external } }\n  rules:\n    owner/missing: { severity: error }\n`,
  `${head('Playbook', 'leak')}spec:\n${OWNER}  scope:\n    identities: [Workload/default/node, Key/ledger]\n  steps:\n    - { name: contain, verb: revoke, reason: keyCompromise }\n`,
].join('---\n');

/** Where a text stands, and a cursor in it. */
function rangeOf(text: string, wanted: string, from = 0): Range {
  const lines = lineIndex(text);
  const start = text.indexOf(wanted, from);
  assert.notEqual(start, -1, wanted);
  return lines.range(start, start + wanted.length);
}

describe('language server: every kind', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const ask = <T>(method: string, range: Range, more: object = {}): Promise<T> =>
    fixture.client.request<T>(method, {
      textDocument: { uri: fixture.uri(FILE) },
      position: range.end,
      ...more,
    });
  const findings = async (): Promise<readonly Diagnostic[]> => (await fixture.pull(FILE)).items;

  beforeEach(async () => {
    fixture = await openFixture({ files: { [FILE]: TEXT } });
    fixture.open(FILE);
  });

  it('is understood without a finding, and found by name', async () => {
    assert.deepEqual(
      (await findings()).map(({ message }) => message),
      [],
    );
    const symbols = await fixture.client.request<{ name: string; detail: string }[]>(
      'textDocument/documentSymbol',
      { textDocument: { uri: fixture.uri(FILE) } },
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => `${name}: ${detail}`),
      [
        'api: Workload in shop',
        'node: Workload in default',
        'deployer: SshCertificate in default',
        'ledger: Key in default',
        'backup: SshKey in default',
        'writer: Token in default',
        'roots: TrustBundle',
        'all: TrustBundle',
        'external: Policy',
        'leak: Playbook',
      ],
    );
  });

  it('leads from a parent, an included bundle and an identity of a playbook to their manifests, and back', async () => {
    const declared = (name: string): Range => {
      const range = rangeOf(TEXT, `  name: ${name}\n`);
      const { line } = range.start;
      return { start: { line, character: 8 }, end: { line, character: 8 + name.length } };
    };
    for (const [written, name] of [
      ['parent: node', 'node'],
      ['Workload/default/node', 'node'],
      ['Key/ledger', 'ledger'],
      ['include: [roots', 'roots'],
    ] as const) {
      const found = await ask<Place>('textDocument/definition', rangeOf(TEXT, written));
      assert.deepEqual(found, { uri: fixture.uri(FILE), range: declared(name) }, written);
    }
    const users = await ask<Place[]>('textDocument/references', declared('node'), {
      context: { includeDeclaration: false },
    });
    assert.deepEqual(
      users.map(({ range }) => range.start.line),
      [rangeOf(TEXT, 'parent: node').start.line, rangeOf(TEXT, 'identities:').start.line],
    );
  });

  it('renames a workload wherever it is named, and keeps its record', async () => {
    const edit = await ask<{ documentChanges: { edits: { range: Range; newText: string }[] }[] }>(
      'textDocument/rename',
      rangeOf(TEXT, 'parent: node'),
      { newName: 'agent' },
    );
    const [change] = edit.documentChanges;
    assert.deepEqual(change?.edits.map(({ newText }) => newText.trim()).toSorted(), [
      'Workload/default/agent',
      'agent',
      'agent',
      'formerNames: [node]',
    ]);
    fixture.change(
      FILE,
      2,
      change.edits
        .toSorted(
          ({ range: { start: a } }, { range: { start: b } }) => b.line - a.line || b.character - a.character,
        )
        .map(({ range, newText }) => ({ range, text: newText })),
    );
    assert.deepEqual(
      (await findings()).map(({ message }) => message),
      [],
    );
  });

  it('says on hover what a field means, and what a reference names', async () => {
    const hover = async (written: string): Promise<string> =>
      (await ask<{ contents: { value: string } }>('textDocument/hover', rangeOf(TEXT, written))).contents
        .value;
    assert.match(await hover('selectors'), /attest|recognises/);
    assert.match(await hover('extensions'), /PROTOCOL\.certkeys/);
    assert.match(await hover('audience'), /RFC 7519/);
    assert.match(await hover('matchLabels'), /Labels/);
    assert.match(await hover('parent: node'), /SPIFFE ID .*example\.com\/node/);
  });

  it('answers a hover on a name that no record could have', async () => {
    for (const [version, name] of [':api', 'a/b', '../../up', 'con', 'x'.repeat(300)].entries()) {
      fixture.change(FILE, version + 2, [
        { text: `${head('Token', name)}spec:\n${OWNER}  issuer: local-ca\n` },
      ]);
      const card = await ask<{ contents: { value: string } }>('textDocument/hover', {
        start: { line: 3, character: 8 },
        end: { line: 3, character: 9 },
      });
      assert.ok(card.contents.value, name);
    }
  });

  it('walks a circle with related places, and offers what was meant by a name that is nobody’s', async () => {
    const circle = TEXT.replace('[{ backend: local-ca }]\n', '[{ backend: local-ca }]\n  include: [all]\n');
    const misspelt = circle.replace('parent: node', 'parent: nodd');
    fixture.change(FILE, 2, [{ text: misspelt }]);
    const found = await findings();
    assert.deepEqual(found.map(({ code }) => code).toSorted(), ['reference/cycle', 'reference/missing']);
    const cycle = found.find(({ code }) => code === 'reference/cycle');
    assert.deepEqual(cycle?.range, rangeOf(misspelt, 'roots', misspelt.indexOf('include: [roots')));
    assert.equal(cycle.relatedInformation?.length, 1);
    const missing = found.find(({ code }) => code === 'reference/missing');
    assert.match(missing?.message ?? '', /^no Workload is called "nodd"; did you mean "node"\?/);
    assert.match(missing?.codeDescription.href ?? '', /reference\/missing/);
  });

  it('takes a finding back when what it rested on changes in another document', async () => {
    const other = TEXT.replace('spiffe://example.com/node', 'spiffe://other.example/node');
    fixture.change(FILE, 2, [{ text: other }]);
    assert.deepEqual(
      (await findings()).map(({ code }) => code),
      ['workload/trust-domain'],
    );
    fixture.change(FILE, 3, [{ range: rangeOf(other, 'other.example'), text: 'example.com' }]);
    assert.deepEqual(await findings(), []);
  });
});
