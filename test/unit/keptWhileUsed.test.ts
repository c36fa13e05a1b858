/** What is kept for many is bounded, and a walk over more than there is room for keeps what the next walk begins with. */
import assert from 'node:assert/strict';
import { type KeptPlace, keptWhileUsed } from '../../server/src/core/manifest/keptWhileUsed.ts';

interface Owner extends KeptPlace<string> {
  readonly size: number;
}

describe('what is kept while it is used', () => {
  const owner = (size = 1): Owner => ({ size, kept: undefined });
  const owners = (count: number): readonly Owner[] => Array.from({ length: count }, () => owner());
  const keptOf = (all: readonly Owner[]): number => all.filter(({ kept }) => kept !== undefined).length;

  it('stays within its size, and what is kept is given back', () => {
    const store = keptWhileUsed<Owner, string>(({ size }) => size, 10);
    const all = [...owners(8), owner(5), owner(20), ...owners(8)];
    for (const each of all) store.keep(each, 'what it says');
    const size = all.reduce((sum, each) => sum + (each.kept === undefined ? 0 : each.size), 0);
    assert.ok(size <= 10 && size >= 8, String(size));
    assert.deepEqual(new Set(all.map((each) => store.of(each))), new Set(['what it says', undefined]));
  });

  it('keeps most of what was there through walks over more than there is room for', () => {
    const store = keptWhileUsed<Owner, string>(({ size }) => size, 100);
    const all = owners(150);
    const walk = (): number => {
      let found = 0;
      for (const each of all)
        if (store.of(each) === undefined) store.keep(each, 'read again');
        else found += 1;
      return found;
    };
    walk();
    for (let time = 0; time < 5; time += 1) assert.ok(walk() >= 90);
    assert.equal(keptOf(all), 100);
  });

  it('lets go what nobody uses any more', () => {
    const store = keptWhileUsed<Owner, string>(({ size }) => size, 10);
    const old = owners(10);
    for (const each of old) store.keep(each, 'old');
    const others = owners(40);
    for (const each of others) store.keep(each, 'new');
    assert.equal(keptOf(old), 0);
    assert.equal(keptOf(others), 10);
  });
});
