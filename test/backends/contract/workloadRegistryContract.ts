import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type {
  Registration,
  RegistrationRequest,
  WorkloadRegistry,
} from '../../../server/src/backends/contract.ts';
import { NO_END } from '../../../server/src/core/lifecycle/event.ts';
import { Secret } from '../../../server/src/core/secret.ts';
import { selfSigned } from './certificates.ts';
import { honoursAbort, type OpenBackend, type OpenedBackend, present, rejectsWith } from './expectations.ts';
import { identity, SIGNAL } from './requests.ts';

/** A sound request for a workload that no other one names; `change` replaces parts of it. */
export function newRegistrationRequest(
  trustDomain: string,
  change: Partial<RegistrationRequest> = {},
): RegistrationRequest {
  const id = randomUUID();
  return {
    requestId: `request-${id}`,
    identity: { ...identity('checkout'), kind: 'Workload' },
    spiffeId: `spiffe://${trustDomain}/payments/${id}`,
    selectors: ['unix:uid:1001', 'unix:path:/usr/bin/checkout'],
    dnsNames: ['checkout.example.com'],
    x509SvidTtlSeconds: 3600,
    jwtSvidTtlSeconds: 300,
    federatesWith: [],
    ...change,
  };
}

/** What every workload registry holds. */
export function workloadRegistryContract(open: OpenBackend): void {
  describe('as workload registry', () => {
    let opened: OpenedBackend;
    let workloads: WorkloadRegistry;
    before(async () => {
      opened = await open();
      workloads = present(opened.backend.workloads, 'workloads');
    });
    after(() => opened.cleanup());

    const newRequest = (change: Partial<RegistrationRequest> = {}): RegistrationRequest =>
      newRegistrationRequest(workloads.trustDomain, change);
    const register = async (request: RegistrationRequest): Promise<Registration> => {
      const outcome = await workloads.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };

    it('registers what the manifest says, without an end', async () => {
      const request = newRequest();
      const made = await register(request);
      assert.equal(made.spiffeId, request.spiffeId);
      assert.deepEqual([...made.selectors].sort(), [...request.selectors].sort());
      assert.ok(made.parentId.startsWith(`spiffe://${workloads.trustDomain}/`));
      assert.equal(made.notAfter, NO_END);
      assert.equal(made.revoked, undefined);
    });

    it('answers a repeated request id with the same registration, and enters it once', async () => {
      const who = identity('repeated');
      const request = newRequest({ identity: who });
      assert.deepEqual(await register(request), await register(request));
      assert.equal((await workloads.issuedFor(who, SIGNAL)).length, 1);
      await rejectsWith('conflict', workloads.issue({ ...request, selectors: ['unix:uid:0'] }, SIGNAL));
    });

    it('registers the same under another identity only once the first was ended', async () => {
      const request = newRequest();
      const { serialNumber } = await register(request);
      const twin = newRequest({
        identity: identity('twin'),
        spiffeId: request.spiffeId,
        selectors: [...request.selectors].reverse(),
      });
      await rejectsWith('conflict', workloads.issue(twin, SIGNAL));
      await register(
        newRequest({ identity: identity('other'), spiffeId: request.spiffeId, selectors: ['unix:uid:7'] }),
      );
      await register({ ...twin, requestId: 'again', identity: request.identity });
      await rejectsWith('conflict', workloads.issue(twin, SIGNAL));
      const [reason] = workloads.revocationReasons;
      await workloads.revoke(serialNumber, present(reason, 'a reason'), SIGNAL);
      const again = present(await workloads.find({ requestId: 'again' }, SIGNAL), 'again');
      await workloads.revoke(again.serialNumber, present(reason, 'a reason'), SIGNAL);
      assert.equal((await register(twin)).spiffeId, request.spiffeId);
    });

    it('finds what it registered by request and id', async () => {
      const who = identity('found');
      const request = newRequest({ identity: who, machine: 'web-1' });
      const entry = await register(request);
      for (const query of [{ requestId: request.requestId }, { serialNumber: entry.serialNumber }])
        assert.deepEqual(await workloads.find(query, SIGNAL), entry);
      assert.deepEqual(await workloads.issuedFor(who, SIGNAL), [entry]);
      assert.equal(await workloads.find({ requestId: 'never' }, SIGNAL), undefined);
      assert.equal(await workloads.find({ serialNumber: '01' }, SIGNAL), undefined);
      assert.equal(await workloads.find({ spkiSha256: '00'.repeat(32) }, SIGNAL), undefined);
      assert.deepEqual(await workloads.issuedFor(identity('nobody'), SIGNAL), []);
    });

    it('ends a registration once and for all, and says so', async () => {
      const { serialNumber } = await register(newRequest());
      assert.deepEqual(await workloads.status(serialNumber, SIGNAL), { status: 'good' });
      const [reason, other] = workloads.revocationReasons;
      const first = await workloads.revoke(serialNumber, present(reason, 'a reason'), SIGNAL);
      assert.deepEqual(await workloads.revoke(serialNumber, other ?? first.reason, SIGNAL), first);
      assert.deepEqual(await workloads.status(serialNumber, SIGNAL), { status: 'revoked', ...first });
      assert.equal((await workloads.status('0102030405', SIGNAL)).status, 'unknown');
      await rejectsWith('not-found', workloads.revoke('0102030405', 'unspecified', SIGNAL));
    });

    it('refuses what it would not register, with a clear word', async () => {
      const sound = newRequest();
      const bad: readonly Partial<RegistrationRequest>[] = [
        { spiffeId: 'spiffe://elsewhere.example/payments/api' },
        { spiffeId: `spiffe://${workloads.trustDomain}` },
        { spiffeId: `spiffe://${workloads.trustDomain}/a//b` },
        { spiffeId: 'payments/api' },
        { parentId: 'spiffe://elsewhere.example/node' },
        { parentId: sound.spiffeId },
        { selectors: [] },
        { selectors: ['uid'] },
        { selectors: [':1001'] },
        { selectors: ['unix:'] },
        { dnsNames: ['not a name'] },
        { x509SvidTtlSeconds: 0 },
        { federatesWith: ['Partner_Example/'] },
      ];
      for (const change of bad)
        await rejectsWith('invalid-request', workloads.issue({ ...sound, ...change }, SIGNAL));
      assert.equal(await workloads.find({ requestId: sound.requestId }, SIGNAL), undefined);
    });

    it('gives a trust bundle, and takes no SVID of others', async () => {
      const bundle = JSON.parse(await workloads.bundle(SIGNAL)) as { keys: { use: string }[] };
      assert.ok(bundle.keys.some(({ use }) => use === 'x509-svid'));
      assert.ok(bundle.keys.every((key) => !('d' in key)));
      const { certificate } = await selfSigned('Stranger');
      const x509 = await workloads.verifySvid({ type: 'x509', chain: [certificate] }, SIGNAL);
      assert.ok(!x509.valid && x509.why.length > 5);
      const token = new Secret('nobody.signed.this');
      const jwt = await workloads.verifySvid({ type: 'jwt', token, audience: 'ledger' }, SIGNAL);
      assert.ok(!jwt.valid && jwt.spiffeId === null);
    });

    it('stops when it is aborted, and has then done nothing', async () => {
      const request = newRequest();
      await honoursAbort((signal) => workloads.issue(request, signal));
      assert.equal(await workloads.find({ requestId: request.requestId }, SIGNAL), undefined);
      await honoursAbort((signal) => workloads.find({ requestId: 'x' }, signal));
      await honoursAbort((signal) => workloads.issuedFor(identity('x'), signal));
      await honoursAbort((signal) => workloads.revoke('01', 'unspecified', signal));
      await honoursAbort((signal) => workloads.status('01', signal));
      await honoursAbort((signal) => workloads.bundle(signal));
      await honoursAbort((signal) => workloads.verifySvid({ type: 'x509', chain: [] }, signal));
      if (workloads.publish) await honoursAbort((signal) => present(workloads.publish, 'publish')(signal));
    });
  });
}
