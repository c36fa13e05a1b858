import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/openProject.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { Plan, WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { isLive, reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { type ActingProcess, buildActingProcess, certificateId, done, NEVER } from '../support/acting.ts';
import type { Orders } from '../support/actingProcess.ts';
import { keyUnlock, type TempProject, tempProject } from '../support/tempProject.ts';

const POINTS = ['step-journaled', 'step-acted', 'step-noted', 'step-done'] as const;

const MANIFESTS = {
  'all.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: in-memory }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [memory.example.com]
  issuer: local-ca
  duration: 30d
  deliverTo:
    - { backend: local-ca, path: tls/memory.pem, contents: [chain, privateKey] }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: in-store }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [store.example.com]
  key: { origin: store, store: local-ca, algorithm: Ed25519 }
  issuer: local-ca
  duration: 30d
  deliverTo:
    - { backend: local-ca, as: secret, path: tls/store, contents: [chain] }
`,
};

describe('an action whose process is killed', function () {
  this.timeout(240_000);
  let scratch: string;
  let actor: ActingProcess;
  let place: TempProject;

  before(async () => {
    actor = await buildActingProcess();
    scratch = await mkdtemp(path.join(tmpdir(), 'idac-kept-'));
    place = await tempProject(MANIFESTS);
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
    await cp(base(), copy, { recursive: true, preserveTimestamps: true });
    return async () => {
      for (const name of await readdir(base())) await rm(path.join(base(), name), { recursive: true });
      await cp(copy, base(), { recursive: true, preserveTimestamps: true });
    };
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

  /** Every file below a folder that holds PKCS#8 text, relative. */
  async function filesWithKeys(folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      if ((await readFile(file)).includes('PRIVATE KEY')) found.push(path.relative(folder, file));
    }
    return found.sort();
  }

  const sealedStore = () =>
    openSealedStore(sealedStoreFolder(place.stateHome), keyUnlock(place.unlockKey), nodeRandom);
  const staged = async () => (await sealedStore()).list('staged');
  const keysInStore = async () =>
    (await (await sealedStore()).list('projects')).filter((name) => name.includes('/keys/'));

  /** Record, authority, target, sealed store and chain of events tell the same story. */
  async function assertAgreement(
    project: Project,
    identity: IdentityId,
    standing: 'live' | 'revoked' | 'destroyed' | 'none',
  ): Promise<void> {
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    assert.deepEqual(await staged(), [], 'no key is left staged');
    const keeps = identity.name === 'in-store' && (standing === 'live' || standing === 'revoked');
    assert.equal((await keysInStore()).length, keeps ? 1 : 0, 'the key store keeps what is in use');
    const record = reduceRecord(await project.events(identity, NEVER));
    const live = record.generations.filter(isLive);
    assert.equal(live.length, standing === 'live' ? 1 : 0, `live generations: ${live.length}`);
    const [row] = (await project.inventory(NEVER)).filter((each) => each.name === identity.name);
    const expected = { live: 'active', revoked: 'revoked', destroyed: 'destroyed', none: 'declared' }[
      standing
    ];
    assert.equal(row?.state, expected);
    const inMemory = identity.name === 'in-memory';
    const pem = await readFile(path.join(place.root, 'tls/memory.pem'), 'utf8').catch(() => undefined);
    if (inMemory && (standing === 'destroyed' || standing === 'none')) assert.equal(pem, undefined);
    if (standing === 'live') {
      const report = await project.actions.verify({ identity }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
      if (inMemory) {
        const certificate = new X509Certificate(pem ?? '');
        assert.equal(
          certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
          live[0]?.credential.fingerprintSha256,
        );
        const key = createPublicKey(createPrivateKey(pem ?? ''));
        assert.ok(certificate.publicKey.equals(key), 'key and certificate belong together');
      }
    }
    assert.deepEqual(await filesWithKeys(place.root), pem === undefined ? [] : ['tls/memory.pem']);
    assert.deepEqual(await filesWithKeys(place.stateHome), [], 'no key lies readable in the state folder');
    await assertAuthority(project, identity);
  }

  /** Each certificate that the authority holds good is one that the record knows as not revoked, and the other way round. */
  async function assertAuthority(project: Project, identity: IdentityId): Promise<void> {
    const plan = await project.actions.plan({ verb: 'destroy', identity }, NEVER);
    // A plan reads the authority's own list: it would refuse if that were ahead of the record.
    assert.ok(!('refused' in plan) || plan.code !== 'refused/world-ahead', JSON.stringify(plan));
  }

  const AFTER: Readonly<Record<WritingVerb, 'live' | 'revoked' | 'destroyed'>> = {
    issue: 'live',
    renew: 'live',
    rotate: 'live',
    revoke: 'revoked',
    destroy: 'destroyed',
  };

  for (const name of ['in-memory', 'in-store']) {
    for (const verb of ['issue', 'renew', 'rotate', 'revoke', 'destroy'] as const) {
      it(`${verb} ${name}: killed at every point of every step, then resumed`, async () => {
        const identity = certificateId(name);
        await place.remove();
        place = await tempProject(MANIFESTS);
        if (verb !== 'issue') {
          const project = await place.open();
          await done(project, 'issue', identity);
          await project.close();
        }
        const restore = await keep();
        const { steps, line } = await planOf(verb, identity);
        let kills = 0;
        for (const step of steps) {
          for (const at of POINTS) {
            await restore();
            const dead = await run({ identity, act: { verb }, killAt: { at, n: step.n } });
            assert.equal(dead.signal, 'SIGKILL', `${verb} step ${step.n} ${at}: ${dead.out}${dead.err}`);
            kills += 1;
            const project = await place.open();
            const [unfinished] = await project.actions.unfinished(NEVER);
            assert.ok(unfinished, `step ${step.n} ${at} is unfinished`);
            assert.equal(unfinished.running, false);
            assert.equal(unfinished.undoable, line === null || step.n < line);
            const undo = unfinished.undoable && (step.n + POINTS.indexOf(at)) % 2 === 0;
            const how = undo ? 'undo' : 'forward';
            const result = await project.actions.resume(unfinished.plan.id, how, {}, NEVER);
            assert.ok(!('refused' in result), JSON.stringify(result));
            assert.equal(
              result.state,
              undo ? 'undone' : 'done',
              `step ${step.n} ${at} ${how}: ${result.next}`,
            );
            await assertAgreement(
              project,
              identity,
              undo ? (verb === 'issue' ? 'none' : 'live') : AFTER[verb],
            );
            await project.close();
          }
        }
        assert.equal(kills, steps.length * POINTS.length);
      });
    }
  }

  it('killed again while it is resumed and while it is undone', async () => {
    const identity = certificateId('in-memory');
    await place.remove();
    place = await tempProject(MANIFESTS);
    const project = await place.open();
    await done(project, 'issue', identity);
    await project.close();
    const restore = await keep();
    for (const resume of ['forward', 'undo'] as const) {
      for (const n of [3, 2, 1]) {
        await restore();
        const dead = await run({ identity, act: { verb: 'rotate' }, killAt: { at: 'step-acted', n: 3 } });
        assert.equal(dead.signal, 'SIGKILL');
        const first = await place.open();
        const [unfinished] = await first.actions.unfinished(NEVER);
        await first.close();
        assert.ok(unfinished);
        const planId = unfinished.plan.id;
        const killAt =
          resume === 'undo' ? { at: 'step-undone' as const, n } : { at: 'step-noted' as const, n: n + 2 };
        const again = await run({ identity, act: { resume, planId }, killAt });
        assert.equal(again.signal, 'SIGKILL', again.out + again.err);
        const last = await place.open();
        // What was being undone goes on being undone, whatever is asked.
        const result = await last.actions.resume(planId, 'forward', {}, NEVER);
        assert.ok(!('refused' in result), JSON.stringify(result));
        assert.equal(result.state, resume === 'undo' ? 'undone' : 'done', result.next);
        await assertAgreement(last, identity, 'live');
        await last.close();
      }
    }
  });

  it('cannot tell whether it delivered: says what it looked for, and touches nothing', async () => {
    const identity = certificateId('in-memory');
    await place.remove();
    place = await tempProject(MANIFESTS);
    const project = await place.open();
    await done(project, 'issue', identity);
    await project.close();
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
    assert.match(result.next, /Looked at tls\/memory\.pem \(local-ca\) for .*found neither\./);
    assert.equal(await readFile(file, 'utf8'), 'written by somebody else\n');
    await writeFile(file, former);
    const again = await after.actions.resume(unfinished.plan.id, 'forward', {}, NEVER);
    assert.ok(!('refused' in again) && again.state === 'done', JSON.stringify(again));
    await assertAgreement(after, identity, 'live');
    await after.close();
  });
});
