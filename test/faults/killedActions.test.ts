import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { Plan, PlanStep, WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { isLive, reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { type ActingProcess, buildActingProcess, done, NEVER } from '../support/acting.ts';
import type { Orders } from '../support/actingProcess.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { keyUnlock, type TempProject, tempProject } from '../support/tempProject.ts';
import { allowReload, KILLED_MANIFESTS, SCENARIOS, type Scenario } from './killedKinds.ts';

const POINTS = ['step-journaled', 'step-acted', 'step-noted', 'step-done'] as const;

function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find(({ identity }) => identity.name === name);
  assert.ok(scenario);
  return scenario;
}

describe('an action whose process is killed', function () {
  this.timeout(240_000);
  let scratch: string;
  let actor: ActingProcess;
  let place: TempProject;

  before(async () => {
    actor = await buildActingProcess();
    scratch = await mkdtemp(path.join(tmpdir(), 'idac-kept-'));
    place = await tempProject(KILLED_MANIFESTS);
  });
  after(async () => {
    await place.remove();
    await actor.remove();
    await rm(scratch, { recursive: true, force: true });
  });

  const run = (orders: Pick<Orders, 'identity' | 'act' | 'killAt'>) => {
    const { root, stateHome, unlockKey } = place;
    return actor.start({ root, stateHome, unlockKey, ...orders }).ended;
  };

  /** The folder's parent holds project and state: both come back together. */
  const base = () => path.dirname(place.root);
  async function keep(): Promise<() => Promise<void>> {
    const copy = await mkdtemp(path.join(scratch, 'copy-'));
    copyAll(base(), copy);
    return async () => {
      for (const name of await readdir(base())) await rm(path.join(base(), name), { recursive: true });
      copyAll(copy, base());
    };
  }

  /** With owners and times. */
  function copyAll(from: string, to: string): void {
    execFileSync('cp', ['-a', `${from}/.`, to]);
  }

  async function planOf(verb: WritingVerb, identity: IdentityId): Promise<Plan> {
    const project = await place.open();
    try {
      const plan = await project.actions.plan({ verb, identity }, NEVER);
      assert.ok(!('refused' in plan), JSON.stringify(plan));
      return plan;
    } finally {
      await project.close();
    }
  }

  /** Every file below a folder that holds a private key or a JWT, relative. */
  async function filesWithSecrets(folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const text = await readFile(file, 'latin1');
      if (/PRIVATE KEY|eyJ[\w-]+\.eyJ[\w-]+\./.test(text)) found.push(path.relative(folder, file));
    }
    return found.sort();
  }

  /** Files that say which passwords were made here. */
  const passwordNotes = async () =>
    (await readdir(place.stateHome, { recursive: true })).filter((file) =>
      /[\\/]passwords[\\/][0-9a-f]+\.json$/.test(file),
    ).length;
  const sealedStore = () =>
    openSealedStore(sealedStoreFolder(place.stateHome), keyUnlock(place.unlockKey), nodeRandom);
  const staged = async () => (await sealedStore()).list('staged');
  const keysInStore = async () =>
    (await (await sealedStore()).list('projects')).filter((name) => name.includes('/keys/'));

  type Outcome = 'live' | 'revoked' | 'destroyed' | 'none';

  /** Record, authority, target, sealed store and chain of events tell the same story. */
  async function assertAgreement(project: Project, scenario: Scenario, standing: Outcome): Promise<void> {
    const { identity, files, secret, inStore = false } = scenario;
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    assert.deepEqual(await staged(), [], 'no secret is left staged');
    const stands = standing === 'live' || standing === 'revoked';
    assert.equal(
      (await keysInStore()).length,
      inStore && stands ? 1 : 0,
      'the key store keeps what is in use',
    );
    const record = reduceRecord(await project.events(identity, NEVER));
    const live = record.generations.filter(isLive);
    assert.equal(live.length, standing === 'live' ? 1 : 0, `live generations: ${live.length}`);
    const [row] = (await project.inventory(NEVER)).filter((each) => each.name === identity.name);
    const expected = { live: 'active', revoked: 'revoked', destroyed: 'destroyed', none: 'declared' }[
      standing
    ];
    assert.equal(row?.state, expected);
    for (const file of files) assert.equal(existsSync(path.join(place.root, file)), stands, file);
    if (standing === 'live') {
      const report = await project.actions.verify({ identity }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
      assert.ok(live[0]);
      scenario.judge(place.root, live[0].credential);
    }
    const holds = secret !== null && stands && !(await isOpaque(secret));
    assert.deepEqual(await filesWithSecrets(place.root), holds ? [secret] : []);
    assert.deepEqual(
      await filesWithSecrets(place.stateHome),
      [],
      'no secret lies readable in the state folder',
    );
    await assertAuthority(project, identity);
  }

  /** An opaque token looks like nothing in particular. */
  const isOpaque = async (file: string) =>
    !/PRIVATE KEY|^eyJ/.test(await readFile(path.join(place.root, file), 'utf8'));

  /** Each credential that the authority holds good is one that the record knows as not revoked, and the other way round. */
  async function assertAuthority(project: Project, identity: IdentityId): Promise<void> {
    const plan = await project.actions.plan(
      { verb: identity.kind === 'Workload' ? 'revoke' : 'destroy', identity },
      NEVER,
    );
    // A plan reads the authority's own list: it would refuse if that were ahead of the record.
    assert.ok(!('refused' in plan) || plan.code !== 'refused/world-ahead', JSON.stringify(plan));
  }

  const AFTER: Readonly<Record<WritingVerb, Outcome>> = {
    issue: 'live',
    renew: 'live',
    rotate: 'live',
    restore: 'live',
    revoke: 'revoked',
    destroy: 'destroyed',
  };

  /** Where a process dies: everywhere, or everywhere in steps that differ from kind to kind and once in each other one. */
  function pointsOf({ verb, n }: PlanStep, { thorough }: Scenario): readonly (typeof POINTS)[number][] {
    const ofItsKind = verb === 'make-key' || verb === 'issue' || verb === 'revoke' || verb === 'destroy-key';
    return thorough || ofItsKind ? POINTS : POINTS.filter((_, index) => index === n % POINTS.length);
  }

  async function freshly(identity: IdentityId, verb: WritingVerb): Promise<() => Promise<void>> {
    await place.remove();
    place = await tempProject(KILLED_MANIFESTS);
    allowReload(place.root);
    if (verb !== 'issue') {
      const project = await place.open();
      await done(project, 'issue', identity);
      await project.close();
    }
    return keep();
  }

  for (const scenario of SCENARIOS) {
    const { identity } = scenario;
    for (const verb of scenario.verbs) {
      it(`${verb} ${identity.kind} ${identity.name}: killed in every step, then resumed or undone`, async function () {
        needs(this, 'ssh-keygen', !identity.kind.startsWith('Ssh') || hasProgram('ssh-keygen', '-?'));
        const restore = await freshly(identity, verb);
        const { steps, line } = await planOf(verb, identity);
        for (const step of steps) {
          for (const at of pointsOf(step, scenario)) {
            await restore();
            const dead = await run({ identity, act: { verb }, killAt: { at, n: step.n } });
            assert.equal(dead.signal, 'SIGKILL', `${verb} step ${step.n} ${at}: ${dead.out}${dead.err}`);
            const project = await place.open();
            const [unfinished] = await project.actions.unfinished(NEVER);
            assert.ok(unfinished, `step ${step.n} ${at} is unfinished`);
            assert.equal(unfinished.running, false);
            assert.equal(unfinished.undoable, line === null || step.n < line);
            const flip = verb === 'issue' ? 1 : 0;
            const undo = unfinished.undoable && (step.n + POINTS.indexOf(at) + flip) % 2 === 0;
            const how = undo ? 'undo' : 'forward';
            const result = await project.actions.resume(unfinished.plan.id, how, {}, NEVER);
            assert.ok(!('refused' in result), JSON.stringify(result));
            assert.equal(
              result.state,
              undo ? 'undone' : 'done',
              `step ${step.n} ${at} ${how}: ${result.next}`,
            );
            const outcome = undo ? (verb === 'issue' ? 'none' : 'live') : AFTER[verb];
            await assertAgreement(project, scenario, outcome);
            await project.close();
          }
        }
      });
    }
  }

  /** Killed once the new one is delivered, at the step of that number; then again while it is resumed or undone. */
  for (const [name, delivered] of [
    ['in-memory', 3],
    ['signed', 2],
  ] as const) {
    it(`rotate ${name}: killed again while it is resumed and while it is undone`, async () => {
      const scenario = scenarioOf(name);
      const { identity } = scenario;
      const restore = await freshly(identity, 'rotate');
      for (const resume of ['forward', 'undo'] as const) {
        for (let n = delivered; n >= 1; n -= 1) {
          await restore();
          const first = { at: 'step-acted', n: delivered } as const;
          const dead = await run({ identity, act: { verb: 'rotate' }, killAt: first });
          assert.equal(dead.signal, 'SIGKILL');
          const before = await place.open();
          const [unfinished] = await before.actions.unfinished(NEVER);
          await before.close();
          assert.ok(unfinished);
          const planId = unfinished.plan.id;
          const killAt =
            resume === 'undo'
              ? { at: 'step-undone' as const, n }
              : { at: 'step-noted' as const, n: n + delivered - 1 };
          const again = await run({ identity, act: { resume, planId }, killAt });
          assert.equal(again.signal, 'SIGKILL', again.out + again.err);
          const last = await place.open();
          // What was being undone goes on being undone, whatever is asked.
          const result = await last.actions.resume(planId, 'forward', {}, NEVER);
          assert.ok(!('refused' in result), JSON.stringify(result));
          assert.equal(result.state, resume === 'undo' ? 'undone' : 'done', result.next);
          await assertAgreement(last, scenario, 'live');
          await last.close();
        }
      }
    });
  }

  it('killed at every file call of a delivery: password file, note and key store are whole, or taken back', async () => {
    const scenario = scenarioOf('packed');
    const { identity } = scenario;
    const delivers = 3;
    // Each call is met in one of the three turns.
    for (const [verb, how, first] of [
      ['issue', 'undo', 1],
      ['issue', 'forward', 2],
      ['rotate', 'undo', 3],
    ] as const) {
      const restore = await freshly(identity, verb);
      for (let calls = first; ; calls += 3) {
        await restore();
        const killAt = { at: 'step-journaled', n: delivers, calls } as const;
        const dead = await run({ identity, act: { verb }, killAt });
        assert.equal(dead.signal, 'SIGKILL', `${verb} at call ${calls}: ${dead.out}${dead.err}`);
        const project = await place.open();
        const [unfinished] = await project.actions.unfinished(NEVER);
        assert.ok(unfinished, `${verb} at call ${calls} is unfinished`);
        const isOver = unfinished.steps[delivers - 1]?.state === 'done';
        const result = await project.actions.resume(unfinished.plan.id, how, {}, NEVER);
        assert.ok(!('refused' in result), JSON.stringify(result));
        assert.equal(
          result.state,
          how === 'undo' ? 'undone' : 'done',
          `${verb} at call ${calls}: ${result.next}`,
        );
        const standing = how === 'undo' && verb === 'issue' ? 'none' : 'live';
        await assertAgreement(project, scenario, standing);
        assert.equal(await passwordNotes(), standing === 'live' ? 1 : 0, `notes, ${verb} at call ${calls}`);
        await project.close();
        if (isOver) {
          assert.ok(calls > 15, `${calls} calls are fewer than a delivery makes`);
          break;
        }
      }
    }
  });

  it('cannot tell whether it delivered: says what it looked for, and touches nothing', async () => {
    const scenario = scenarioOf('in-memory');
    const { identity } = scenario;
    await freshly(identity, 'rotate');
    const file = path.join(place.root, 'tls/memory.pem');
    const former = await readFile(file);
    const dead = await run({ identity, act: { verb: 'rotate' }, killAt: { at: 'step-acted', n: 3 } });
    assert.equal(dead.signal, 'SIGKILL');
    await writeFile(file, 'written by somebody else\n');
    const after = await place.open();
    const [unfinished] = await after.actions.unfinished(NEVER);
    assert.ok(unfinished);
    const result = await after.actions.resume(unfinished.plan.id, 'forward', {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'unfinished', JSON.stringify(result));
    assert.equal(result.steps[2]?.state, 'unknown');
    assert.match(result.next, /Looked at tls\/memory\.pem \(local\) for .*found neither\./);
    assert.equal(await readFile(file, 'utf8'), 'written by somebody else\n');
    await writeFile(file, former);
    const again = await after.actions.resume(unfinished.plan.id, 'forward', {}, NEVER);
    assert.ok(!('refused' in again) && again.state === 'done', JSON.stringify(again));
    await assertAgreement(after, scenario, 'live');
    await after.close();
  });
});
