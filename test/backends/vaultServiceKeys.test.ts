import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import type { IssuedWithKey, ServiceKeyRequest } from '../../server/src/backends/contract.ts';
import { resultText } from '../../server/src/cli/output/resultText.ts';
import { paint } from '../../server/src/cli/output/text.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { Secret } from '../../server/src/core/secret.ts';
import {
  type ActingProcess,
  assertRefused,
  buildActingProcess,
  certificateId,
  done,
  NEVER,
} from '../support/acting.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';
import { vaultBackend } from '../support/vaultProject.ts';
import { present, rejectsWith, serialOf, sha256 } from './contract/expectations.ts';
import { identity, named, newKeyRequest, newRequest, SIGNAL } from './contract/requests.ts';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { openBench, type VaultBench } from './vaultContext.ts';

describe('keys that the server makes (origin: service)', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  let proxy: FaultyProxy;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    proxy = await startFaultyProxy(bao.address);
  });
  after(() => {
    proxy?.stop();
    bao?.stop();
  });
  afterEach(() => proxy?.mend());

  async function isRevoked(serialNumber: string): Promise<boolean> {
    const colons = serialNumber.match(/../g)?.join(':');
    const { data } = (await bao.root('GET', `pki/cert/${colons}`)) as unknown as {
      data: { revocation_time: number };
    };
    return data.revocation_time > 0;
  }

  async function listed(): Promise<readonly string[]> {
    const { keys } = (await bao.root('GET', 'pki/certs?list=1'))['data'] as { keys: readonly string[] };
    return keys.map((serial) => serial.replaceAll(':', ''));
  }

  describe('by the backend', () => {
    const benches: VaultBench[] = [];
    afterEach(async () => {
      for (const bench of benches.splice(0)) await bench.cleanup();
    });
    async function openHere(change: Parameters<typeof openBench>[1] = {}): Promise<VaultBench> {
      const bench = await openBench(bao, change);
      benches.push(bench);
      return bench;
    }
    async function issue({ backend }: Pick<VaultBench, 'backend'>, request: ServiceKeyRequest) {
      const outcome = await present(backend.authority?.serviceKeys, 'keys').issueWithKey(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    }
    const leafOf = ({ chain }: IssuedWithKey) => new X509Certificate(present(chain[0], 'leaf'));

    for (const keyAlgorithm of [
      'ECDSA-P256',
      'ECDSA-P384',
      'ECDSA-P521',
      'Ed25519',
      'RSA-2048',
      'RSA-3072',
    ] as const)
      it(`gives a certificate and its ${keyAlgorithm} key, which OpenSSL takes as a pair`, async () => {
        const bench = await openHere();
        const names = { ...named('api.example.com', 'www.example.com'), ipAddresses: ['192.0.2.7'] };
        const made = await issue(bench, newKeyRequest({ keyAlgorithm, names, durationSeconds: 7200 }));
        const leaf = leafOf(made);
        assert.equal(leaf.subjectAltName, 'DNS:api.example.com, DNS:www.example.com, IP Address:192.0.2.7');
        const lifetime = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 1000 + 1;
        assert.ok(lifetime <= 7200 && lifetime > 7200 - 72 - 5, `valid for ${lifetime} seconds`);
        writeFileSync(path.join(bench.folder, 'leaf.pem'), encodePem('CERTIFICATE', leaf.raw));
        writeFileSync(path.join(bench.folder, 'key.pem'), encodePem('PRIVATE KEY', made.pkcs8.reveal()));
        const openssl = (...args: readonly string[]) =>
          spawnSync('openssl', args, { cwd: bench.folder, encoding: 'utf8' }).stdout;
        const publicKey = openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey');
        assert.match(publicKey, /BEGIN PUBLIC KEY/);
        assert.equal(openssl('pkey', '-in', 'key.pem', '-pubout'), publicKey);
        const spelled = {
          'ECDSA-P256': /prime256v1/,
          'ECDSA-P384': /secp384r1/,
          'ECDSA-P521': /secp521r1/,
          Ed25519: /ED25519/i,
          'RSA-2048': /2048 bit/,
          'RSA-3072': /3072 bit/,
        };
        const shown = openssl('x509', '-in', 'leaf.pem', '-noout', '-text');
        assert.match(shown, spelled[keyAlgorithm]);
        assert.deepEqual(made.ended, []);
      });

    it('is found by request, serial number and key, and listed for its identity', async () => {
      const bench = await openHere();
      const who = identity(`with-key-${crypto.randomUUID()}`);
      const request = newKeyRequest({ identity: who, machine: 'web-1' });
      const made = await issue(bench, request);
      const authority = present((await bench.open()).authority, 'pki');
      const serialNumber = serialOf(made.chain[0]);
      const spkiSha256 = sha256(leafOf(made).publicKey.export({ format: 'der', type: 'spki' }));
      for (const query of [{ requestId: request.requestId }, { serialNumber }, { spkiSha256 }])
        assert.equal(
          (await authority.find(query, SIGNAL))?.serialNumber,
          serialNumber,
          JSON.stringify(query),
        );
      const [only, ...more] = await authority.issuedFor(who, SIGNAL);
      assert.deepEqual([only?.serialNumber, only?.machine, more.length], [serialNumber, 'web-1', 0]);
    });

    it('ends what a repeated request made before, since its key is not shown again', async () => {
      const bench = await openHere();
      const request = newKeyRequest({ identity: identity(`again-${crypto.randomUUID()}`) });
      const first = await issue(bench, request);
      const again = await issue(bench, request);
      const [before, after] = [serialOf(first.chain[0]), serialOf(again.chain[0])];
      assert.deepEqual(again.ended, [before]);
      assert.ok((await isRevoked(before)) && !(await isRevoked(after)));
      const authority = present(bench.backend.authority, 'pki');
      assert.equal((await authority.find({ requestId: request.requestId }, SIGNAL))?.serialNumber, after);
      assert.equal(await authority.find({ serialNumber: before }, SIGNAL), undefined);
      assert.deepEqual(await authority.status(before, SIGNAL), {
        ...(await authority.revoke(before, 'unspecified', SIGNAL)),
        status: 'revoked',
      });
      const listedFor = await authority.issuedFor(request.identity, SIGNAL);
      assert.deepEqual(
        listedFor.map(({ serialNumber }) => serialNumber),
        [after],
      );
    });

    for (const kind of ['reset after', 'half after'] as const)
      it(`revokes the certificate whose key was lost (${kind}), and no other of the same names`, async () => {
        for (const ledger of [
          undefined,
          { mount: 'secret', folder: `idac/payments/${crypto.randomUUID()}` },
        ]) {
          const bench = await openHere({ address: proxy.address, ledger });
          const names = named(`${crypto.randomUUID()}.example.com`);
          const same = () => newKeyRequest({ names, durationSeconds: 20 * 86_400 });
          const request = same();
          // The same names at the same time, by somebody else.
          const others = [await issue(bench, same())];
          proxy.break(/^POST \/v1\/pki\/issue\//, { kind }, 1);
          const before = await listed();
          const error = await rejectsWith('unreachable', issue(bench, request));
          assert.equal(error.mayHaveActed, true);
          assert.ok(!/PRIVATE KEY/.test(`${error.what}${error.hint}${String(error.stack)}`));
          others.push(await issue(bench, same()));
          const known = new Set([...before, ...others.map(({ chain }) => serialOf(chain[0]))]);
          const [lost, ...none] = (await listed()).filter((serial) => !known.has(serial));
          assert.ok(lost !== undefined && none.length === 0);
          // As another process does after a crash.
          const again = await bench.open();
          const made = await issue({ backend: again }, request);
          assert.deepEqual(made.ended, [lost]);
          assert.ok(await isRevoked(lost));
          for (const { chain } of [...others, made]) assert.ok(!(await isRevoked(serialOf(chain[0]))));
        }
      });

    it('finds the lost one for whoever undoes the request', async () => {
      const bench = await openHere({ address: proxy.address });
      const request = newKeyRequest({ names: named(`${crypto.randomUUID()}.example.com`) });
      proxy.break(/^POST \/v1\/pki\/issue\//, { kind: 'reset after' }, 1);
      const before = await listed();
      await rejectsWith('unreachable', issue(bench, request));
      const [lost] = (await listed()).filter((serial) => !before.includes(serial));
      const found = await present(bench.backend.authority, 'pki').find(
        { requestId: request.requestId },
        SIGNAL,
      );
      assert.equal(found?.serialNumber, lost);
    });

    it('makes keys of the type of a role that has one, and refuses others before it asks', async () => {
      await bao.root('POST', 'pki/roles/p384', {
        allowed_domains: ['example.com'],
        allow_subdomains: true,
        key_type: 'ec',
        key_bits: 384,
        max_ttl: '720h',
        require_cn: false,
      });
      const made = await bao.root('POST', 'auth/token/create', { policies: ['root'], ttl: '1h' });
      const { client_token: token } = made['auth'] as { client_token: string };
      const bench = await openBench(
        bao,
        { pki: { role: 'p384' }, auth: { method: 'token' }, address: proxy.address },
        { token },
      );
      benches.push(bench);
      assert.deepEqual(bench.backend.authority?.serviceKeys?.keyAlgorithms, ['ECDSA-P384']);
      assert.match(
        String((await issue(bench, newKeyRequest({ keyAlgorithm: 'ECDSA-P384' }))).pkcs8),
        /secret/,
      );
      proxy.calls.length = 0;
      const error = await rejectsWith('invalid-request', issue(bench, newKeyRequest()));
      assert.match(error.what, /makes no ECDSA-P256 keys/);
      assert.ok(!proxy.calls.some((call) => call.includes('/pki/issue/')));
    });

    it('revokes at once what comes back otherwise than it was asked for', async () => {
      const bench = await openHere({ address: proxy.address });
      const other = await newRequest();
      const leaf = present(
        await present(bench.backend.authority, 'pki').issue(other.request, SIGNAL),
        'another certificate',
      );
      assert.equal(leaf.state, 'issued');
      const made = await issue(bench, newKeyRequest());
      // Its names are right, and its key is another's.
      const body = JSON.stringify({
        data: {
          certificate: encodePem('CERTIFICATE', present(leaf.made.chain[0], 'leaf')),
          private_key: encodePem('PRIVATE KEY', made.pkcs8.reveal()),
        },
      });
      proxy.break(/^POST \/v1\/pki\/issue\//, { kind: 'answer', status: 200, body }, 1);
      const error = await rejectsWith('forbidden', issue(bench, newKeyRequest()));
      assert.match(error.what, /issued another certificate .* it was revoked at once/);
      assert.ok(await isRevoked(serialOf(leaf.made.chain[0])));
    });

    it('refuses a request id that was answered for other names, or for a key of one’s own', async () => {
      const bench = await openHere();
      const request = newKeyRequest();
      await issue(bench, request);
      const others = { ...request, names: named('www.example.com') };
      await rejectsWith('conflict', issue(bench, others));
      const own = await newRequest();
      const authority = present(bench.backend.authority, 'pki');
      await authority.issue(own.request, SIGNAL);
      await rejectsWith('conflict', issue(bench, newKeyRequest({ requestId: own.request.requestId })));
      await rejectsWith(
        'conflict',
        authority.issue({ ...own.request, requestId: request.requestId }, SIGNAL),
      );
    });
  });

  describe('by the engine', () => {
    let place: TempProject;
    let project: Project;
    let actor: ActingProcess;
    const api = certificateId('api', 'payments');
    before(async () => {
      actor = await buildActingProcess();
    });
    after(() => actor?.remove());
    beforeEach(async () => {
      const own = crypto.randomUUID();
      place = await tempProject({ 'manifest.identity.yaml': manifest(own) });
      project = await place.open();
      await project.logins.confirm('vault-prod');
      const { role_id, secret_id } = await appRole(bao);
      const values = { role_id: new Secret(role_id), secret_id: new Secret(secret_id) };
      await project.logins.logIn('vault-prod', values, NEVER);
      kv = `secret/data/payments/${own}/tls/api`;
    });
    afterEach(async () => {
      await project?.close();
      await place?.remove();
    });
    let kv = '';
    const manifest = (own: string, change: (text: string) => string = (text) => text) =>
      change(`${vaultBackend(proxy.address, own)}---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [api-${own}.example.com]
  key: { algorithm: ECDSA-P256, origin: service }
  issuer: vault-prod
  duration: 20d
  deliverTo:
    - { backend: vault-prod, path: tls/api, contents: [chain, privateKey] }
`);

    async function delivered() {
      const { data } = (await bao.root('GET', kv)) as unknown as {
        data: { data: { chain: string; privateKey: string } };
      };
      const leaf = new X509Certificate(data.data.chain);
      const key = createPrivateKey(data.data.privateKey);
      const spki = (from: typeof key) => createPublicKey(from).export({ format: 'pem', type: 'spki' });
      assert.equal(spki(key), leaf.publicKey.export({ format: 'pem', type: 'spki' }));
      return { leaf, privateKey: data.data.privateKey, serial: leaf.serialNumber.toLowerCase() };
    }

    /** Every file of project and state, with what each holds. */
    function files(): readonly (readonly [string, string])[] {
      const base = path.dirname(place.root);
      return readdirSync(base, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [file, readFileSync(file, 'latin1')]);
    }

    it('is planned without a step for the key, delivered, read back, and leaves no key behind', async () => {
      const plan = await project.actions.plan({ verb: 'issue', identity: api }, NEVER);
      assert.ok(!('refused' in plan), JSON.stringify(plan));
      assert.deepEqual(
        plan.steps.map(({ verb }) => verb),
        ['issue', 'deliver', 'verify', 'erase-staged'],
      );
      assert.match(plan.steps[0]?.consequence ?? '', /vault-prod makes its ECDSA-P256 key and sees it/);
      const result = await done(project, 'issue', api);
      const { privateKey } = await delivered();
      const octets = Buffer.from(privateKey.replace(/-----[^-]+-----|\s/g, ''), 'base64');
      for (const [file, text] of files()) {
        assert.ok(!text.includes('PRIVATE KEY'), file);
        for (const form of [octets.toString('latin1'), octets.toString('base64'), octets.toString('hex')])
          assert.ok(!text.includes(form), file);
      }
      assert.ok(!JSON.stringify(result).includes('PRIVATE KEY'));
      const [issued] = result.events.filter((event) => event.type === 'issued');
      assert.deepEqual(issued?.type === 'issued' && issued.key, {
        origin: 'service',
        algorithm: 'ECDSA-P256',
      });
      const report = await project.actions.verify({ identity: api }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
    });

    it('rotates, revokes and destroys like a key of the engine', async () => {
      await done(project, 'issue', api);
      const first = await delivered();
      await done(project, 'rotate', api);
      const second = await delivered();
      assert.notEqual(second.privateKey, first.privateKey);
      await done(project, 'revoke', api);
      assert.ok(await isRevoked(second.serial));
      await done(project, 'destroy', api);
      await assert.rejects(delivered());
    });

    it('is refused in the plan where the authority makes no keys, and no key is made', async () => {
      await place.write(
        'manifest.identity.yaml',
        manifest('x', (text) => text.replace('issuer: vault-prod', 'issuer: local-ca')),
      );
      const again = await place.open();
      try {
        const refused = await again.actions.plan({ verb: 'issue', identity: api }, NEVER);
        assertRefused(refused, 'origin-not-offered', /local-ca does not make keys for others.*engine/s);
      } finally {
        await again.close();
      }
    });

    it('killed with the answer on its way: the lost one is revoked, another is issued, and the outcome says so', async () => {
      proxy.break(/^POST \/v1\/pki\/issue\//, { kind: 'silence after' }, 1);
      proxy.done.length = 0;
      const before = await listed();
      const { root, stateHome, unlockKey } = place;
      const running = actor.start({
        root,
        stateHome,
        unlockKey,
        identity: api,
        act: { verb: 'issue' },
        killAt: null,
      });
      while (proxy.done.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(present(running.pid, 'process'), 'SIGKILL');
      assert.equal((await running.ended).signal, 'SIGKILL');
      const [lost] = (await listed()).filter((serial) => !before.includes(serial));
      assert.ok(lost !== undefined);
      const [unfinished] = await project.actions.unfinished(NEVER);
      const result = await project.actions.resume(present(unfinished, 'it').plan.id, 'forward', {}, NEVER);
      assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
      const shown = paint(
        resultText(result, present(unfinished, 'it').plan, { columns: 4000, tableColumns: 4000 }),
        false,
      );
      assert.match(shown, new RegExp(`certificate ${lost} of vault-prod was revoked`));
      const step = result.steps.find(({ n }) => n === 1);
      assert.equal(step?.state, 'done');
      assert.match(
        step?.detail ?? '',
        new RegExp(`its key with it: certificate ${lost} of vault-prod was revoked, and another`),
      );
      const { serial } = await delivered();
      assert.notEqual(serial, lost);
      assert.ok((await isRevoked(lost)) && !(await isRevoked(serial)));
      const report = await project.actions.verify({ identity: api }, NEVER);
      assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
      await done(project, 'rotate', api);
    });

    it('killed with the answer on its way, and undone: nothing good is left at the server', async () => {
      proxy.break(/^POST \/v1\/pki\/issue\//, { kind: 'silence after' }, 1);
      proxy.done.length = 0;
      const before = await listed();
      const { root, stateHome, unlockKey } = place;
      const orders = {
        root,
        stateHome,
        unlockKey,
        identity: api,
        act: { verb: 'issue' },
        killAt: null,
      } as const;
      const running = actor.start(orders);
      while (proxy.done.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(present(running.pid, 'process'), 'SIGKILL');
      await running.ended;
      const [unfinished] = await project.actions.unfinished(NEVER);
      const result = await project.actions.resume(present(unfinished, 'it').plan.id, 'undo', {}, NEVER);
      assert.ok(!('refused' in result) && result.state === 'undone', JSON.stringify(result));
      const made = (await listed()).filter((serial) => !before.includes(serial));
      assert.equal(made.length, 1);
      for (const serial of made) assert.ok(await isRevoked(serial));
      assert.deepEqual(await project.actions.unfinished(NEVER), []);
      await done(project, 'issue', api);
    });
  });
});
