/** The place of each character of a scalar, against what the YAML parser reads. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { placeInScalar, scalarOffsets } from '../../../server/src/core/text/scalarOffsets.ts';

/** Each word of the value stands in the source where it is said to. */
function check(text: string): void {
  const read = parseManifestFile('a.identity.yaml', text).documents[0];
  const value = (parseDocument(text).toJS() as { readonly v?: unknown }).v;
  if (read?.root === undefined || typeof value !== 'string') return;
  const node = read.root.entries.find(({ key }) => key === 'v')?.value;
  if (node === undefined) return;
  const source = text.slice(node.start, node.end);
  const offsets = scalarOffsets(source, value);
  assert.equal(offsets.length, value.length + 1);
  for (const { 0: word, index } of value.matchAll(/[A-Za-z0-9.()=&]+/g))
    for (let place = 0; place < word.length; place += 1) {
      const at = offsets[index + place] ?? -1;
      const isEscaped = source[at] === '\\';
      assert.ok(source[at] === word[place] || isEscaped, `${word} of ${JSON.stringify(text)}`);
    }
}

describe('places in scalars', () => {
  it('are right in every style', () => {
    for (const text of [
      "v: a.b == 'c'\n",
      'v: "a.b == \\"c\\" && \\x41\\u0042 ok"\n',
      "v: 'it''s a.b'\n",
      'v: |\n  a.b &&\n    c.d\n\n  e.f\n',
      'v: >-\n  a.b &&\n  c.d\n\n  e.f\n    more\n  last\n',
      'v: "a\n  b\n\n  c \\\n  d"\n',
      'v: a\n  b\n  c\n',
      'v: |2+\n    a\n   b\n\n',
      'v: | # why\n  a.b\n',
      'v: "🙂 a.b \\U0001F642 c.d"\n',
    ])
      check(text);
  });

  it('are right in whatever YAML is written', () => {
    const words = fc.array(
      fc.constantFrom('a.b', '==', "'x'", '"y"', ' ', '  ', '\n', '\n\n', '&&', '#', ': ', '🙂', '\\', '\t'),
      {
        maxLength: 12,
      },
    );
    const style = fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(words, style, fc.integer({ min: 20, max: 60 }), (parts, kind, lineWidth) => {
        check(stringify({ v: parts.join('') }, { defaultStringType: kind, lineWidth } as never));
      }),
      { numRuns: 500 },
    );
  });

  it('are counted from where the scalar begins in its file', () => {
    const range = placeInScalar('|\n    a &&\n      bcd', 'a &&\n  bcd', { line: 4, character: 16 }, 7, 10);
    assert.deepEqual(range, { start: { line: 6, character: 6 }, end: { line: 6, character: 9 } });
  });
});
