/** Giving up is killed at each of its points and at each file call: it is given up once, or not at all. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Checkpoint } from '../../server/src/app/api.ts';
import {
  type ActingProcess,
  attempt,
  buildActingProcess,
  certificateId,
  done,
  NEVER,
} from '../support/acting.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';

const IDENTITY = certificateId('web');
const MANIFESTS = {
  'all.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform }
  authority: { commonName: Test, maximumDuration: 90d, crl: { path: pki/ca.crl.pem, lifetime: 7d } }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: shop }
  dnsNames: [shop.example.com]
  issuer: local-ca
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
`,
};
/** As many file calls as one giving-up makes, and some: a later one does not come, and the process lives to the end. */
const CALLS = 40;

describe('giving an action up, in a process that is killed', function () {
  this.timeout(240_000);
  let actor: ActingProcess;
  let place: TempProject;
  let planId: string;
  let kept: string;

  before(async () => {
    actor = await buildActingProcess();
    place = await tempProject(MANIFESTS);
    const project = await place.open();
    await done(project, 'issue', IDENTITY);
    const list = path.join(place.root, 'pki/ca.crl.pem');
    rmSync(list);
    mkdirSync(path.join(list, 'of-somebody-else'), { recursive: true });
    const revoked = await attempt(project, 'revoke', IDENTITY);
    assert.ok('state' in revoked && revoked.state === 'unfinished', JSON.stringify(revoked));
    planId = revoked.planId;
    await project.close();
    kept = await mkdtemp(path.join(tmpdir(), 'idac-kept-'));
    execFileSync('cp', ['-a', `${path.dirname(place.root)}/.`, kept]);
  });
  after(async () => {
    await place.remove();
    await actor.remove();
    await rm(kept, { recursive: true, force: true });
  });
  afterEach(async () => {
    const base = path.dirname(place.root);
    for (const name of await readdir(base)) await rm(path.join(base, name), { recursive: true });
    execFileSync('cp', ['-a', `${kept}/.`, base]);
  });

  const abandonUntil = (killAt: { at: Checkpoint['at']; calls?: number }) => {
    const { root, stateHome, unlockKey } = place;
    return actor.start({ root, stateHome, unlockKey, identity: IDENTITY, act: { abandon: planId }, killAt })
      .ended;
  };

  /** Whatever a killed process left, the next command ends it, and the record tells it once. */
  async function assertGivenUpOnce(): Promise<void> {
    const project = await place.open();
    try {
      const [left] = await project.actions.unfinished(NEVER);
      if (left !== undefined) {
        const result = left.abandonable
          ? await project.actions.abandon(planId, { confirmed: true, typed: 'web' }, undefined, NEVER)
          : await project.actions.resume(planId, 'forward', {}, NEVER);
        assert.ok('state' in result && result.state === 'abandoned', JSON.stringify(result));
      }
      assert.deepEqual(await project.actions.unfinished(NEVER), []);
      assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
      const events = await project.events(IDENTITY, NEVER);
      assert.equal(events.filter(({ type }) => type === 'abandoned').length, 1);
      assert.equal(events.filter(({ type }) => type === 'revoked').length, 1);
      // What is recorded is what the journal says: a lost file comes back from there.
      rmSync(path.join(place.root, '.identity/records'), { recursive: true });
      await project.actions.restoreEvents(NEVER);
      assert.deepEqual(await project.events(IDENTITY, NEVER), events);
    } finally {
      await project.close();
    }
  }

  for (const at of ['giving-up', 'given-up', 'ended'] as const)
    it(`at "${at}"`, async () => {
      assert.equal((await abandonUntil({ at })).signal, 'SIGKILL');
      await assertGivenUpOnce();
    });

  it('at each file call after it began', async () => {
    let killed = 0;
    for (let calls = 1; calls <= CALLS; calls += 1) {
      const { signal } = await abandonUntil({ at: 'giving-up', calls });
      killed += Number(signal === 'SIGKILL');
      await assertGivenUpOnce();
      const base = path.dirname(place.root);
      for (const name of await readdir(base)) await rm(path.join(base, name), { recursive: true });
      execFileSync('cp', ['-a', `${kept}/.`, base]);
    }
    assert.ok(killed > 3 && killed < CALLS, `${killed} of ${CALLS} died before their end`);
  });
});
