/** Actions that wait, are cancelled, meet another process, or lose their files in mid-action. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import {
  type ActingProcess,
  assertRefused,
  attempt,
  buildActingProcess,
  certificateId,
  done,
  git,
  NEVER,
} from '../support/acting.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const text = TWO_MACHINES['api.identity.yaml'] ?? '';

describe('actions that are interrupted', function () {
  this.timeout(120_000);
  let place: TempProject;
  let actor: ActingProcess;
  before(async () => {
    actor = await buildActingProcess();
  });
  after(() => actor.remove());
  beforeEach(async () => {
    place = await tempProject({ ...TWO_MACHINES, '.gitignore': 'tls/\n' });
  });
  afterEach(() => place.remove());

  const orders = () => ({
    root: place.root,
    stateHome: place.stateHome,
    unlockKey: place.unlockKey,
    identity: api,
  });

  it('git clean -fdx in mid-rotation: record and files come back', async function () {
    needs(this, 'git', hasProgram('git'));
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'manifests');
    const project = await place.open();
    await done(project, 'issue', api);
    await project.close();
    const killed = await actor.start({
      ...orders(),
      act: { verb: 'rotate' },
      killAt: { at: 'step-done', n: 4 },
    }).ended;
    assert.equal(killed.signal, 'SIGKILL', killed.err);
    git(place.root, 'clean', '-fdxq');
    assert.equal(existsSync(path.join(place.root, '.identity')), false);
    const after = await place.open();
    assert.ok((await after.actions.restoreEvents(NEVER)).length > 0);
    const [unfinished] = await after.actions.unfinished(NEVER);
    assert.ok(unfinished);
    const result = await after.actions.resume(unfinished.plan.id, 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    assert.deepEqual(
      (await after.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    assert.deepEqual((await after.verifyLog(NEVER)).problems, []);
    const report = await after.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
    await after.close();
  });

  it('git clean -fdx after an action: its events come back from the journal', async function () {
    needs(this, 'git', hasProgram('git'));
    git(place.root, 'init', '-q');
    git(place.root, 'add', '-A');
    git(place.root, 'commit', '-qm', 'manifests');
    const project = await place.open();
    await done(project, 'issue', api);
    git(place.root, 'clean', '-fdxq');
    assertRefused(await attempt(project, 'issue', api), 'world-ahead', /idac resume/);
    assert.equal((await project.actions.restoreEvents(NEVER)).length, 6);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    await project.close();
  });

  it('two processes: one acts, the other is told who is busy', async () => {
    const project = await place.open();
    const plan = await project.actions.plan({ verb: 'issue', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    const other = actor.start({ ...orders(), act: { verb: 'issue' }, killAt: { at: 'locked' }, stay: true });
    await other.staying;
    const execute = () => project.actions.execute(plan.id, plan.hash, { confirmed: true }, {}, NEVER);
    assertRefused(
      await execute(),
      'busy',
      /Process \d+ has been working on Certificate\/payments\/api since/,
    );
    other.release();
    const { out, err } = await other.ended;
    assert.match(out, /"state":"done"/, err);
    assertRefused(await attempt(project, 'issue', api), 'already-issued', /issued already/);
    assert.equal((await project.events(api, NEVER)).filter((event) => event.type === 'issued').length, 2);
    await project.close();
  });

  it('a plan that another process overtook is refused', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const plan = await project.actions.plan({ verb: 'rotate', identity: api }, NEVER);
    assert.ok(!('refused' in plan));
    const { out } = await actor.start({ ...orders(), act: { verb: 'rotate' }, killAt: null }).ended;
    assert.match(out, /"state":"done"/);
    const result = await project.actions.execute(plan.id, plan.hash, { confirmed: true }, {}, NEVER);
    assertRefused(result, 'plan-outdated', /changed since the plan was made/);
    await project.close();
  });

  it('cancelled before the line, everything is taken back', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await readFile(path.join(place.root, 'tls/api-1/tls.pem'));
    const cancel = new AbortController();
    const result = await attempt(
      project,
      'rotate',
      api,
      {
        reached: (point) =>
          point.at === 'step-done' && point.step.verb === 'deliver' ? cancel.abort() : undefined,
      },
      cancel.signal,
    );
    assert.ok(!('refused' in result) && result.state === 'cancelled', JSON.stringify(result));
    assert.deepEqual(await readFile(path.join(place.root, 'tls/api-1/tls.pem')), before);
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['active', 'active'],
    );
    const report = await project.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
    await project.close();
  });

  it('a failing delivery is taken back, and the failure says so', async () => {
    await place.write('api.identity.yaml', text.replace('tls/{machine}/tls.pem', 'tls/{machine}/tls.pem'));
    const project = await place.open();
    const result = await attempt(project, 'issue', api, {
      async reached(point) {
        if (point.at !== 'step-journaled' || point.step.verb !== 'deliver' || point.step.machine !== 'api-2')
          return;
        await place.write('tls/api-2/tls.pem', 'somebody else was faster\n');
      },
    });
    assert.ok(!('refused' in result) && result.state === 'unfinished', JSON.stringify(result));
    assert.match(result.next, /holds something that this action did not write/);
    assert.equal(
      await readFile(path.join(place.root, 'tls/api-2/tls.pem'), 'utf8'),
      'somebody else was faster\n',
    );
    await project.close();
  });

  it('both stay usable for the overlap; then the old one is retired', async () => {
    await place.write(
      'api.identity.yaml',
      text.replace('  duration: 30d\n', '  duration: 30d\n  renewal: { overlap: 1h }\n'),
    );
    let now = new Date();
    const project = await place.open({ now: () => now });
    await done(project, 'issue', api);
    const result = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in result) && result.state === 'unfinished', JSON.stringify(result));
    assert.match(result.next, /Both certificates stay in use until .*idac resume .*--undo/);
    assert.deepEqual(
      (await project.check(NEVER)).filter((finding) => finding.rule.startsWith('record/')),
      [],
    );
    const early = await project.actions.resume(result.planId, 'forward', {}, NEVER);
    assert.ok(!('refused' in early) && early.state === 'unfinished');
    now = new Date(now.getTime() + 3_700_000);
    const late = await project.actions.resume(result.planId, 'forward', {}, NEVER);
    assert.ok(!('refused' in late) && late.state === 'done', JSON.stringify(late));
    await project.close();
  });

  it('in the overlap the rotation can still be taken back, and revoking overtakes it', async () => {
    await place.write(
      'api.identity.yaml',
      text.replace('  duration: 30d\n', '  duration: 30d\n  renewal: { overlap: 1h }\n'),
    );
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await readFile(path.join(place.root, 'tls/api-1/tls.pem'));
    const first = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in first));
    const undone = await project.actions.resume(first.planId, 'undo', {}, NEVER);
    assert.ok(!('refused' in undone) && undone.state === 'undone', JSON.stringify(undone));
    assert.deepEqual(await readFile(path.join(place.root, 'tls/api-1/tls.pem')), before);
    const second = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in second) && second.state === 'unfinished');
    assertRefused(await attempt(project, 'rotate', api), 'unfinished', /idac resume/);
    await done(project, 'revoke', api);
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    assert.deepEqual(
      (await project.inventory(NEVER)).map((row) => row.state),
      ['revoked', 'revoked'],
    );
    await project.close();
  });

  describe('an endpoint', () => {
    let server: Server;
    let serves: { key: string; cert: string };
    let port: number;
    const load = async () => {
      const pem = await readFile(path.join(place.root, 'tls/api.pem'), 'utf8');
      serves = { key: pem, cert: pem };
      server.setSecureContext(serves);
    };
    afterEach(() => server.close());

    it('that still serves the old certificate keeps it from being retired', async () => {
      server = createServer({}, (socket) => socket.end());
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as { port: number }).port;
      await place.write(
        'api.identity.yaml',
        `${text
          .replace('  machines: [api-1, api-2]\n', '')
          .replace('tls/{machine}/tls.pem', 'tls/api.pem')}  endpoints: ["127.0.0.1:${port}"]\n`,
      );
      const project = await place.open();
      await done(project, 'issue', api);
      await load();
      const plan = await project.actions.plan({ verb: 'rotate', identity: api }, NEVER);
      assert.ok(!('refused' in plan), JSON.stringify(plan));
      const checks = await project.actions.preflight(plan.id, NEVER);
      const endpoint = checks.find(({ what }) => what === `endpoint 127.0.0.1:${port}`);
      const sha256 = new X509Certificate(serves.cert).fingerprint256.replaceAll(':', '').toLowerCase();
      assert.equal(endpoint?.outcome, 'ok', JSON.stringify(checks));
      assert.ok(endpoint.detail.includes(sha256.slice(0, 16)), endpoint.detail);
      assert.equal(plan.steps.find(({ n }) => n === endpoint.step)?.verb, 'verify');
      const waiting = await attempt(project, 'rotate', api);
      assert.ok(!('refused' in waiting) && waiting.state === 'unfinished', JSON.stringify(waiting));
      assert.match(waiting.next, /still serves another certificate\. Reload it/);
      await load();
      const result = await project.actions.resume(waiting.planId, 'forward', {}, NEVER);
      assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
      const report = await project.actions.verify({ identity: api }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
      await project.close();
    });

    it('behind which several machines stand may serve what any of them bears now', async () => {
      server = createServer({}, (socket) => socket.end());
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      port = (server.address() as { port: number }).port;
      await place.write('api.identity.yaml', `${text}  endpoints: ["127.0.0.1:${port}"]\n`);
      const project = await place.open();
      await done(project, 'issue', api);
      const serve = async (machine: string) => {
        const pem = await readFile(path.join(place.root, `tls/${machine}/tls.pem`), 'utf8');
        server.setSecureContext({ key: pem, cert: pem });
      };
      await serve('api-2');
      const report = await project.actions.verify({ identity: api }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
      // The name answers for api-2 only, whose certificate is not in question when api-1 is renewed …
      const waiting = await attempt(project, 'rotate', api);
      assert.ok(!('refused' in waiting) && waiting.state === 'unfinished', JSON.stringify(waiting));
      assert.match(waiting.next, /still serves another certificate/);
      assert.deepEqual(
        waiting.steps.find((step) => step.state === 'pending')?.n,
        8,
        'the verification of api-2',
      );
      // … and it must serve the new one before the old one of api-2 is retired.
      await serve('api-2');
      const result = await project.actions.resume(waiting.planId, 'forward', {}, NEVER);
      assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
      await project.close();
    });
  });

  it('journals of ended actions are kept, and hold no private key', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const [name] = await readdir(path.join(place.stateHome, 'projects'));
    const folder = path.join(place.stateHome, 'projects', name ?? '', 'journal/ended');
    const journals = await readdir(folder);
    assert.equal(journals.length, 1);
    assert.doesNotMatch(await readFile(path.join(folder, journals[0] ?? ''), 'utf8'), /PRIVATE/);
    await project.close();
  });
});
