import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inCommon } from '../../../server/src/app/scan/inCommon.ts';
import { type KeywordSearch, keywordSearch } from '../../../server/src/core/secrets/keywords.ts';
import { versionsSearch } from '../../../server/src/core/secrets/versionsSearch.ts';

/** Words in one another, behind and over one another. */
const WORDS = ['a', 'ab', 'abc', 'bca', 'cab', 'aaaa', 'b-b'];
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', 'x'), maxLength: 60 });

describe('keywords in one version of a file after the other', () => {
  const hitsOf = (search: KeywordSearch, bytes: Uint8Array): readonly string[] => {
    const hits: string[] = [];
    search(bytes, (keyword, end) => hits.push(`${WORDS[keyword]} ${end}`));
    return hits;
  };

  it('are those of each by itself, in the same order', () => {
    const alone = keywordSearch(WORDS);
    const version = fc.tuple(text, text, text);
    fc.assert(
      fc.property(text, text, fc.array(version, { maxLength: 8 }), (first, last, versions) => {
        const search = versionsSearch(
          alone,
          WORDS.map((word) => word.length),
          inCommon,
        );
        for (const [begin, middle, end] of versions) {
          const bytes = Buffer.from(begin.slice(0, 3) + first + middle + last + end.slice(0, 3));
          assert.deepEqual(hitsOf(search, bytes), hitsOf(alone, bytes));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are looked for only where two versions differ', () => {
    let looked = 0;
    const alone = keywordSearch(WORDS);
    const counting: KeywordSearch = (bytes, found) => {
      looked += bytes.length;
      alone(bytes, found);
    };
    const search = versionsSearch(
      counting,
      WORDS.map((word) => word.length),
      inCommon,
    );
    const one = Buffer.alloc(100_000, 'xxabc');
    search(one, () => undefined);
    looked = 0;
    one.write('cab', 50_000);
    search(one, () => undefined);
    assert.ok(looked < 100, `${looked} octets were looked at`);
  });

  it('and what two contents have in common is told exactly, and never twice', () => {
    const bytes = fc.uint8Array({ max: 2, maxLength: 300 }).map((some) => Buffer.from(some));
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (begin, one, other, end) => {
        const [a, b] = [Buffer.concat([begin, one, end]), Buffer.concat([begin, other, end])];
        const { first, last } = inCommon(a, b);
        assert.deepEqual(a.subarray(0, first), b.subarray(0, first));
        assert.deepEqual(a.subarray(a.length - last), b.subarray(b.length - last));
        assert.ok(first + last <= Math.min(a.length, b.length));
        assert.ok(first >= begin.length);
        assert.ok(first + last >= Math.min(a.length, b.length, begin.length + end.length));
      }),
      { numRuns: 2000 },
    );
  });
});
