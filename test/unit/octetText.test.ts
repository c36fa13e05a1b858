import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type OctetText, octetText } from '../../server/src/app/scan/octetText.ts';
import type { Position } from '../support/lspClient.ts';
import { edited } from '../support/wholeText.ts';

describe('a text in octets that is edited', () => {
  const piece = fc.constantFrom('', 'a', 'key: value', 'ä€', '🙂 x', '\n', '\r\n', '\r', '\n\r', 'x\n🙂');
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  const position = fc.record({ line: fc.nat(40), character: fc.nat(12) });
  const range = fc.oneof(
    position.map((at) => ({ start: at, end: at })),
    fc.record({ start: position, end: position }),
  );

  it('is what the whole text would be, in the same lines', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.record({ range, inserted: text }), { maxLength: 8 }),
        (original, edits) => {
          const octets = octetText(original);
          let whole = original;
          for (const edit of edits) {
            const before = Buffer.from(octets.bytes());
            const { start, end, length } = octets.edit(edit.range, edit.inserted);
            whole = edited(whole, edit.range, edit.inserted);
            const written = octets.bytes().subarray(start, start + length);
            const told = Buffer.concat([before.subarray(0, start), written, before.subarray(end)]);
            assert.deepEqual(told, Buffer.from(octets.bytes()));
            assert.equal(unhalved(textOf(octets)), unhalved(whole));
          }
          const now = textOf(octets);
          for (let offset = 0; offset <= now.length; offset += 1) {
            if (isInPair(now, offset)) continue;
            const place = Buffer.byteLength(now.slice(0, offset));
            assert.deepEqual(octets.rangeOf(place, place).start, positionIn(now, offset));
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

function textOf(octets: OctetText): string {
  return Buffer.from(octets.bytes()).toString();
}

/** Half of a character, which an edit may leave, is one code unit of another kind in UTF-8. */
function unhalved(text: string): string {
  return text.replace(/[\ud800-\udfff\ufffd]/g, '?');
}

function isInPair(text: string, offset: number): boolean {
  return (text.codePointAt(offset - 1) ?? 0) > 0xffff;
}

function positionIn(text: string, offset: number): Position {
  const ends = [...text.matchAll(/\r\n|\n|\r(?!\n)/g)].map((end) => end.index + end[0].length);
  const before = ends.filter((end) => end <= offset);
  return { line: before.length, character: offset - (before.at(-1) ?? 0) };
}
