import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const GATES = 'Certificate/depots/gate-controller';
const SHARED = 'Certificate/depots/gate-pair';

interface Row {
  readonly name: string;
  readonly machine: string | null;
  readonly state: string;
  readonly serialNumber: string | null;
}

describe("one machine's share on the command line", function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const gates = async () =>
    ((await place.json(['inventory'])).data['identities'] as readonly Row[]).filter(
      ({ name }) => name === 'gate-controller',
    );
  const states = async () =>
    Object.fromEntries((await gates()).map(({ machine, state }) => [machine, state]));
  before(async () => {
    place = sandbox({ from: 'samples' });
    // What else is on the gates is not what this is about.
    for (const file of ['access', 'devices']) rmSync(path.join(place.folder, `depots/${file}.identity.yaml`));
    const manifest = path.join(place.folder, 'depots/gates.identity.yaml');
    const [gate = ''] = readFileSync(manifest, 'utf8').split('\n---\n');
    const pair = gate
      .replace('name: gate-controller', 'name: gate-pair')
      .replace('  machines:', '  keyPer: identity\n  keyPerReason: either of them answers\n  machines:')
      .replaceAll('deploy/{machine}/tls/gate', 'deploy/pair/gate');
    writeFileSync(manifest, `${gate}\n---\n${pair}`);
    const { code, err } = await place.idac(['issue', GATES, SHARED, '--yes']);
    assert.equal(code, 0, err);
  });
  after(() => place.remove());

  it('--machine rotates it alone', async () => {
    const before = await gates();
    const { code, data, err } = await place.json(['rotate', GATES, '--machine', 'gate-porto', '--yes']);
    assert.equal(code, 0, err);
    assert.equal(data['machine'], 'gate-porto');
    const serial = (rows: readonly Row[], machine: string) =>
      rows.find((row) => row.machine === machine)?.serialNumber;
    const after = await gates();
    assert.notEqual(serial(after, 'gate-porto'), serial(before, 'gate-porto'));
    assert.equal(serial(after, 'gate-leipzig'), serial(before, 'gate-leipzig'));
  });

  it('the command line that a refusal names acts on it alone', async () => {
    const { code, err } = await place.idac(['revoke', GATES, '--machine', 'gate-porto'], { input: '' });
    assert.equal(code, 1);
    assert.match(err, /revoke Certificate\/depots\/gate-controller on gate-porto needs/);
    assert.match(err.replaceAll(/\s+/g, ' '), /idac revoke \S+ --machine gate-porto --yes/);
  });

  it('Machine/NAME revokes that machine and no other, and a shared key is refused', async () => {
    const planned = await place.json(['revoke', 'Machine/gate-porto', '--plan']);
    const plans = planned.data['plans'] as readonly { summary: string; machine?: string }[];
    assert.deepEqual(
      plans.map(({ machine }) => machine),
      ['gate-porto'],
    );

    const { code, out, err } = await place.idac([
      'revoke',
      'Machine/gate-porto',
      '--reason',
      'keyCompromise',
      '--yes',
    ]);
    assert.equal(code, 1, 'somebody must look at the key that was not revoked');
    assert.match(out, /^Revoked Certificate\/depots\/gate-controller on gate-porto$/m);
    const words = err.replaceAll(/\s+/g, ' ');
    assert.match(words, /gate-pair has one key for all its machines/);
    assert.match(words, /idac revoke Certificate\/depots\/gate-pair/);
    assert.doesNotMatch(words, /an action is for all/);
    assert.deepEqual(await states(), { 'gate-leipzig': 'active', 'gate-porto': 'revoked' });
  });

  it('verify looks at it alone', async () => {
    const machines = ({ data }: { data: Record<string, unknown> }) =>
      (data['machines'] as readonly Row[]).map(({ machine }) => machine);
    const whole = await place.json(['verify', GATES]);
    assert.deepEqual([whole.code, machines(whole).length], [1, 2]);
    const one = await place.json(['verify', GATES, '--machine', 'gate-leipzig']);
    assert.deepEqual([one.code, machines(one)], [0, ['gate-leipzig']]);
    const all = await place.json(['verify', 'Machine/gate-leipzig']);
    assert.deepEqual([all.code, (all.data['reports'] as readonly unknown[]).length], [0, 2]);
  });

  it('a machine that left the manifest is found by its name until nothing of it is left', async () => {
    const manifest = path.join(place.folder, 'depots/gates.identity.yaml');
    const [gate = ''] = readFileSync(manifest, 'utf8').split('\n---\n');
    writeFileSync(manifest, `${gate.replace('[gate-leipzig, gate-porto]', '[gate-leipzig]')}\n`);
    const key = path.join(place.folder, 'deploy/gate-porto/tls/gate.key.pem');
    assert.equal(existsSync(key), true);
    const { code, err } = await place.idac(['destroy', 'Machine/gate-porto', '--yes']);
    assert.equal(code, 0, err);
    assert.equal(existsSync(key), false);
    assert.equal(existsSync(key.replace('gate-porto', 'gate-leipzig')), true);
    assert.deepEqual(await states(), { 'gate-leipzig': 'active' });
    assert.match((await place.idac(['destroy', 'Machine/gate-porto', '--yes'])).err, /No identity is on/);
  });

  it('says what cannot be meant', async () => {
    const err = async (...args: string[]) => {
      const ran = await place.idac(['rotate', ...args, '--plan']);
      assert.notEqual(ran.code, 0);
      return ran.err.replaceAll(/\s+/g, ' ');
    };
    assert.match(await err('Machine/gate-leipzig', '--machine', 'gate-porto'), /exclude each other/);
    assert.match(await err(GATES, '--machine', 'gate-rome'), /is not on gate-rome.*It is on gate-leipzig\./);
    assert.match(await err('--machine', 'gate-leipzig'), /is missing.*Machine\//);
    assert.match(await err('-l', 'exposure=internal', '--machine', 'gate-rome'), /No identity is on/);
  });
});
