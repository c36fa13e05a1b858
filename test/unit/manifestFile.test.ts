import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import {
  editManifestFile,
  type ManifestFile,
  parseManifestFile,
} from '../../server/src/core/manifest/manifestFile.ts';
import { splitDocuments } from '../../server/src/core/manifest/splitDocuments.ts';
import { edited } from '../support/wholeText.ts';

const NAME = 'a.identity.yaml';
const SAMPLE = `# services of the shop
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, labels: { team: "wéb 🙂" } }
spec:
  issuer: local-ca
  dnsNames:
    - web.example.com # public
    - "*.example.com"
  deliverTo:
    - backend: local-ca
      path: "tls/{machine}/tls.pem"
      contents: [chain, privateKey]
---
apiVersion: identity-as-code/v1
kind: Backend
metadata:
  name: local-ca
spec: &spec
  type: local
  owner:
    team: |
      platform
---
apiVersion: identity-as-code/v1
kind: Machine
metadata: {name: web-1}
spec: {type: server}
...
`;

/** What a person can see of a file. */
function shown(file: ManifestFile): unknown {
  return {
    findings: file.findings,
    documents: file.documents.map((document) => ({
      startLine: document.startLine,
      endLine: document.endLine,
      value: document.value,
      ours: document.ours,
      text: document.text,
      findings: document.findings,
      id: document.resource?.id,
      usable: document.resource?.usable,
      documentIndex: document.resource?.documentIndex,
      name: document.locate(['metadata', 'name']),
      ofResource: document.resource?.locate(['metadata', 'name']),
    })),
  };
}

describe('a manifest file', () => {
  it('is its documents, each where it stands', () => {
    const { documents, findings } = parseManifestFile(NAME, SAMPLE);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      documents.map(({ startLine, endLine, resource }) => [
        startLine,
        endLine,
        resource?.kind,
        resource?.name,
      ]),
      [
        [0, 13, 'Certificate', 'web'],
        [13, 23, 'Backend', 'local-ca'],
        [23, 29, 'Machine', 'web-1'],
      ],
    );
  });

  it('parses again only the document that changed', () => {
    const before = parseManifestFile(NAME, SAMPLE);
    const after = parseManifestFile(NAME, SAMPLE.replace('type: local', 'type: lokal'), before);
    assert.equal(after.documents[0], before.documents[0]);
    assert.notEqual(after.documents[1], before.documents[1]);
    assert.equal(after.documents[2], before.documents[2]);
    assert.equal(after.findings.length, 1);
  });

  it('is after any edits what it is when read at once', () => {
    const edit = fc.record({
      at: fc.nat(SAMPLE.length),
      remove: fc.nat(40),
      insert: fc.constantFrom(
        '',
        '\n',
        '---\n',
        '\n---\n',
        '...\n',
        '"',
        "'",
        '[',
        '}',
        ' ',
        '\t',
        ': ',
        'x',
        '- ',
        '#',
        '&a ',
        '*a',
        '🙂',
        '\r\n',
        '%YAML 1.2\n',
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        let text = SAMPLE;
        let file = parseManifestFile(NAME, text);
        for (const { at, remove, insert } of edits) {
          text = text.slice(0, at) + insert + text.slice(at + remove);
          file = parseManifestFile(NAME, text, file);
        }
        assert.deepEqual(shown(file), shown(parseManifestFile(NAME, text)));
      }),
      { numRuns: 150 },
    );
  });

  it('is after what was typed what it is when read at once', () => {
    const position = fc.record({
      line: fc.integer({ min: -1, max: 36 }),
      character: fc.integer({ min: -1, max: 30 }),
    });
    const range = fc.oneof(
      position.map((at) => ({ start: at, end: at })),
      fc.record({ start: position, end: position }),
      // A line's beginning, where documents start and end.
      fc.nat(34).map((line) => ({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } })),
    );
    const text = fc.constantFrom(
      ...[
        '',
        '\n',
        '\r\n',
        '\r',
        '---\n',
        '\n---\n',
        '\r\n---\r\n',
        '...\n',
        '# c\n',
        '\uFEFF',
        '%YAML 1.2\n---\n',
        'x',
        ' ',
        '"',
        '|\n',
        '🙂',
      ],
      SAMPLE.slice(0, 60),
      SAMPLE,
    );
    const original = fc.constantFrom(
      SAMPLE,
      SAMPLE.replaceAll('\n', '\r\n'),
      `\uFEFF${SAMPLE}`,
      `%YAML 1.2\n---\n${SAMPLE}`,
      '',
    );
    fc.assert(
      fc.property(original, fc.array(fc.record({ range, text }), { maxLength: 12 }), (start, changes) => {
        let whole = start;
        let file = parseManifestFile(NAME, start);
        for (const change of changes) {
          whole = edited(whole, change.range, change.text);
          file = editManifestFile(file, change) ?? parseManifestFile(NAME, whole, file);
          assert.deepEqual(shown(file), shown(parseManifestFile(NAME, whole)));
          assert.equal(file.text, whole);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never fails on the beginning of a manifest, as it is while somebody types', () => {
    let file: ManifestFile | undefined;
    for (let end = 0; end <= SAMPLE.length; end++) file = parseManifestFile(NAME, SAMPLE.slice(0, end), file);
    assert.deepEqual(file?.findings, []);
  });

  it('never fails on any text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '? ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a ',
      '*a',
      '!!x ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '%',
      '---',
      '...',
      '\t',
      '<<: ',
      '\0',
      '\uFEFF',
      '\uD800',
      '__proto__: ',
      'apiVersion: identity-as-code/v1\n',
      'kind: Backend\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { documents } = parseManifestFile(NAME, pieces.join(''));
        for (const document of documents) document.pathAt({ line: document.startLine, character: 3 });
      }),
      { numRuns: 1500 },
    );
  });

  it('takes what is not named as ours document by document', () => {
    const other = 'apiVersion: v1\nkind: Service\nbroken: [\n';
    const { documents, findings } = parseManifestFile('deploy.yaml', `${other}---\n${SAMPLE}`);
    assert.deepEqual(
      documents.map(({ ours }) => ours),
      [false, true, true, true],
    );
    assert.deepEqual(findings, []);
  });

  it('is held to JSON when it is JSON', () => {
    const json =
      '{\n  "apiVersion": "identity-as-code/v1",\n  "kind": "Machine",\n  "metadata": { "name": "web" },\n  "spec": { "type": "server" }\n}\n';
    assert.deepEqual(parseManifestFile('a.identity.json', json).findings, []);
    const comma = parseManifestFile('a.identity.json', json.replace('"server" }', '"server", }'));
    assert.deepEqual(
      comma.findings.map(({ rule, range }) => [rule, range.start.line]),
      [['manifest/json-syntax', 4]],
    );
  });
});

describe('splitting at document markers', () => {
  const values = (text: string): unknown[] =>
    parseAllDocuments(text).map((document) => (document.errors.length > 0 ? 'wrong' : document.toJS()));
  const cases: Readonly<Record<string, string>> = {
    'a comment before the dashes': '# top\n---\na: 1\n---\nb: 2\n',
    'directives belong to what follows':
      '%TAG ! tag:example.com,2026:\n---\na: 1\n...\n%TAG ! tag:example.com,2026:\n---\nb: 2\n',
    'dashes inside a block scalar end it': 'a: |\n  text\n---\nb: 2\n',
    'dashes that are indented or longer are text': 'a: |\n  ---\n  x\nb: "----"\n',
    'an end marker, then a bare document': 'a: 1\n...\nb: 2\n',
    'an end marker at the end': 'a: 1\n...\n# done\n',
    'a value on the marker line': '--- a\n--- [b]\n---\tc\n',
    'empty documents': '---\n---\n---\na: 1\n',
    'lines that end with CRLF': '---\r\na: 1\r\n---\r\nb: 2\r\n...\r\n',
    'a byte order mark': '\uFEFF# top\n---\na: 1\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    it(`gives what the whole gives: ${name}`, () => {
      const parts = splitDocuments(text);
      assert.equal(parts.map((part) => part.text).join(''), text);
      assert.deepEqual(
        parts.flatMap((part) => values(part.text)),
        values(text),
      );
    });
  }

  it('keeps every character and line', () => {
    const line = fc.constantFrom(
      '---',
      '...',
      '# c',
      '%YAML 1.2',
      'a: 1',
      '',
      '--- x',
      ' ---',
      '---x',
      '\uFEFF',
      '...\r',
      '---\r',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');
        const parts = splitDocuments(text);
        assert.equal(parts.map((part) => part.text).join(''), text);
        let start = 0;
        for (const part of parts) {
          assert.equal(part.startLine, start);
          start += part.lineCount;
        }
        assert.equal(start, text.split('\n').length - 1);
      }),
    );
  });
});
