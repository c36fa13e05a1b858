/** `idac migrate` on the samples: the same plan in three forms, and the same for the same moment. */
import assert from 'node:assert/strict';
import type { MigrationPlan } from '../../server/src/core/migration/plan.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const AT = ['--now', '2026-12-01T00:00:00Z'];

describe('idac migrate', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox({ from: 'samples' });
  });
  after(() => place.remove());

  const plan = async (...args: readonly string[]): Promise<MigrationPlan> => {
    const { code, data, err } = await place.json(['migrate', ...AT, '--format', 'json', ...args]);
    assert.equal(code, 0, err);
    return data['migration'] as MigrationPlan;
  };

  it('plans every credential that has a key, in waves by day, anchors and authorities first', async () => {
    const { waves, total, done } = await plan('--plan');
    const { data } = await place.json(['inventory', '--format', 'json', ...AT]);
    const rows = data['identities'] as readonly { readonly algorithm: string | null }[];
    assert.equal(total, rows.filter(({ algorithm }) => algorithm !== null).length);
    assert.equal(done, 0);
    const days = waves.map(({ until }) => until);
    assert.deepEqual(days, [...days].sort());
    const first = waves[0]?.items.map(({ resource }) => resource) ?? [];
    assert.ok(first.indexOf('TrustBundle/servers') < first.indexOf('Backend/internal-ca'));
    assert.ok(first.includes('TrustBundle/servers') && first.includes('Backend/device-ca'));
    const planned = waves
      .flatMap(({ items }) => items)
      .filter(({ purpose }) => purpose !== 'authority' && purpose !== 'anchor');
    assert.equal(planned.length, total);
    const signing = planned
      .filter(({ purpose }) => purpose === 'codeSigning')
      .map(({ resource }) => resource);
    assert.ok(signing.includes('Certificate/platform/firmware-signing'));
    assert.ok(planned.some(({ purpose }) => purpose === 'device'));
  });

  it('is the same for the same moment, follows labels and rule sets, and refuses others', async () => {
    assert.deepEqual(await plan(), await plan());
    const outside = await plan('-l', 'exposure=external');
    assert.ok(outside.total > 0 && outside.total < (await plan()).total);
    const cnsa = await plan('--rules', 'cnsa-2.0');
    for (const { to } of cnsa.waves.flatMap(({ items }) => items))
      if (to.can) assert.equal(to.change.to, 'ML-DSA-87');
    const { code, err } = await place.idac(['migrate', '--rules', 'etsi']);
    assert.equal(code, 2);
    assert.match(err, /nist-ir-8547, cnsa-2\.0/);
  });

  it('says the same as a table and as Markdown, in which nothing of a manifest is markup', async () => {
    const { waves, blocked } = await plan();
    const { out } = await place.idac(['migrate', ...AT]);
    const { out: page } = await place.idac(['migrate', ...AT, '--format', 'markdown']);
    for (const { title } of waves) {
      assert.ok(out.replaceAll(/\s+/g, ' ').includes(title), title);
      assert.ok(page.includes(title), title);
    }
    const rows = page
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| what'));
    assert.equal(rows.length, waves.flatMap(({ items }) => items).length);
    for (const line of rows) assert.equal(line.replaceAll('\\|', '').split('|').length, 8, line);
    assert.ok(blocked.length > 0 && page.includes('## Not possible yet'));
  });
});
