import assert from 'node:assert/strict';
import { parseSelector } from '../../server/src/cli/selection.ts';

const payments = { environment: 'production', team: 'payments', 'fernweh.example/tier': '1' };

describe('label selectors', () => {
  for (const [selector, matches] of [
    ['environment=production', true],
    ['environment==production', true],
    ['environment=staging', false],
    ['environment!=staging', true],
    ['missing!=x', true],
    ['environment=production,team=payments', true],
    ['environment=production, team!=payments', false],
    ['team', true],
    ['missing', false],
    ['!missing', true],
    ['!team', false],
    ['fernweh.example/tier=1', true],
    ['constructor', false],
  ] as const) {
    it(`${selector} ${matches ? 'matches' : 'does not match'}`, () =>
      assert.equal(parseSelector(selector)(payments), matches));
  }

  for (const wrong of ['', 'a=b,', '=x', 'a=b=c', '!a=b', 'a in (b)']) {
    it(`"${wrong}" is refused`, () => assert.throws(() => parseSelector(wrong), /-l cannot read/));
  }
});
