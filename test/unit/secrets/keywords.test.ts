import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keywordSearch } from '../../../server/src/core/secrets/keywords.ts';

function found(words: readonly string[], text: string): string[] {
  const all: string[] = [];
  keywordSearch(words)(Buffer.from(text, 'latin1'), (keyword, end) => all.push(`${keyword}@${end}`));
  return all.sort();
}

/** The slow way. */
function expected(words: readonly string[], text: string): string[] {
  const lower = text.replace(/[A-Z]/g, (sign) => sign.toLowerCase());
  return words
    .flatMap((word, keyword) =>
      Array.from(lower, (_, start) => start)
        .filter((start) => lower.startsWith(word.toLowerCase(), start))
        .map((start) => `${keyword}@${start + word.length}`),
    )
    .sort();
}

describe('keywords of the secret scanner', () => {
  it('finds words that hold, begin and end one another', () => {
    const words = ['he', 'she', 'his', 'hers', 'sh'];
    assert.deepEqual(found(words, 'uSHErs, his'), expected(words, 'uSHErs, his'));
  });

  it('finds what looking for each word by itself finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '_'), minLength: 1, maxLength: 5 });
    const words = fc.uniqueArray(word, {
      minLength: 1,
      maxLength: 8,
      selector: (each) => each.toLowerCase(),
    });
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'B', '-', '_', 'ÿ', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(words, text, (some, where) => assert.deepEqual(found(some, where), expected(some, where))),
    );
  });
});
