import assert from 'node:assert/strict';
import type { InventoryRow } from '../../../server/src/app/api.ts';
import { fileMarks } from '../../../server/src/core/inventory/fileMarks.ts';
import { inventoryIndex } from '../../../server/src/core/inventory/inventoryIndex.ts';
import { inventoryRow as row } from '../../support/inventoryRow.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const inFile = (file: string, over: Partial<InventoryRow>): InventoryRow => {
  const days = over.daysLeft ?? 200;
  const notAfter = new Date(Date.UTC(2030, 0, 1 + days)).toISOString();
  const notBefore = new Date(Date.UTC(2029, 0, 1)).toISOString();
  return row({
    notAfter,
    notBefore,
    declaredAt: { file, range },
    status: `expires in ${days} days`,
    ...over,
  });
};
const marks = (rows: readonly InventoryRow[], most = 10) =>
  fileMarks(inventoryIndex([{ root: 'file:///one', name: 'one', rows }]).rows, most).map(
    ({ file, badge, tone, text }) => [file, badge, tone, text],
  );

describe('marks of manifests', () => {
  it('say the days left where something ends within a week, and nothing of what is well', () => {
    assert.deepEqual(
      marks([
        inFile('well.yaml', { name: 'well' }),
        inFile('soon.yaml', { name: 'later', daysLeft: 6 }),
        inFile('soon.yaml', { name: 'first', machine: 'web-1', daysLeft: 2 }),
      ]),
      [['soon.yaml', '2d', 'attention', 'Certificate/default/first on web-1: expires in 2 days, and 1 more']],
    );
  });

  it('put what has expired before what will, and mark what waits whatever its date', () => {
    assert.deepEqual(
      marks([
        inFile('a.yaml', { name: 'gone', state: 'expired', daysLeft: -3, status: 'expired 3 days ago' }),
        inFile('a.yaml', { name: 'soon', daysLeft: 1 }),
        inFile('b.yaml', { name: 'changed', state: 'outOfDate', status: 'the manifest changed' }),
      ]),
      [
        ['a.yaml', '!', 'bad', 'Certificate/default/gone: expired 3 days ago, and 1 more'],
        ['b.yaml', '!', 'attention', 'Certificate/default/changed: the manifest changed'],
      ],
    );
  });

  it('are bounded, and leave out what no manifest declares', () => {
    const many = Array.from({ length: 30 }, (_, place) =>
      inFile(`${place}.yaml`, { name: `n${place}`, daysLeft: 3 }),
    );
    assert.equal(marks(many).length, 10);
    assert.deepEqual(marks([{ ...inFile('x', { state: 'expired', daysLeft: -1 }), declaredAt: null }]), []);
  });
});
