import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textBuffer } from '../../server/src/core/text/textBuffer.ts';
import { edited, partOf } from '../support/wholeText.ts';

describe('a text that is edited', () => {
  const line = fc.constantFrom('', 'a', 'key: value', '---', '🙂 x');
  const text = fc
    .tuple(fc.array(line, { maxLength: 400 }), fc.constantFrom('\n', '\r\n'))
    .map(([lines, end]) => lines.join(end));
  const position = fc.record({
    line: fc.oneof(fc.nat(12), fc.integer({ min: -2, max: 420 })),
    character: fc.integer({ min: -1, max: 12 }),
  });
  const range = fc.oneof(
    position.map((at) => ({ start: at, end: at })),
    fc.record({ start: position, end: position }),
  );
  const inserted = fc.oneof(fc.constantFrom('', 'x', '\n', '\r\n', '\n---\n'), text);

  it('is what the whole text would be', () => {
    fc.assert(
      fc.property(text, fc.array(fc.record({ range, inserted }), { maxLength: 8 }), (original, edits) => {
        const buffer = textBuffer(original);
        let whole = original;
        for (const edit of edits) {
          buffer.edit(edit.range, edit.inserted);
          whole = edited(whole, edit.range, edit.inserted);
          assert.equal(buffer.slice(edit.range), partOf(whole, edit.range));
        }
        assert.equal(buffer.text(), whole);
      }),
      { numRuns: 300 },
    );
  });
});
