import assert from 'node:assert/strict';
import { type ManifestDocument, parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import type { ManifestPath } from '../../server/src/core/manifest/path.ts';
import { lineIndex } from '../../server/src/core/text/lineIndex.ts';

/** `$0` is where the cursor stands. */
function at(marked: string): string {
  const offset = marked.indexOf('$0');
  const text = marked.replace('$0', '');
  const position = lineIndex(text).positionAt(offset);
  const { documents } = parseManifestFile('a.identity.yaml', text);
  const document =
    documents.find(({ startLine, endLine }) => position.line >= startLine && position.line < endLine) ??
    documents.at(-1);
  const found = document?.pathAt(position);
  if (found === undefined) return 'nothing';
  return `${found.part} ${JSON.stringify(found.path)}`;
}

function textAt(text: string, path: ManifestPath, part: 'key' | 'value'): string | undefined {
  const document: ManifestDocument | undefined = parseManifestFile('a.identity.yaml', text).documents.at(-1);
  const range = document?.locate(path, part);
  const lines = lineIndex(text);
  return range === undefined ? undefined : text.slice(lines.offsetAt(range.start), lines.offsetAt(range.end));
}

const HEAD = 'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: web }\n';

describe('what stands at a position', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'a key': [`${HEAD}spec:\n  iss$0uer: ca\n`, 'key ["spec","issuer"]'],
    'a value': [`${HEAD}spec:\n  issuer: c$0a\n`, 'value ["spec","issuer"]'],
    'the end of a value': [`${HEAD}spec:\n  issuer: ca$0\n`, 'value ["spec","issuer"]'],
    'an empty value': [`${HEAD}spec:\n  issuer: $0\n`, 'value ["spec","issuer"]'],
    'a list item': [`${HEAD}spec:\n  dnsNames:\n    - a$0\n`, 'value ["spec","dnsNames",0]'],
    'a flow item': [`${HEAD}spec: { dnsNames: [a, b$0] }\n`, 'value ["spec","dnsNames",1]'],
    'a key in a list item': [
      `${HEAD}spec:\n  deliverTo:\n    - backend: x\n      pa$0th: y\n`,
      'key ["spec","deliverTo",0,"path"]',
    ],
    'an empty line in a map': [`${HEAD}spec:\n  issuer: ca\n  $0\n`, 'value ["spec"]'],
    'an empty line below a nested map': [
      `${HEAD}spec:\n  key:\n    origin: engine\n    $0\n`,
      'value ["spec","key"]',
    ],
    'an empty line of the outer map': [`${HEAD}spec:\n  key:\n    origin: engine\n  $0\n`, 'value ["spec"]'],
    'the second document': [`${HEAD}spec: {}\n---\n${HEAD}spec:\n  iss$0uer: ca\n`, 'key ["spec","issuer"]'],
    'after an emoji': [
      `${HEAD}spec: { owner: { team: "🙂", con$0tact: x } }\n`,
      'key ["spec","owner","contact"]',
    ],
    'lines that end with CRLF': [
      `${HEAD}spec:\n  issuer: c$0a\n`.replaceAll('\n', '\r\n'),
      'value ["spec","issuer"]',
    ],
    'nothing at all': ['$0', 'nothing'],
  };
  for (const [name, [text, expected]] of Object.entries(cases))
    it(name, () => assert.equal(at(text), expected));
});

describe('where a path stands', () => {
  const text = `# top\n---\n${HEAD}spec:\n  owner: &o { team: "wéb 🙂" }\n  key:\n  dnsNames:\n    - a.example.com\n`;
  it('as key and value', () => {
    assert.equal(textAt(text, ['metadata', 'name'], 'key'), 'name');
    assert.equal(textAt(text, ['metadata', 'name'], 'value'), 'web');
    assert.equal(textAt(text, ['spec', 'owner', 'team'], 'value'), '"wéb 🙂"');
    assert.equal(textAt(text, ['spec', 'dnsNames', 0], 'value'), 'a.example.com');
  });
  it('for an empty value is its key', () => assert.equal(textAt(text, ['spec', 'key'], 'value'), 'key'));
  it('is nowhere for what is not there', () =>
    assert.equal(textAt(text, ['spec', 'nothing'], 'value'), undefined));
  it('counts from the text, a byte order mark included', () => {
    assert.equal(textAt(`\uFEFF${HEAD}`, ['apiVersion'], 'value'), 'identity-as-code/v1');
  });
  it('resolves aliases and merge keys', () => {
    const merged = `${HEAD}spec:\n  issuer: ca\n  owner: &o { team: a, contact: b }\n---\n${HEAD}spec:\n  a: &a { team: t, contact: c }\n  owner: { <<: *a, team: own }\n`;
    const document = parseManifestFile('a.identity.yaml', merged).documents[1];
    assert.deepEqual(document?.value, {
      apiVersion: 'identity-as-code/v1',
      kind: 'Certificate',
      metadata: { name: 'web' },
      spec: { a: { team: 't', contact: 'c' }, owner: { team: 'own', contact: 'c' } },
    });
  });
});
