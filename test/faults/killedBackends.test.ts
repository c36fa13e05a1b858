/** Processes killed in the middle of actions on servers and tokens: whatever they left there is found, then finished or undone. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type { Project } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { PlanStep, WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { isLive, reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import {
  type Combination,
  type Composition,
  certificate,
  compose,
  PARTICIPANTS,
  type Participant,
} from '../backends/participants.ts';
import { type ActingProcess, buildActingProcess, certificateId, done, NEVER } from '../support/acting.ts';
import type { Orders } from '../support/actingProcess.ts';
import { keyUnlock, type TempProject, tempProject } from '../support/tempProject.ts';

const POINTS = ['step-journaled', 'step-acted', 'step-noted', 'step-done'] as const;
type Point = (typeof POINTS)[number];

/** Where keys come from (undefined: the engine makes them; `service`: the authority does). Each step is killed once, and for some verbs also where it acted untold. */
const STORES: readonly { readonly store: string | undefined; readonly thorough: readonly WritingVerb[] }[] = [
  { store: 'softhsm', thorough: ['issue', 'rotate'] },
  { store: 'openbao', thorough: [] },
  { store: 'tpm', thorough: [] },
  { store: undefined, thorough: [] },
  { store: 'service', thorough: ['issue', 'rotate'] },
];

type Outcome = 'active' | 'revoked' | 'destroyed' | 'declared';
const AFTER: Readonly<Record<WritingVerb, Outcome>> = {
  issue: 'active',
  renew: 'active',
  rotate: 'active',
  restore: 'active',
  revoke: 'revoked',
  destroy: 'destroyed',
};

function participant(name: string): Participant {
  const found = PARTICIPANTS.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

interface Death {
  readonly n: number;
  readonly at: Point;
  readonly again?: {
    readonly resume: 'forward' | 'undo';
    readonly n: number;
    readonly at: Point | 'step-undone';
  };
}

/** Every pair of deaths of which both are reached: the second in a later step, at the end of the same, or while it is undone. */
function deathsOf(steps: readonly PlanStep[]): readonly Death[] {
  const line = steps.find((step) => step.class === 'final')?.n ?? Number.POSITIVE_INFINITY;
  return steps.flatMap(({ n }) =>
    POINTS.flatMap((at) => [
      ...steps
        .filter((later) => later.n > n)
        .flatMap((later) =>
          POINTS.map((next) => ({ n, at, again: { resume: 'forward', n: later.n, at: next } }) as const),
        ),
      ...(at === 'step-done' ? [] : [{ n, at, again: { resume: 'forward', n, at: 'step-done' } } as const]),
      ...steps
        .filter((former) => n < line && former.n <= n)
        .map((former) => ({ n, at, again: { resume: 'undo', n: former.n, at: 'step-undone' } }) as const),
    ]),
  );
}

/** Some of the pairs, the same ones each time (mulberry32). */
const random = (() => {
  let state = 20_260_101;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
})();

describe('an action on servers and tokens whose process is killed', function () {
  this.timeout(240_000);
  let place: TempProject;
  let composition: Composition;
  let actor: ActingProcess;
  let count = 0;

  before(async () => {
    actor = await buildActingProcess();
    place = await tempProject({});
    composition = compose(place);
  });
  after(async () => {
    await composition?.stop();
    await place?.remove();
    await actor?.remove();
  });

  /** Another certificate for each death: what stands on a server cannot be put back. */
  async function declare(combination: Combination): Promise<IdentityId> {
    count += 1;
    const name = `killed-${count}`;
    await place.write(`${name}.identity.yaml`, certificate(name, combination));
    return certificateId(name);
  }

  async function withProject<T>(work: (project: Project) => Promise<T>): Promise<T> {
    const project = await place.open();
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  /** Record, authority, key store, target and sealed store tell the same story. */
  async function assertAgreement(
    project: Project,
    { store }: Combination,
    identity: IdentityId,
    outcome: Outcome,
  ): Promise<void> {
    const bao = await composition.join('openbao');
    const keys = store && (await (await composition.join(store.name)).keys?.());
    const stands = outcome === 'active' || outcome === 'revoked';
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    const sealed = await openSealedStore(
      sealedStoreFolder(place.stateHome),
      keyUnlock(place.unlockKey),
      nodeRandom,
    );
    assert.deepEqual(await sealed.list('staged'), [], 'no secret is left staged');
    if (keys !== undefined) assert.equal(keys.length, stands ? 1 : 0, `keys in the store: ${keys.join(' ')}`);
    const [row] = (await project.inventory(NEVER)).filter((each) => each.name === identity.name);
    assert.equal(row?.state, outcome);
    const events = await project.events(identity, NEVER);
    const live = reduceRecord(events).generations.filter(isLive);
    assert.equal(live.length, outcome === 'active' ? 1 : 0, `live generations: ${live.length}`);

    const ended = new Set(events.flatMap((event) => (event.type === 'revoked' ? [event.serialNumber] : [])));
    const recorded = events.flatMap((event) =>
      event.type === 'issued' && !ended.has(event.credential.serialNumber)
        ? [BigInt(`0x${event.credential.serialNumber}`)]
        : [],
    );
    const good = await bao.good?.(`${identity.name}.example.com`);
    assert.deepEqual(new Set(good), new Set(recorded), 'the authority holds good what the record knows');

    const delivered = await bao.delivered?.(`tls/${identity.name}`);
    assert.equal(delivered !== undefined, stands, 'what is delivered');
    assert.equal(delivered?.includes('PRIVATE KEY') ?? false, stands && store === undefined);
    if (outcome !== 'active') return;
    const report = await project.actions.verify({ identity }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
    const { fingerprint256 } = new X509Certificate(delivered ?? '');
    assert.equal(fingerprint256.replaceAll(':', '').toLowerCase(), live[0]?.credential.fingerprintSha256);
  }

  /** Of what an undone action issued, the authority holds nothing good. */
  async function assertUnmade(project: Project, identity: IdentityId): Promise<void> {
    const { generations } = reduceRecord(await project.events(identity, NEVER));
    const live = generations.filter(isLive).map(({ credential }) => BigInt(`0x${credential.serialNumber}`));
    const bao = await composition.join('openbao');
    assert.deepEqual(await bao.good?.(`${identity.name}.example.com`), live, 'what was issued is revoked');
  }

  async function stepsOf(combination: Combination, verb: WritingVerb): Promise<readonly PlanStep[]> {
    const identity = await declare(combination);
    return withProject(async (project) => {
      if (verb !== 'issue') await done(project, 'issue', identity);
      const plan = await project.actions.plan({ verb, identity }, NEVER);
      assert.ok(!('refused' in plan), JSON.stringify(plan));
      if (verb !== 'issue') await done(project, 'destroy', identity);
      return plan.steps;
    });
  }

  async function dies(identity: IdentityId, act: Orders['act'], killAt: Orders['killAt']): Promise<void> {
    const { root, stateHome, unlockKey } = place;
    const dead = await actor.start({ root, stateHome, unlockKey, identity, act, killAt }).ended;
    assert.equal(dead.signal, 'SIGKILL', `${JSON.stringify([act, killAt])}: ${dead.out}${dead.err}`);
  }

  /** `again`: how it is resumed, and where that dies; left out: by turns forward and back, and nothing dies any more. */
  async function killed(combination: Combination, verb: WritingVerb, { n, at, again }: Death): Promise<void> {
    const what = `${verb} step ${n} ${at}${again === undefined ? '' : `, ${again.resume} step ${again.n} ${again.at}`}`;
    const identity = await declare(combination);
    if (verb !== 'issue') await withProject((project) => done(project, 'issue', identity));
    await dies(identity, { verb }, { at, n });
    if (again !== undefined) {
      const [first] = await withProject((project) => project.actions.unfinished(NEVER));
      assert.ok(first, `${what} is unfinished`);
      await dies(identity, { resume: again.resume, planId: first.plan.id }, { at: again.at, n: again.n });
    }
    await withProject(async (project) => {
      const [unfinished] = await project.actions.unfinished(NEVER);
      assert.ok(unfinished, `${what} is unfinished`);
      assert.equal(unfinished.undoing, again?.resume === 'undo', what);
      const byTurns = unfinished.undoable && (n + POINTS.indexOf(at)) % 2 === (verb === 'issue' ? 1 : 0);
      const undo = again === undefined ? byTurns : again.resume === 'undo';
      const how = undo ? 'undo' : 'forward';
      const result = await project.actions.resume(unfinished.plan.id, how, {}, NEVER);
      assert.ok(!('refused' in result), `${what} ${how}: ${JSON.stringify(result)}`);
      assert.equal(result.state, undo ? 'undone' : 'done', `${what} ${how}: ${result.next}`);
      const outcome = undo ? (verb === 'issue' ? 'declared' : 'active') : AFTER[verb];
      await assertAgreement(project, combination, identity, outcome);
      if (undo) await assertUnmade(project, identity);
      if (outcome === 'active' || outcome === 'revoked') await done(project, 'destroy', identity);
    });
  }

  async function joined(test: { skip(): never | void }, store: string | undefined): Promise<Combination> {
    const openbao = participant('openbao');
    const byAuthority = store === 'service';
    const keys = store === undefined || byAuthority ? undefined : participant(store);
    for (const member of [openbao, keys]) member?.needs(test);
    await composition.join('openbao');
    if (keys !== undefined) await composition.join(keys.name);
    return { store: keys, byAuthority, authority: openbao, target: openbao };
  }

  for (const [shift, { store, thorough }] of STORES.entries())
    for (const verb of ['issue', 'rotate', 'revoke', 'destroy'] as const)
      it(`${verb}: key of ${store === 'service' ? 'the authority' : (store ?? 'the engine')}, certificate and delivery of openbao`, async function () {
        const combination = await joined(this, store);
        const steps = await stepsOf(combination, verb);
        for (const { n } of steps)
          for (const [index, at] of POINTS.entries())
            if (index === (n + shift) % POINTS.length || (thorough.includes(verb) && at === 'step-acted'))
              await killed(combination, verb, { n, at });
      });

  for (const store of ['softhsm', 'openbao', undefined])
    for (const verb of ['issue', 'rotate', 'revoke', 'destroy'] as const)
      it(`${verb}: key of ${store ?? 'the engine'}, killed again while it is resumed or undone`, async function () {
        const combination = await joined(this, store);
        const twice = deathsOf(await stepsOf(combination, verb));
        for (const resume of ['forward', 'undo'] as const) {
          const some = twice.filter(({ again }) => again?.resume === resume);
          const death = some[Math.floor(random() * some.length)];
          if (death !== undefined) await killed(combination, verb, death);
        }
      });
});
