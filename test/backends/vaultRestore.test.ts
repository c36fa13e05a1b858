/** The former version of a delivered credential is put back (`restore`), judged by OpenSSL and the server itself. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import { currentGeneration, reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { Secret } from '../../server/src/core/secret.ts';
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
import { keyUnlock, type TempProject, tempProject } from '../support/tempProject.ts';
import { vaultBackend } from '../support/vaultProject.ts';
import { present } from './contract/expectations.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';

const POINTS = ['step-journaled', 'step-acted', 'step-noted', 'step-done'] as const;
const DAY = 86_400_000;

interface Version {
  readonly data: { readonly chain: string; readonly privateKey: string };
  readonly metadata: { readonly version: number };
}

describe('a former version is put back on a real OpenBao', function () {
  this.timeout(180_000);
  let bao: OpenBao;
  let actor: ActingProcess;
  let place: TempProject;
  let own: string;
  const api = certificateId('api', 'payments');
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    actor = await buildActingProcess();
  });
  after(async () => {
    await actor?.remove();
    bao?.stop();
  });
  beforeEach(async () => {
    own = crypto.randomUUID();
    place = await tempProject({ 'manifest.identity.yaml': manifest() });
    await withProject(async (project) => {
      await project.logins.confirm('vault-prod');
      const { role_id, secret_id } = await appRole(bao);
      const values = { role_id: new Secret(role_id), secret_id: new Secret(secret_id) };
      await project.logins.logIn('vault-prod', values, NEVER);
    });
  });
  afterEach(() => place?.remove());

  const manifest = (change: (text: string) => string = (text) => text) =>
    change(`${vaultBackend(bao.address, own)}---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [api.example.com]
  key: { algorithm: ECDSA-P256, origin: engine }
  issuer: vault-prod
  duration: 20d
  renewal: { overlap: 1d }
  deliverTo:
    - { backend: vault-prod, path: tls/api, contents: [chain, privateKey] }
`);

  async function withProject<T>(work: (project: Project) => Promise<T>, now?: Date): Promise<T> {
    const project = await place.open(now === undefined ? {} : { now: () => now });
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  async function version(wanted?: number): Promise<Version> {
    const at = `secret/data/payments/${own}/tls/api${wanted === undefined ? '' : `?version=${wanted}`}`;
    return (await bao.root('GET', at))['data'] as unknown as Version;
  }

  /** What OpenSSL says of both, apart from the tool. */
  function opensslSees({ data }: Version): string {
    const file = (name: string, text: string) => {
      const at = path.join(path.dirname(place.root), name);
      writeFileSync(at, text, { mode: 0o600 });
      return at;
    };
    const openssl = (...args: readonly string[]) => spawnSync('openssl', args, { encoding: 'utf8' }).stdout;
    const leaf = file('leaf.pem', data.chain);
    const key = file('key.pem', data.privateKey);
    const shown = openssl('x509', '-in', leaf, '-noout', '-serial', '-fingerprint', '-sha256', '-pubkey');
    assert.ok(shown.includes(openssl('pkey', '-in', key, '-pubout')), 'key and certificate belong together');
    spawnSync('rm', [leaf, key]);
    return shown;
  }

  const serialIn = (shown: string) => /serial=(\w+)/.exec(shown)?.[1]?.toLowerCase() ?? '';

  async function rotateToOverlap(project: Project): Promise<void> {
    await done(project, 'issue', api);
    const rotated = await attempt(project, 'rotate', api);
    assert.ok(!('refused' in rotated) && rotated.state === 'unfinished', JSON.stringify(rotated));
  }

  async function assertConsistent(project: Project, serial: string): Promise<void> {
    const report = await project.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report, null, 1));
    assert.deepEqual(
      report.machines.map(({ credential }) => credential?.serialNumber),
      [serial],
    );
    assert.ok(
      report.machines[0]?.checks.some(
        ({ what, outcome }) => what === 'delivered to tls/api' && outcome === 'ok',
      ),
    );
    assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    assert.deepEqual(await project.actions.unfinished(NEVER), []);
    const sealed = await openSealedStore(
      sealedStoreFolder(place.stateHome),
      keyUnlock(place.unlockKey),
      nodeRandom,
    );
    assert.deepEqual(await sealed.list('staged'), [], 'no secret is left staged');
  }

  it('in the overlap: version n+1 is the content of n-1, all agree, and the next rotation takes over from both', async () => {
    await withProject(async (project) => {
      await rotateToOverlap(project);
      const [first, second] = [await version(1), await version(2)];
      assert.notEqual(opensslSees(first), opensslSees(second));
      const plan = await project.actions.plan({ verb: 'restore', identity: api }, NEVER);
      assert.ok(!('refused' in plan), JSON.stringify(plan));
      assert.deepEqual(
        plan.steps.map((step) => [step.verb, step.class]),
        [
          ['put-back', 'undoable'],
          ['verify', 'repeatable'],
          ['erase-staged', 'repeatable'],
        ],
      );
      assert.equal(plan.line, null);
      const result = await done(project, 'restore', api);
      const third = await version();
      assert.equal(third.metadata.version, 3);
      assert.deepEqual(third.data, first.data);
      assert.equal(opensslSees(third), opensslSees(first));
      assert.ok(!JSON.stringify([plan, result]).includes('PRIVATE KEY'));
      await assertConsistent(project, serialIn(opensslSees(first)));

      const events = await project.events(api, NEVER);
      const record = reduceRecord(events);
      const current = present(currentGeneration(record, null), 'it');
      assert.ok(current.putBack);
      assert.deepEqual(
        record.generations.map(({ copies }) => copies.map((copy) => copy.version)),
        [['3'], []],
      );
      const [row] = await project.inventory(NEVER);
      assert.equal(row?.serialNumber, serialIn(opensslSees(first)));
      assert.match(row?.status ?? '', /^the former one was put back, expires in/);
      const findings = await project.check(NEVER);
      assert.deepEqual(
        findings.filter(({ rule }) => rule === 'record/former-in-place').map(({ severity }) => severity),
        ['warning'],
      );
    });
    await withProject(async (project) => {
      const rotated = await attempt(project, 'rotate', api);
      assert.ok(!('refused' in rotated) && rotated.state === 'unfinished', JSON.stringify(rotated));
      assert.equal((await version()).metadata.version, 4);
    });
    // After the overlap.
    await withProject(
      async (project) => {
        const [waiting] = await project.actions.unfinished(NEVER);
        const result = await project.actions.resume(present(waiting, 'it').plan.id, 'forward', {}, NEVER);
        assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
        const { live } = reduceRecord(await project.events(api, NEVER));
        assert.equal(live.get(null)?.length, 1);
        await assertConsistent(project, serialIn(opensslSees(await version())));
      },
      new Date(Date.now() + 2 * DAY),
    );
  });

  it('after the overlap: one that was superseded is in use again, and can be put forward again', async () => {
    await place.write(
      'manifest.identity.yaml',
      manifest((text) => text.replace('  renewal: { overlap: 1d }\n', '')),
    );
    await withProject(async (project) => {
      await done(project, 'issue', api);
      await done(project, 'rotate', api);
      const [first, second] = [opensslSees(await version(1)), opensslSees(await version(2))];
      const [row] = await project.inventory(NEVER);
      assert.ok(row?.verbs.includes('restore'));
      await done(project, 'restore', api);
      assert.equal(opensslSees(await version()), first);
      await assertConsistent(project, serialIn(first));
      await done(project, 'restore', api);
      assert.equal(opensslSees(await version()), second);
      await assertConsistent(project, serialIn(second));
      const record = reduceRecord(await project.events(api, NEVER));
      assert.deepEqual(
        record.generations.map(({ putBack }) => putBack),
        [false, false],
      );
      await done(project, 'rotate', api);
      await done(project, 'revoke', api);
      await done(project, 'destroy', api);
      await assert.rejects(version());
    });
  });

  it('is refused where nothing stood before, and is offered nowhere then', async () => {
    await withProject(async (project) => {
      await done(project, 'issue', api);
      const [row] = await project.inventory(NEVER);
      assert.ok(!row?.verbs.includes('restore'));
      assertRefused(
        await attempt(project, 'restore', api),
        'nothing-to-restore',
        /had another certificate before/,
      );
    });
  });

  const ENDED: Readonly<
    Record<
      string,
      { end(project: Project): Promise<unknown>; readonly words: RegExp; readonly later?: number }
    >
  > = {
    'it was revoked at the server': {
      end: async () => {
        const shown = serialIn(opensslSees(await version(1)));
        return bao.root('POST', 'pki/revoke', { serial_number: shown.match(/../g)?.join(':') });
      },
      words: /serial [0-9a-f]+\) cannot be used again: it was revoked\. Rotate/,
    },
    'it has ended by its date': {
      end: async () => undefined,
      words: /cannot be used again: it ended at \d{4}-/,
      later: 21 * DAY,
    },
    'its version was deleted': {
      end: () => bao.root('POST', `secret/delete/payments/${own}/tls/api`, { versions: [1] }),
      words:
        /version 1 of secret\/payments\/.*\/tls\/api was deleted on the server.*bao kv undelete -versions=1 secret\/payments\//,
    },
    'its version was destroyed': {
      end: () => bao.root('POST', `secret/destroy/payments/${own}/tls/api`, { versions: [1] }),
      words: /version 1 of .* was destroyed on the server.*rotate/,
    },
    'the server keeps one version alone': {
      end: async () => {
        await bao.root('POST', `secret/metadata/payments/${own}/tls/api`, { max_versions: 1 });
        const { data } = await version();
        await bao.root('POST', `secret/data/payments/${own}/tls/api`, { data });
      },
      words: /keeps no version 1 of .* any more/,
    },
    'the record names another version': {
      end: async () => {
        const file = readdirSync(place.root, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.json') && name.includes('.identity'))
          .map((name) => path.join(place.root, name))
          .find((name) => {
            const event = JSON.parse(readFileSync(name, 'utf8')) as {
              type: string;
              copy?: { version: string };
            };
            return event.type === 'delivered' && event.copy?.version === '1';
          });
        const text = readFileSync(present(file, 'event'), 'utf8');
        writeFileSync(present(file, 'event'), text.replace(/"version":(\s*)"1"/, '"version":$1"2"'));
      },
      words: /version 2 there holds something else than what was delivered/,
    },
  };
  for (const [what, { end, words, later }] of Object.entries(ENDED))
    it(`is refused where ${what}`, async () => {
      await place.write(
        'manifest.identity.yaml',
        manifest((text) => text.replace('  renewal: { overlap: 1d }\n', '')),
      );
      await withProject(async (project) => {
        await done(project, 'issue', api);
      });
      await withProject(
        async (project) => {
          await done(project, 'rotate', api);
          await end(project);
        },
        later === undefined ? undefined : new Date(Date.now() + 10 * DAY),
      );
      const before = (await version()).metadata.version;
      await withProject(
        async (project) => assertRefused(await attempt(project, 'restore', api), 'nothing-to-restore', words),
        later === undefined ? undefined : new Date(Date.now() + later),
      );
      assert.equal((await version()).metadata.version, before);
    });

  it('overwrites nothing that changed since the plan', async () => {
    await withProject(async (project) => {
      await rotateToOverlap(project);
      const plan = await project.actions.plan({ verb: 'restore', identity: api }, NEVER);
      assert.ok(!('refused' in plan));
      const confirmation = { confirmed: true };
      const observer = {
        async reached(point: { at: string }) {
          if (point.at !== 'step-journaled') return;
          await bao.root('POST', `secret/data/payments/${own}/tls/api`, { data: { chain: 'theirs' } });
        },
      };
      const result = await project.actions.execute(plan.id, plan.hash, confirmation, observer, NEVER);
      assert.ok(!('refused' in result) && result.state !== 'done', JSON.stringify(result));
      assert.match(result.next, /changed after the plan was made; it was not overwritten/);
      assert.deepEqual((await version()).data, { chain: 'theirs' });
    });
  });

  for (const how of ['forward', 'undo'] as const)
    it(`killed at any point of the journal, and resumed ${how}: record and server agree`, async () => {
      for (const at of POINTS)
        for (const n of [1, 2, 3]) {
          own = crypto.randomUUID();
          await place.write(
            'manifest.identity.yaml',
            manifest((text) => text.replace('name: api,', `name: api-${n}-${at},`)),
          );
          const identity = certificateId(`api-${n}-${at}`, 'payments');
          await withProject(async (project) => {
            await done(project, 'issue', identity);
            const rotated = await attempt(project, 'rotate', identity);
            assert.ok(!('refused' in rotated) && rotated.state === 'unfinished');
          });
          const [first, second] = [opensslSees(await version(1)), opensslSees(await version(2))];
          const { root, stateHome, unlockKey } = place;
          const orders = {
            root,
            stateHome,
            unlockKey,
            identity,
            act: { verb: 'restore' },
            killAt: { at, n },
          } as const;
          const dead = await actor.start(orders).ended;
          assert.equal(dead.signal, 'SIGKILL', `${n} ${at}: ${dead.out}${dead.err}`);
          await withProject(async (project) => {
            const [unfinished] = await project.actions.unfinished(NEVER);
            const { plan, undoable } = present(unfinished, `${n} ${at}`);
            assert.ok(undoable);
            const result = await project.actions.resume(plan.id, how, {}, NEVER);
            assert.ok(!('refused' in result), JSON.stringify(result));
            assert.equal(result.state, how === 'undo' ? 'undone' : 'done', `${n} ${at}: ${result.next}`);
            const expected = how === 'undo' ? second : first;
            assert.equal(opensslSees(await version()), expected, `${n} ${at}`);
            assert.ok((await version()).metadata.version <= (how === 'undo' ? 4 : 3), 'written once');
            const report = await project.actions.verify({ identity }, NEVER);
            assert.ok(!('refused' in report) && report.ok, `${n} ${at} ${JSON.stringify(report)}`);
            assert.equal(report.machines[0]?.credential?.serialNumber, serialIn(expected));
            const { generations } = reduceRecord(await project.events(identity, NEVER));
            const copies = generations.flatMap((each) => each.copies.map((copy) => copy.version));
            assert.deepEqual(copies, [String((await version()).metadata.version)], `${n} ${at}`);
            assert.deepEqual(await project.actions.unfinished(NEVER), []);
            assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
          });
        }
    });
});
