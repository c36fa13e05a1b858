/** Histories that are legal and rare: what they leave is still shown, ended and cleaned up rightly. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type ActingProcess,
  assertRefused,
  attempt,
  buildActingProcess,
  certificateId,
  done,
  NEVER,
} from '../support/acting.ts';
import { type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const text = TWO_MACHINES['api.identity.yaml'] ?? '';

describe('odd histories', function () {
  this.timeout(120_000);
  let place: TempProject;
  let actor: ActingProcess;
  before(async () => {
    actor = await buildActingProcess();
  });
  after(() => actor.remove());
  beforeEach(async () => {
    place = await tempProject(TWO_MACHINES);
  });
  afterEach(() => place.remove());

  it('revoked and issued again, it can be destroyed, and nothing is left to destroy', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await done(project, 'revoke', api);
    await done(project, 'issue', api);
    await done(project, 'destroy', api);
    assert.equal(existsSync(path.join(place.root, 'tls/api-1/tls.pem')), false);
    assertRefused(
      await attempt(project, 'destroy', api),
      'nothing-to-destroy',
      /no key and no delivered copy/,
    );
    await project.close();
  });

  it('rotated and destroyed, nothing is left to destroy', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await done(project, 'rotate', api);
    await done(project, 'destroy', api);
    assertRefused(
      await attempt(project, 'destroy', api),
      'nothing-to-destroy',
      /no key and no delivered copy/,
    );
    await project.close();
  });

  it('a delivered copy with a comment of its own is still removed', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const file = path.join(place.root, 'tls/api-1/tls.pem');
    await writeFile(file, `# reloaded by nginx\n${await readFile(file, 'utf8')}`);
    await done(project, 'destroy', api);
    assert.equal(existsSync(file), false);
    await project.close();
  });

  it('a copy at a former path is removed, too, when the key of its store is long gone', async () => {
    const stored = text
      .replace('origin: engine', 'origin: store, store: local-ca')
      .replace('[chain, privateKey]', '[chain]');
    await place.write('api.identity.yaml', stored);
    const project = await place.open();
    await done(project, 'issue', api);
    await place.write('api.identity.yaml', stored.replace('/tls.pem', '/server.pem'));
    await project.workspace.reload('api.identity.yaml');
    await done(project, 'rotate', api);
    assert.equal(existsSync(path.join(place.root, 'tls/api-1/tls.pem')), true);
    await done(project, 'destroy', api);
    assert.equal(existsSync(path.join(place.root, 'tls/api-1/tls.pem')), false);
    assert.equal(existsSync(path.join(place.root, 'tls/api-1/server.pem')), false);
    await project.close();
  });

  it('a private key at a former path is named before it is left behind', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await place.write('api.identity.yaml', text.replace('/tls.pem', '/server.pem'));
    await project.workspace.reload('api.identity.yaml');
    const plan = await project.actions.plan({ verb: 'rotate', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    assert.match(plan.warnings.join(' '), /tls\/api-1\/tls\.pem at local-ca keeps the former private key/);
    await done(project, 'rotate', api);
    const next = await project.actions.plan({ verb: 'rotate', identity: api }, NEVER);
    assert.ok(!('refused' in next) && next.warnings.length === 0, JSON.stringify(next));
    await done(project, 'destroy', api);
    assert.equal(existsSync(path.join(place.root, 'tls/api-1/tls.pem')), false);
    await project.close();
  });

  it('killed while it retires after an overlap, a rotation can only be finished', async () => {
    await place.write(
      'api.identity.yaml',
      text.replace('  duration: 30d\n', '  duration: 30d\n  renewal: { overlap: 1s }\n'),
    );
    let now = new Date();
    const project = await place.open({ now: () => now });
    await done(project, 'issue', api);
    const waiting = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in waiting) && waiting.state === 'unfinished', JSON.stringify(waiting));
    const { planId } = waiting;
    const retiring = waiting.steps.find((step) => step.state === 'pending')?.n ?? 0;
    now = new Date(now.getTime() + 5_000);
    for (const at of ['step-journaled', 'step-noted'] as const) {
      // The process that acts has the real clock: the second of overlap must be over for it.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const { root, stateHome, unlockKey } = place;
      const killed = await actor.start({
        root,
        stateHome,
        unlockKey,
        identity: api,
        act: { resume: 'forward', planId },
        killAt: { at, n: retiring },
      }).ended;
      assert.equal(killed.signal, 'SIGKILL', killed.out + killed.err);
      const [unfinished] = await project.actions.unfinished(NEVER);
      assert.equal(unfinished?.undoable, false, at);
      assertRefused(
        await project.actions.resume(planId, 'undo', {}, NEVER),
        'past-the-line',
        /cannot be undone/,
      );
    }
    const finished = await project.actions.resume(planId, 'forward', {}, NEVER);
    assert.ok(!('refused' in finished) && finished.state === 'done', JSON.stringify(finished));
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    await project.close();
  });

  it('killed before a delivery that begins with the root, it delivers the new certificate all the same', async () => {
    await place.write('api.identity.yaml', text.replace('[chain, privateKey]', '[root, certificate]'));
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await readFile(path.join(place.root, 'tls/api-1/tls.pem'), 'utf8');
    const plan = await project.actions.plan({ verb: 'rotate', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    const n = plan.steps.find((step) => step.verb === 'deliver')?.n ?? 0;
    const { root, stateHome, unlockKey } = place;
    const killed = await actor.start({
      root,
      stateHome,
      unlockKey,
      identity: api,
      act: { verb: 'rotate' },
      killAt: { at: 'step-journaled', n },
    }).ended;
    assert.equal(killed.signal, 'SIGKILL', killed.err);
    const [unfinished] = await project.actions.unfinished(NEVER);
    const result = await project.actions.resume(unfinished?.plan.id ?? '', 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    assert.notEqual(await readFile(path.join(place.root, 'tls/api-1/tls.pem'), 'utf8'), before);
    await project.close();
  });
});
