import assert from 'node:assert/strict';
import type { InventoryRow } from '../../../server/src/app/api.ts';
import { findRows } from '../../../server/src/core/inventory/findRows.ts';
import { type Grouping, parseGrouping } from '../../../server/src/core/inventory/grouping.ts';
import { type InventoryIndex, inventoryIndex } from '../../../server/src/core/inventory/inventoryIndex.ts';
import { inventoryRow as row } from '../../support/inventoryRow.ts';

const ends = (day: number): Partial<InventoryRow> => ({
  notAfter: new Date(Date.UTC(2030, 0, 1 + day)).toISOString(),
  daysLeft: day,
});
const ROWS: readonly InventoryRow[] = [
  row({ name: 'c', notAfter: null, daysLeft: null, state: 'declared', owner: 'shop' }),
  row({ name: 'b', machine: 'm2', ...ends(20), labels: { criticality: 'low' } }),
  row({ name: 'b', machine: 'm1', ...ends(20), labels: { criticality: 'high' } }),
  row({ name: 'a', ...ends(40), owner: 'pay ments', machines: ['m1', 'm3'], labels: { criticality: 'odd' } }),
  row({ name: 'old', ...ends(-3), state: 'expired', kind: 'Key', labels: { criticality: 'critical' } }),
];
const of = (rows: readonly InventoryRow[], before?: InventoryIndex) =>
  inventoryIndex([{ root: 'file:///one', name: 'one', rows }], before);
const names = (rows: InventoryIndex['rows']) => rows.map(({ row }) => `${row.name}${row.machine ?? ''}`);
const groups = (index: InventoryIndex, grouping: Grouping, filter = '') =>
  index.groups(grouping, filter).map(({ value, members }) => `${value}: ${names(members).join(' ')}`);

describe('the inventory as it is shown', () => {
  it('what ends first stands first, then by name and machine; what has no end stands last', () => {
    assert.deepEqual(names(of(ROWS).rows), ['old', 'bm1', 'bm2', 'a', 'c']);
  });

  it('counts in each group what wants somebody', () => {
    const [expired] = of(ROWS).groups('expiry');
    assert.deepEqual([expired?.value, expired?.attention, of(ROWS).attention], ['expired', 1, 1]);
  });

  it('groups stand in the order of their scale, else by name, and what has no value last', () => {
    assert.deepEqual(groups(of(ROWS), 'criticality'), [
      'critical: old',
      'high: bm1',
      'low: bm2',
      'odd: a',
      'null: c',
    ]);
    assert.deepEqual(groups(of(ROWS), 'owner'), ['pay ments: a', 'shop: c', 'null: old bm1 bm2']);
  });

  it('what is shared by several machines is in the group of each', () => {
    assert.deepEqual(groups(of(ROWS), 'machine'), ['m1: bm1 a', 'm2: bm2', 'm3: a', 'null: old c']);
  });

  it('any label makes groups, and nothing else of an unknown name does', () => {
    assert.equal(parseGrouping('label:'), undefined);
    assert.equal(parseGrouping('colour'), undefined);
    assert.deepEqual(groups(of(ROWS), parseGrouping('label:criticality') ?? 'kind'), [
      'critical: old',
      'high: bm1',
      'low: bm2',
      'odd: a',
      'null: c',
    ]);
  });

  for (const [filter, found] of [
    ['', ['old', 'bm1', 'bm2', 'a', 'c']],
    ['  B ', ['bm1', 'bm2']],
    ['b m2', ['bm2']],
    ['owner:"pay ments"', ['a']],
    ['owner:=pay', []],
    ['owner:=shop', ['c']],
    ['owner:none', ['old', 'bm1', 'bm2']],
    ['kind:key', ['old']],
    ['kind:Ke', []],
    ['state:expired', ['old']],
    ['label:criticality=high', ['bm1']],
    ['label:criticality', ['old', 'bm1', 'bm2', 'a']],
    ['machine:m1', ['bm1', 'a']],
    ['Certificate/default/a', ['a']],
    ['nothing-of-this', []],
  ] as const)
    it(`the filter "${filter}" leaves ${found.join(', ') || 'nothing'}`, () => {
      assert.deepEqual(names(of(ROWS).matching(filter)), found);
    });

  it('several projects: one list, but a file or a backend is of its project', () => {
    const index = inventoryIndex([
      { root: 'file:///one', name: 'one', rows: [row({ name: 'a', owner: 'shop' })] },
      { root: 'file:///two', name: 'two', rows: [row({ name: 'b', owner: 'shop' })] },
    ]);
    assert.deepEqual(groups(index, 'owner'), ['shop: a b']);
    assert.deepEqual(
      index.groups('backend').map(({ value, project }) => [value, project?.name]),
      [
        ['local-ca', 'one'],
        ['local-ca', 'two'],
      ],
    );
  });
});

/** One row of many at a time: its owner, its end, or that it is gone. */
function edits(count: number): readonly (readonly InventoryRow[])[] {
  const all = Array.from({ length: 100 }, (_, place) =>
    row({ name: `e${place}`, owner: `team-${place % 7}`, ...ends(place) }),
  );
  return Array.from({ length: count }, (_, step) => {
    const place = (step * 37) % all.length;
    const was = all[place];
    if (was === undefined) throw new Error('out of range');
    if (step % 3 === 0) all[place] = { ...was, owner: step % 2 ? null : `new-${step % 5}` };
    else if (step % 3 === 1) all[place] = { ...was, ...ends((step * 13) % 200), machines: [`m${step % 4}`] };
    else return all.filter((_, other) => other !== place);
    return [...all];
  });
}

describe('the inventory after a change', () => {
  const revisions = (index: InventoryIndex) =>
    Object.fromEntries(index.groups('owner').map(({ value, revision }) => [value, revision]));

  it('is what it would be if it were made anew, whatever came and went', () => {
    let before = of(ROWS);
    before.groups('owner');
    const changes: readonly (readonly InventoryRow[])[] = [
      ROWS.map((each, place) => (place === 1 ? { ...each, ...ends(90) } : each)),
      ROWS.slice(1),
      [],
      [row({ name: 'new' }), ...ROWS],
      ROWS.map((each) => ({ ...each })),
      ...edits(300),
      Array.from({ length: 100 }, (_, each) => row({ name: `n${each}`, ...ends(each % 7) })),
    ];
    for (const rows of changes) {
      const now = of(rows, before);
      const anew = of(rows);
      assert.deepEqual(names(now.rows), names(anew.rows));
      for (const grouping of ['owner', 'machine', 'expiry', 'criticality'] as const)
        assert.deepEqual(groups(now, grouping), groups(anew, grouping));
      before = now;
    }
  });

  it('a group whose rows say what they said keeps its revision; the others get another one', () => {
    const before = of(ROWS);
    const was = revisions(before);
    const moved = of(
      ROWS.map((each) => ({
        ...each,
        declaredAt: null,
      })),
      before,
    );
    assert.deepEqual(revisions(moved), was);
    const changed = of(
      ROWS.map((each) => (each.owner === 'shop' ? { ...each, status: 'another' } : each)),
      moved,
    );
    const is = revisions(changed);
    assert.notEqual(is['shop'], was['shop']);
    assert.equal(is['pay ments'], was['pay ments']);
  });
});

describe('the inventory of a large workspace', () => {
  const MANY = 20_000;
  /** Counts how often rows are looked at. */
  function counted(): { readonly rows: readonly InventoryRow[]; looked(): number } {
    let count = 0;
    const rows = Array.from({ length: MANY }, (_, place) => {
      const { state: _state, ...rest } = row({
        name: `n${place}`,
        owner: `team-${place % 50}`,
        ...ends(place % 400),
      });
      return Object.defineProperty(rest, 'state', {
        enumerable: true,
        get: () => {
          count += 1;
          return 'active';
        },
      }) as InventoryRow;
    });
    return {
      rows,
      looked: () => {
        const since = count;
        count = 0;
        return since;
      },
    };
  }

  it('a page costs no look at the rows of the others', () => {
    const { rows, looked } = counted();
    const index = of(rows);
    const first = index.groups('owner');
    assert.ok(looked() >= MANY, 'groups are made from all rows once');
    assert.equal(index.groups('owner'), first);
    assert.equal(first[7]?.members.slice(200, 400).length, 200);
    assert.equal(index.groups('owner', '  '), first);
    assert.equal(looked(), 0);
  });

  it('an edit of one row compares no other', () => {
    const { rows, looked } = counted();
    const index = of(rows);
    looked();
    const edited = rows.map((each, place) => (place === 777 ? row({ name: 'edited' }) : each));
    const next = of(edited, index);
    assert.ok(looked() < 20);
    assert.deepEqual(names(next.rows), names(of(edited).rows));
  });

  it('what somebody types finds the exact name first, and says that there is more', () => {
    const { rows } = findRows(of(counted().rows).rows, 'n77', undefined, 3);
    assert.deepEqual(names(rows).slice(0, 1), ['n77']);
    assert.equal(findRows(of(counted().rows).rows, 'n77', undefined, 3).more, true);
    assert.equal(findRows(of(counted().rows).rows, 'n19999', undefined, 3).more, false);
    assert.deepEqual(findRows(of(counted().rows).rows, '', 'revoke', 3), { rows: [], more: false });
  });
});
