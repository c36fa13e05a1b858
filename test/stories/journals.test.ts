/** Journals that cannot be read, that waited too long, or whose identity got another name. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import {
  type ActingProcess,
  assertRefused,
  attempt,
  buildActingProcess,
  certificateId,
  done,
  NEVER,
} from '../support/acting.ts';
import { keyUnlock, type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const web = certificateId('web', 'payments');
const text = TWO_MACHINES['api.identity.yaml'] ?? '';

describe('journals', function () {
  this.timeout(120_000);
  let place: TempProject;
  let actor: ActingProcess;
  before(async () => {
    actor = await buildActingProcess();
  });
  after(() => actor.remove());
  beforeEach(async () => {
    place = await tempProject({
      ...TWO_MACHINES,
      'web.identity.yaml': text.replace('name: api,', 'name: web,').replace('tls/{machine}', 'web/{machine}'),
    });
  });
  afterEach(() => place.remove());

  async function stopped(at: 'step-acted' | 'step-done', n: number): Promise<string> {
    const { root, stateHome, unlockKey } = place;
    const killed = await actor.start({
      root,
      stateHome,
      unlockKey,
      identity: api,
      act: { verb: 'rotate' },
      killAt: { at, n },
    }).ended;
    assert.equal(killed.signal, 'SIGKILL', killed.out + killed.err);
    const [name] = await readdir(path.join(place.stateHome, 'projects'));
    const folder = path.join(place.stateHome, 'projects', name ?? '', 'journal');
    return path.join(folder, (await readdir(folder)).find((each) => each.endsWith('.jsonl')) ?? '');
  }
  const staged = async () =>
    (await openSealedStore(sealedStoreFolder(place.stateHome), keyUnlock(place.unlockKey), nodeRandom)).list(
      'staged',
    );

  it('one that is damaged in its middle stops its own identity alone', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const file = await stopped('step-done', 2);
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[2] = 'not JSON';
    await writeFile(file, lines.join('\n'));
    assert.equal((await project.inventory(NEVER)).length, 4);
    assertRefused(
      await attempt(project, 'rotate', api),
      'journal-unreadable',
      /line 3 of the journal .*move it/,
    );
    await done(project, 'issue', web);
    const report = await project.doctor(NEVER);
    const failed = report.sections.flatMap(({ checks }) => checks).filter((check) => !check.ok);
    assert.ok(failed.some(({ what, hint }) => what === file && /move it away/.test(hint ?? '')));
    await rm(file);
    await project.close();
  });

  it('one whose first line is damaged stops every action, since nobody knows whose it is', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const file = await stopped('step-done', 2);
    await writeFile(file, `\0${(await readFile(file, 'utf8')).slice(1)}`);
    assert.equal((await project.inventory(NEVER)).length, 4);
    assertRefused(await attempt(project, 'issue', web), 'journal-unreadable', /line 1 of the journal/);
    await rm(file);
    await done(project, 'issue', web);
    await project.close();
  });

  it('one of a newer version is neither misread nor ignored', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const file = await stopped('step-done', 2);
    const planId = path.basename(file, '.jsonl');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"schemaVersion":1', '"schemaVersion":2'));
    assertRefused(
      await attempt(project, 'rotate', api),
      'journal-unreadable',
      /another version of idac.*the version that began it/,
    );
    await assert.rejects(project.actions.resume(planId, 'forward', {}, NEVER), /another version of idac/);
    await done(project, 'issue', web);
    await project.close();
  });

  it('torn in its last line, it goes on from the line before', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const file = await stopped('step-done', 2);
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.slice(0, -20));
    const [unfinished] = await project.actions.unfinished(NEVER);
    const result = await project.actions.resume(unfinished?.plan.id ?? '', 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    assert.deepEqual(await staged(), []);
    await project.close();
  });

  it('an unfinished action under the former name blocks the new one', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await stopped('step-done', 4);
    await place.write('api.identity.yaml', text.replace('name: api,', 'name: pay, formerNames: [api],'));
    await project.workspace.reload('api.identity.yaml');
    const pay = certificateId('pay', 'payments');
    assertRefused(
      await attempt(project, 'rotate', pay),
      'unfinished',
      /rotate of Certificate\/payments\/api/,
    );
    const states = (await project.inventory(NEVER))
      .filter((row) => row.name === 'pay')
      .map((row) => row.state);
    assert.deepEqual(states, ['pending', 'pending']);
    const [unfinished] = await project.actions.unfinished(NEVER);
    const result = await project.actions.resume(unfinished?.plan.id ?? '', 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    await done(project, 'rotate', pay);
    await project.close();
  });

  it('resumed after the backend was moved or its manifest broken, nothing is touched until it is back', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const before = await readFile(path.join(place.root, 'tls/api-1/tls.pem'));
    await stopped('step-done', 2);
    const [unfinished] = await project.actions.unfinished(NEVER);
    const planId = unfinished?.plan.id ?? '';
    const manifest = TWO_MACHINES['backends.identity.yaml'] ?? '';
    const change = async (text: string) => {
      await place.write('backends.identity.yaml', text);
      await project.workspace.reload('backends.identity.yaml');
    };
    await change(manifest.replace('  type: local\n', '  type: local\n  store: another\n'));
    await project.logins.confirm('local-ca');
    for (const how of ['forward', 'undo'] as const) {
      assertRefused(
        await project.actions.resume(planId, how, {}, NEVER),
        'backend-moved',
        /was local:this-folder.*local:store\/another now.*Put that manifest back/,
      );
    }
    await change(manifest.replace('type: local', 'type: nothing-known'));
    await assert.rejects(
      project.actions.resume(planId, 'forward', {}, NEVER),
      /manifest of backend local-ca/,
    );
    await change(manifest);
    await project.logins.confirm('local-ca');
    const undone = await project.actions.resume(planId, 'undo', {}, NEVER);
    assert.ok(!('refused' in undone) && undone.state === 'undone', JSON.stringify(undone));
    assert.deepEqual(await readFile(path.join(place.root, 'tls/api-1/tls.pem')), before);
    await done(project, 'rotate', api);
    await project.close();
  });

  it('looking at what is unfinished keeps nobody from finishing it, and takes no lock', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await stopped('step-done', 2);
    const [unfinished] = await project.actions.unfinished(NEVER);
    assert.equal(unfinished?.running, false);
    const looks = Array.from({ length: 20 }, () => project.actions.unfinished(NEVER));
    const result = await project.actions.resume(unfinished?.plan.id ?? '', 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    await Promise.all(looks);
    await project.close();
  });

  it('keys that an overtaken action left sealed are erased by the next action of any identity', async () => {
    await place.write(
      'api.identity.yaml',
      text.replace('  duration: 30d\n', '  duration: 30d\n  renewal: { overlap: 1h }\n'),
    );
    const project = await place.open();
    await done(project, 'issue', api);
    const waiting = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in waiting) && waiting.state === 'unfinished');
    assert.notDeepEqual(await staged(), []);
    const file = path.join(await journalFolder(), `${waiting.planId}.jsonl`);
    // As a process leaves it that dies between ending the action and erasing its keys.
    await writeFile(
      file,
      `${await readFile(file, 'utf8')}${JSON.stringify({ t: 'end', at: new Date().toISOString(), state: 'overtaken' })}\n`,
    );
    await done(project, 'issue', web);
    assert.deepEqual(await staged(), []);
    await project.close();
  });

  async function journalFolder(): Promise<string> {
    const [name] = await readdir(path.join(place.stateHome, 'projects'));
    return path.join(place.stateHome, 'projects', name ?? '', 'journal');
  }

  it('killed before the first step or after the last, nothing is left that stands in the way', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    const { root, stateHome, unlockKey } = place;
    for (const at of ['locked', 'planned', 'ended'] as const) {
      const { signal, err } = await actor.start({
        root,
        stateHome,
        unlockKey,
        identity: api,
        act: { verb: 'rotate' },
        killAt: { at },
      }).ended;
      assert.equal(signal, 'SIGKILL', err);
      const unfinished = await project.actions.unfinished(NEVER);
      assert.equal(unfinished.length, at === 'planned' ? 1 : 0, at);
      for (const { plan } of unfinished) {
        const undone = await project.actions.resume(plan.id, 'undo', {}, NEVER);
        assert.ok(!('refused' in undone) && undone.state === 'undone', JSON.stringify(undone));
      }
    }
    await done(project, 'rotate', api);
    assert.deepEqual(
      (await readdir(await journalFolder())).filter((name) => name.endsWith('.jsonl')),
      [],
    );
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    await project.close();
  });

  it('of ended actions are forgotten after 90 days, and not before', async () => {
    let now = new Date();
    const project = await place.open({ now: () => now });
    const ended = async () => {
      const [name] = await readdir(path.join(place.stateHome, 'projects'));
      return readdir(path.join(place.stateHome, 'projects', name ?? '', 'journal/ended'));
    };
    await done(project, 'issue', api);
    const [first] = await ended();
    now = new Date(now.getTime() + 20 * 86_400_000);
    await done(project, 'rotate', api);
    assert.equal((await ended()).length, 2);
    now = new Date(now.getTime() + 80 * 86_400_000);
    await done(project, 'issue', web);
    assert.ok(!(await ended()).includes(first ?? ''));
    await project.close();
  });

  it('are not touched while the folder is not trusted, nor are records put back', async () => {
    const project = await place.open();
    await done(project, 'issue', api);
    await stopped('step-done', 2);
    await project.close();
    await rm(path.join(place.root, '.identity'), { recursive: true });
    const before = await readdir(place.stateHome, { recursive: true });
    const untrusted = await place.open({ trusted: false });
    assert.equal((await untrusted.actions.unfinished(NEVER)).length, 1);
    assert.deepEqual(await untrusted.actions.restoreEvents(NEVER), []);
    await untrusted.doctor(NEVER);
    await assert.rejects(untrusted.logins.seal(), /not trusted/);
    assert.equal(existsSync(path.join(place.root, '.identity')), false);
    assert.deepEqual(await readdir(place.stateHome, { recursive: true }), before);
    await untrusted.close();
  });
});
