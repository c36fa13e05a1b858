import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { PATIENCE, REPOSITORY } from '../support/idac.ts';

describe('npm run tour', () => {
  it('tells a whole life, in an order that works, and cleans up when asked to', function () {
    this.timeout(PATIENCE);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(REPOSITORY, 'scripts/tour.mjs'), '--clean'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const told = [
      'idac check',
      '--plan',
      'idac issue',
      'idac verify',
      'idac rotate',
      'idac revoke',
      'idac inventory',
      'idac log verify',
    ];
    let from = 0;
    for (const words of told) {
      const at = stdout.indexOf(words, from);
      assert.ok(at >= 0, `${words} in its turn`);
      from = at;
    }
    assert.match(stdout, /That was the tour\./);
  });
});
