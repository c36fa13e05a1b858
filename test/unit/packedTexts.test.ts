import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packedTexts } from '../../server/src/app/packedTexts.ts';

describe('packed texts', () => {
  it('give back what was put into them, whatever is asked in between', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.constantFrom('é'.repeat(9000), '🙂'.repeat(20_000), 'kind: Certificate\n'.repeat(4000)),
      // A half of a pair, as a hostile file may hold.
      fc.constant('\ud83d'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat()), { maxLength: 40 }), (steps) => {
        const store = packedTexts();
        const put = steps.map(([each, asked], place) => {
          const stored = store(each);
          assert.equal(stored.length, each.length);
          return { each, stored, asked: asked % (place + 1) };
        });
        for (const { asked } of put) assert.equal(put[asked]?.stored.get(), put[asked]?.each);
        for (const { each, stored } of put) assert.equal(stored.get(), each);
      }),
    );
  });
});
