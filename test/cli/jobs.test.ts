import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const NAMES = Array.from({ length: 20 }, (_, n) => `svc-${String(n).padStart(2, '0')}`);

const certificate = (name: string, more = '') => `---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name}, labels: { team: shop } }
spec:
  owner: { team: shop, contact: shop@example.com }
  dnsNames: [${name}.example.com]
  usages: [server auth]
  key: { algorithm: ECDSA-P256, origin: engine }
  issuer: local
  duration: 30d
${more}  deliverTo:
    - { backend: local, path: "tls/${name}${more === '' ? '' : '-{machine}'}.pem", contents: [chain, privateKey] }
`;

const machine = (name: string) => `---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: ${name} }
spec: { type: server, provider: lab, owner: { team: shop }, network: { location: berlin } }
`;

const MANIFESTS = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local }
spec: { type: local, owner: { team: shop, contact: shop@example.com } }
${machine('m-1')}${machine('m-2')}${NAMES.map((name) => certificate(name)).join('')}${certificate(
  'zz-pair',
  '  machines: [m-1, m-2]\n',
)}`;

/** Journals that were put away. */
function endedActions(stateHome: string): number {
  const names = readdirSync(stateHome, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /journal.ended.\w+\.jsonl$/.test(name)).length;
}

interface Result {
  readonly state: string;
  readonly identity: { readonly name: string };
  readonly events: readonly { readonly type: string }[];
}

describe('a verb over many identities', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox();
    writeFileSync(path.join(place.folder, 'all.identity.yaml'), MANIFESTS);
    writeFileSync(path.join(place.folder, '.gitignore'), 'tls/\n');
  });
  after(() => place.remove());
  const results = ({ data }: { readonly data: Record<string, unknown> }) =>
    data['results'] as readonly Result[];

  it('works on several at the same time, answers in their order, and the record has neither gap nor fork', async () => {
    const ran = await place.json(['issue', '-l', 'team=shop', '--yes', '--jobs', '6']);
    assert.equal(ran.code, 0, ran.err);
    assert.deepEqual(
      results(ran).map(({ identity: { name }, state }) => `${name} ${state}`),
      [...NAMES, 'zz-pair'].map((name) => `${name} done`),
    );
    const log = await place.json(['log', 'verify']);
    assert.equal(log.code, 0, log.out);
    const events = results(ran).flatMap((result) => result.events);
    assert.equal(log.data['events'], events.length);
    const verified = await place.json(['verify', '-l', 'team=shop']);
    assert.equal(verified.code, 0, verified.out);
  });

  it('takes the shares of one identity one after the other', async () => {
    const ran = await place.json(['rotate', 'Machine/m-1', 'Machine/m-2', '--yes', '--jobs', '8']);
    assert.equal(ran.code, 0, `${ran.out}${ran.err}`);
    assert.deepEqual(
      results(ran).map(({ identity: { name }, state }) => `${name} ${state}`),
      ['zz-pair done', 'zz-pair done'],
    );
  });

  it('prints as plainly as for one, in order', async () => {
    const { code, out, err } = await place.idac(['rotate', '-l', 'team=shop', '--yes']);
    assert.equal(code, 0, err);
    const named = [...out.matchAll(/Certificate\/default\/(svc-\d+)/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)], NAMES);
    assert.ok(!out.includes('\u001b') && !err.includes('\u001b'));
    assert.doesNotMatch(err, /at work|Warning/);
  });

  it("one that is refused is in nobody else's way", async () => {
    const broken = path.join(place.folder, 'broken.identity.yaml');
    writeFileSync(broken, certificate('aa-broken').replace('tls/aa-broken.pem', 'records/aa-broken.pem'));
    const ran = await place.json(['rotate', 'Certificate/aa-broken', 'Certificate/svc-00', '--yes']);
    assert.equal(ran.code, 1);
    assert.deepEqual(
      (ran.data['refused'] as readonly Result[]).map(({ identity: { name } }) => name),
      ['aa-broken'],
    );
    assert.equal(results(ran).length, 1);
    writeFileSync(broken, '');
  });

  it('refuses a number of jobs that is none', async () => {
    for (const jobs of ['0', '-1', 'many', '65', '1.5']) {
      const { code, err } = await place.idac(['rotate', '-l', 'team=shop', '--yes', `--jobs=${jobs}`]);
      assert.equal(code, 2, jobs);
      assert.match(err, /--jobs takes a number from 1 to 64/);
    }
  });

  it('stops at Ctrl-C between two steps: what was begun is finished or taken back, the rest is as before', async () => {
    const before = await place.json(['inventory']);
    const interrupted = place.start([
      'rotate',
      '-l',
      'team=shop',
      '--yes',
      '--jobs',
      '3',
      '--format',
      'json',
    ]);
    const enough = endedActions(place.stateHome) + 2;
    while (endedActions(place.stateHome) < enough) await sleep(20);
    interrupted.kill('SIGINT');
    const { code, out, err } = await interrupted.ended;
    assert.match(err, /Stopping as soon as the current step is done/);
    const states = (JSON.parse(out) as { results: readonly Result[] }).results.map(({ state }) => state);
    // What was stopped behind its line can only be finished, and is left to `resume`.
    const left = states.filter((state) => state === 'unfinished').length;
    assert.equal(code, left > 0 ? 4 : 1, `${out}${err}`);
    assert.ok(
      states.length < NAMES.length &&
        states.every((state) => ['done', 'cancelled', 'unfinished'].includes(state)),
      out,
    );
    assert.deepEqual((await place.json(['resume'])).data['unfinished'] ?? [], []);
    const after = await place.json(['inventory']);
    const serials = ({ data }: typeof after) =>
      (data['identities'] as readonly { serialNumber: string }[]).map(({ serialNumber }) => serialNumber);
    const changed = serials(after).filter((each) => !serials(before).includes(each)).length;
    assert.equal(changed, states.filter((state) => state === 'done').length + left);
    assert.equal((await place.idac(['rotate', '-l', 'team=shop', '--yes'])).code, 0);
  });
});
