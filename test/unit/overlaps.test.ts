import assert from 'node:assert/strict';
import fc from 'fast-check';
import { overlapsBy } from '../../server/src/core/rules/overlaps.ts';
import { perValue } from '../../server/src/core/rules/perValue.ts';

interface Item {
  readonly keys: readonly string[];
}

function naive(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const holders = new Map<string, Item[]>();
  for (const item of items)
    for (const key of new Set(item.keys)) holders.set(key, [...(holders.get(key) ?? []), item]);
  return new Map([...holders].filter(([, each]) => each.length > 1));
}

/** Groups of one. */
const itself = perValue((item: Item): readonly Item[] => [item]);

describe('what has a key in common', () => {
  it('is the same whatever was asked before', () => {
    const item = fc.record({ keys: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 3 }) });
    const splice = fc.record({ at: fc.nat(12), remove: fc.nat(4), insert: fc.array(item, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(splice, { maxLength: 10 }), (splices) => {
        const overlaps = overlapsBy(itself, ({ keys }: Item) => keys);
        let items: readonly Item[] = [];
        for (const { at, remove, insert } of splices) {
          items = items.toSpliced(at, remove, ...insert.map((each) => ({ ...each })));
          const found = new Map(overlaps(items).map(({ key, items: holders }) => [key, holders]));
          const expected = naive(items);
          assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
          for (const [key, holders] of expected) assert.deepEqual(found.get(key), holders);
        }
      }),
    );
  });
});
