import assert from 'node:assert/strict';
import type { InventoryRow } from '../../server/src/app/api.ts';
import { escapeMarkdown, markdownTable } from '../../server/src/lsp/markdown.ts';
import { untilWordsChange } from '../../server/src/lsp/projectState.ts';
import { readSettings } from '../../server/src/lsp/settings.ts';
import { offeredVerbs, stateTitle } from '../../server/src/lsp/standingTitle.ts';
import { inventoryRow } from '../support/inventoryRow.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date('2030-01-01T00:00:00Z');
const row = (over: Partial<InventoryRow>): InventoryRow =>
  inventoryRow({
    algorithm: null,
    serialNumber: null,
    notAfter: new Date(NOW.getTime() + 43.5 * DAY).toISOString(),
    daysLeft: 43,
    verbs: ['renew', 'revoke'],
    status: 'expires in 43 days',
    ...over,
  });

describe('language server: what it writes', () => {
  it('says the state of one machine, of several alike, and the worst first', () => {
    assert.equal(stateTitle([row({})], NOW), 'valid · 43 days left · local-ca');
    const two = [row({ machine: 'web-1' }), row({ machine: 'web-2' })];
    assert.equal(stateTitle(two, NOW), 'valid · 43 days left · 2 machines · local-ca');
    const due = row({
      machine: 'web-2',
      state: 'due',
      daysLeft: 2,
      status: 'due for renewal, expires in 2 days',
    });
    assert.equal(
      stateTitle([row({ machine: 'web-1' }), due], NOW),
      'due for renewal, expires in 2 days on web-2 · 2 machines · local-ca',
    );
    assert.equal(
      stateTitle([row({ state: 'declared', notAfter: null, status: 'not issued yet', backend: null })], NOW),
      'not issued yet',
    );
    assert.deepEqual(offeredVerbs([row({}), row({ verbs: ['issue'] })]), ['issue', 'renew', 'revoke']);
  });

  it('shows hostile certificate text as it is written', () => {
    const hostile =
      '[click](command:workbench.action) <img src=x> `a` **b** | c https://evil.example www.evil.example a@b\u202E\n# x';
    const shown = escapeMarkdown(hostile);
    assert.doesNotMatch(shown, /(?<!\\)[[\]<>`*|@#]/);
    assert.doesNotMatch(shown, /https:\/\/|www\.|\n|\u202E/);
    assert.match(shown, /⟨U\+202E⟩/);
    assert.equal(escapeMarkdown('payments-api.example.com, CN=web'), 'payments-api.example.com, CN=web');
    assert.equal(escapeMarkdown('x'.repeat(1000)).length, 301);
    assert.equal(markdownTable([['A', 'b|c']]), '| | |\n| --- | --- |\n| A | b\\|c |');
  });

  it('looks again when the first word changes: the next day, or the next hour below two days', () => {
    const at = (left: number) => row({ notAfter: new Date(NOW.getTime() + left).toISOString() });
    const wait = (left: number) => untilWordsChange([at(left)], NOW.getTime());
    assert.equal(wait(43 * DAY + 5 * HOUR), 5 * HOUR + 50);
    assert.equal(wait(30 * HOUR + HOUR / 2), HOUR / 2 + 50);
    assert.equal(wait(-3 * DAY - HOUR), 23 * HOUR + 50);
    assert.equal(untilWordsChange([], NOW.getTime()), DAY + 50);
    assert.ok(wait(43 * DAY + 10) >= 1000);
  });

  it('keeps its defaults where settings say nothing or nonsense', () => {
    for (const given of [undefined, null, 3, {}, { codeLens: null }, { codeLens: { enabled: 'no' } }]) {
      const { codeLens, inlayHints } = readSettings(given);
      assert.ok(Object.values(codeLens).every((shown) => shown));
      assert.deepEqual(inlayHints, { enabled: true });
    }
    const { codeLens } = readSettings({ codeLens: { enabled: false, destructive: false } });
    assert.deepEqual([codeLens.enabled, codeLens.destructive, codeLens.lifecycle], [false, false, true]);
  });
});
