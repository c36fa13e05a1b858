import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

describe('comments that ignore a finding', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox({ from: 'samples' });
    const edit = (file: string, from: RegExp, to: string): void => {
      const full = path.join(place.folder, file);
      writeFileSync(full, readFileSync(full, 'utf8').replace(from, to));
    };
    edit(
      'depots/gates.identity.yaml',
      /^( *)(.*gate-leipzg.*)$/m,
      '$1# idac-ignore machine/undeclared until 2035-12-31: the gate is being built\n$1$2',
    );
    edit(
      'depots/depot-server.identity.yaml',
      /^( *mode: "0644").*$/m,
      '$1 # idac-ignore key/readable-by-others until 2035-12-31: a test bench',
    );
  });
  after(() => place.remove());

  /** Of the two files alone: others have mistakes of their own. */
  const rules = async (...args: string[]): Promise<readonly string[]> => {
    const files = ['depots/gates.identity.yaml', 'depots/depot-server.identity.yaml'];
    const { data } = await place.json(['check', ...files, ...args]);
    return (data['findings'] as readonly { rule: string }[]).map(({ rule }) => rule).sort();
  };

  it('hide it until their last day is over', async () => {
    assert.deepEqual(await rules(), []);
    assert.deepEqual(await rules('--now', '2035-12-31T23:59:59Z'), []);
    assert.deepEqual(await rules('--now', '2036-01-01T00:00:00Z'), [
      'ignore/expired',
      'ignore/expired',
      'key/readable-by-others',
      'machine/undeclared',
    ]);
  });

  it('are findings themselves once there is nothing to ignore', async () => {
    const file = path.join(place.folder, 'depots/gates.identity.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('gate-leipzg', 'gate-leipzig'));
    assert.deepEqual(await rules(), ['ignore/unused']);
  });
});
