import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Backend,
  IssuedToken,
  SvidVerdict,
  TokenRequest,
  WorkloadRegistry,
} from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { readTrustBundle } from '../../server/src/core/credential/spiffe/trustBundle.ts';
import type { CertificateUsage } from '../../server/src/core/credential/subjectNames.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { present, rejectsWith, serialOf } from './contract/expectations.ts';
import { named, newRequest, SIGNAL } from './contract/requests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { newRegistrationRequest } from './contract/workloadRegistryContract.ts';
import { testClock } from './localContext.ts';
import { type Bench, makeBench } from './localTools.ts';

const DOMAIN = 'example.com';
const ID = `spiffe://${DOMAIN}/payments/api`;
const CONFIG: LocalConfig = { workloads: { trustDomain: DOMAIN, publish: { bundle: 'spiffe/bundle.json' } } };
const BOTH: readonly CertificateUsage[] = ['serverAuth', 'clientAuth'];

describe('embedded backend: workloads', function () {
  this.timeout(120_000);
  let bench: Bench;
  let workloads: WorkloadRegistry;
  const clock = testClock('2030-01-01T00:00:00Z');
  beforeEach(async () => {
    clock.set('2030-01-01T00:00:00Z');
    bench = await makeBench(CONFIG, clock);
    workloads = present(bench.backend.workloads, 'workloads');
  });
  afterEach(() => bench.cleanup());

  const reopen = async (config: LocalConfig): Promise<Backend> =>
    backendType.open({ ...CONFIG, ...config }, await bench.context({ clock }), SIGNAL);
  const register = async (spiffeId = ID): Promise<string> => {
    const outcome = await workloads.issue(newRegistrationRequest(DOMAIN, { spiffeId }), SIGNAL);
    assert.equal(outcome.state, 'issued');
    return outcome.made.serialNumber;
  };
  const certificate = async (uri = ID, usages = BOTH): Promise<readonly Uint8Array[]> => {
    const names = { ...named(), uris: [uri] };
    const { request } = await newRequest({ names, usages, durationSeconds: 3600 });
    return (await bench.issue(request)).chain;
  };
  const verify = (chain: readonly Uint8Array[]): Promise<SvidVerdict> =>
    workloads.verifySvid({ type: 'x509', chain }, SIGNAL);
  const token = async (
    change: Partial<TokenRequest> = {},
    backend: Backend = bench.backend,
  ): Promise<IssuedToken> => {
    const request = newTokenRequest({ subject: ID, audience: ['ledger'], scopes: [], ...change });
    const outcome = await present(backend.tokens, 'tokens').issue(request, SIGNAL);
    assert.equal(outcome.state, 'issued');
    return outcome.made;
  };
  const verifyJwt = (made: IssuedToken, audience = 'ledger', by = workloads): Promise<SvidVerdict> =>
    by.verifySvid({ type: 'jwt', token: made.token, audience }, SIGNAL);
  const refused = (verdict: SvidVerdict, why: RegExp, spiffeId: string | null = ID): void => {
    assert.ok(!verdict.valid, 'it was taken');
    assert.match(verdict.why, why);
    assert.equal(verdict.spiffeId, spiffeId);
  };

  it('are in the trust domain that is configured, or one that no registry gives away', async () => {
    assert.equal(workloads.trustDomain, DOMAIN);
    const plain = await backendType.open({}, await bench.context({ clock }), SIGNAL);
    assert.equal(plain.workloads?.trustDomain, 'local-ca.internal');
    await rejectsWith('invalid-request', reopen({ workloads: { trustDomain: 'Example.com' } }));
  });

  it('prove themselves with a certificate of the authority, as OpenSSL sees it too', async () => {
    await register();
    const chain = await certificate();
    const verdict = await verify(chain);
    assert.deepEqual(verdict, { valid: true, spiffeId: ID, notAfter: '2030-01-01T00:54:59.000Z' });
    bench.pem('leaf.pem', chain[0]);
    bench.pem('issuing.pem', chain[1]);
    bench.pem('root.pem', (await bench.authority.roots(SIGNAL))[0]);
    const at = String(clock.now().getTime() / 1000);
    const judged = bench.run(
      'openssl',
      ...['verify', '-x509_strict', '-attime', at, '-purpose', 'sslclient', '-CAfile', 'root.pem'],
      ...['-untrusted', 'issuing.pem', 'leaf.pem'],
    );
    assert.equal(judged.status, 0, judged.output);
    const text = bench.run('openssl', 'x509', '-in', 'leaf.pem', '-noout', '-ext', 'subjectAltName,keyUsage');
    assert.match(text.output, new RegExp(`URI:${ID}`));
    assert.match(text.output, /Key Usage: critical\s+Digital Signature/);
  });

  it('do not, with one that is revoked, expired, for one side only or without its chain', async () => {
    await register();
    const chain = await certificate();
    refused(await verify(chain.slice(0, 1)), /has issued it/);
    refused(await verify(await certificate(ID, ['serverAuth'])), /extended key usage/);
    refused(
      await verify(await certificate('https://example.com/a')),
      /no SPIFFE ID/,
      'https://example.com/a',
    );
    clock.advance(3600);
    refused(await verify(chain), /expired/);
    clock.set('2030-01-01T00:00:00Z');
    await bench.authority.revoke(serialOf(chain[0]), 'keyCompromise', SIGNAL);
    refused(await verify(chain), /revoked at .* \(keyCompromise\)/);
  });

  it('do not, once nobody is registered under their SPIFFE ID any more', async () => {
    const chain = await certificate();
    const made = await token();
    refused(await verify(chain), /no workload is registered/);
    refused(await verifyJwt(made), /no workload is registered/);
    const serialNumber = await register();
    await register(`${ID}/other`);
    assert.ok((await verify(chain)).valid);
    assert.ok((await verifyJwt(made)).valid);
    await workloads.revoke(serialNumber, 'cessationOfOperation', SIGNAL);
    refused(await verify(chain), /registration was ended .* \(cessationOfOperation\)/);
    refused(await verifyJwt(made), /registration was ended/);
    await register();
    assert.ok((await verify(chain)).valid, 'registered again');
  });

  it('prove themselves with a JWT of the token issuer, to its audience alone', async () => {
    await register();
    const made = await token();
    assert.deepEqual(await verifyJwt(made), {
      valid: true,
      spiffeId: ID,
      notAfter: '2030-01-01T00:59:00.000Z',
    });
    refused(await verifyJwt(made, 'checkout'), /another audience/);
    refused(await verifyJwt(await token({ audience: [] })), /no audience/);
    refused(await verifyJwt(await token({ subject: 'payments' })), /no SPIFFE ID/, 'payments');
    refused(await verifyJwt(await token({ format: 'opaque' })), /cannot be relied on/, null);
    await present(bench.backend.tokens, 'tokens').revoke(made.serialNumber, 'superseded', SIGNAL);
    refused(await verifyJwt(made), /revoked/);
    const text = made.token.reveal();
    const damaged = { ...made, token: new Secret(`${text.slice(0, -4)}AAAA`) };
    refused(await verifyJwt(damaged), /signature/);
  });

  it('with Ed25519 tokens have no JWT-SVIDs, and the bundle says so', async () => {
    const backend = await reopen({ tokens: { keyAlgorithm: 'Ed25519' } });
    const registry = present(backend.workloads, 'workloads');
    await register();
    refused(await verifyJwt(await token({}, backend), 'ledger', registry), /algorithm/);
    const bundle = readTrustBundle(await registry.bundle(SIGNAL), DOMAIN, nodeHasher);
    assert.ok(bundle.ok);
    assert.deepEqual(bundle.bundle.jwtAuthorities, []);
  });

  it('have a bundle whose number grows when a key comes, and not otherwise', async () => {
    const read = async (registry: WorkloadRegistry) => {
      const bundle = readTrustBundle(await registry.bundle(SIGNAL), DOMAIN, nodeHasher);
      assert.ok(bundle.ok);
      return bundle.bundle;
    };
    const first = await read(workloads);
    const roots = await bench.authority.roots(SIGNAL);
    assert.deepEqual(
      first.x509Authorities.map((der) => Buffer.from(der)),
      roots.map((der) => Buffer.from(der)),
    );
    assert.equal(first.jwtAuthorities.length, 1);
    assert.equal(first.sequence, 1);
    assert.equal((await read(workloads)).sequence, 1);
    await token();
    const changed = await reopen({ tokens: { keyAlgorithm: 'ECDSA-P384' } });
    await token({}, changed);
    const second = await read(present(changed.workloads, 'workloads'));
    assert.equal(second.sequence, 2);
    assert.equal(second.jwtAuthorities.length, 2);
    assert.deepEqual(await present(workloads.publish, 'publish')(SIGNAL), ['spiffe/bundle.json']);
    const published = readFileSync(path.join(bench.project, 'spiffe/bundle.json'), 'utf8');
    assert.ok(readTrustBundle(published, DOMAIN, nodeHasher).ok);
  });
});
