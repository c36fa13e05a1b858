/** Everything in a child namespace with a policy of its own; what has the same names in the root namespace stays untouched. */
import assert from 'node:assert/strict';
import { Secret } from '../../server/src/core/secret.ts';
import { present, rejectsWith, serialOf } from './contract/expectations.ts';
import { newKeyRequest, newRequest, SIGNAL } from './contract/requests.ts';
import { newSshRequest } from './contract/sshRequests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.ts';
import { appRole, inNamespace, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { openBench, type VaultBench } from './vaultContext.ts';

const NAMESPACE = 'team-a/prod';

describe('backend vault in a namespace', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  let within: OpenBao;
  let proxy: FaultyProxy;
  let bench: VaultBench;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    within = await inNamespace(bao, NAMESPACE);
    await setUp(within);
    proxy = await startFaultyProxy(bao.address);
  });
  after(() => {
    proxy?.stop();
    bao?.stop();
  });
  beforeEach(async () => {
    bench = await openBench(within, { namespace: NAMESPACE, address: proxy.address });
  });
  afterEach(() => bench?.cleanup());

  const LISTS = [
    'pki/certs',
    'transit/keys',
    'secret/metadata',
    'secret/metadata/payments',
    'secret/metadata/idac/payments',
    'auth/approle/role/checkout/secret-id',
  ];
  async function contents(server: OpenBao): Promise<readonly unknown[]> {
    return Promise.all(
      LISTS.map((at) =>
        server.root('LIST', at).then(
          ({ data }) => (data as { keys: readonly string[] }).keys,
          () => [],
        ),
      ),
    );
  }

  it('does everything there, and nothing in the root namespace', async () => {
    const [rootBefore, before] = [await contents(bao), await contents(within)];
    const { backend } = bench;
    const authority = present(backend.authority, 'pki');
    const issued = await authority.issue((await newRequest()).request, SIGNAL);
    assert.ok(issued.state === 'issued');
    const serialNumber = serialOf(issued.made.chain[0]);
    const withKey = await present(authority.serviceKeys, 'keys').issueWithKey(newKeyRequest(), SIGNAL);
    assert.equal(withKey.state, 'issued');
    await present(backend.keys, 'transit').generate('key/payments/one', 'ECDSA-P256', SIGNAL);
    const target = present(backend.targets?.['kv'], 'kv');
    await target.preflight({ path: 'tls/api', contents: ['chain'] }, SIGNAL);
    const pem = new Secret('-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n');
    const contentsOf = [{ what: 'publicKey', pem }] as const;
    await target.deliver({ path: 'tls/api', contents: contentsOf }, { ifVersion: null }, SIGNAL);
    const ssh = await present(backend.ssh, 'ssh').issue((await newSshRequest()).request, SIGNAL);
    assert.equal(ssh.state, 'issued');
    const token = newTokenRequest({ format: 'opaque', audience: [], scopes: [] });
    assert.equal((await present(backend.tokens, 'tokens').issue(token, SIGNAL)).state, 'issued');
    await authority.revoke(serialNumber, 'superseded', SIGNAL);
    assert.equal((await authority.status(serialNumber, SIGNAL)).status, 'revoked');
    const { checks } = await backend.health(SIGNAL);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ what }) => what),
      (await health(bao)).filter(({ ok }) => !ok).map(({ what }) => what),
      'what is wrong with it is what is wrong with the same set-up in the root namespace',
    );

    assert.deepEqual(await contents(bao), rootBefore);
    for (const [place, list] of (await contents(within)).entries())
      assert.notDeepEqual(list, before[place], LISTS[place]);
    const other = await openBench(bao, { kv: bench.config.kv, ledger: bench.config.ledger });
    try {
      const elsewhere = present(other.backend.authority, 'pki');
      assert.equal((await elsewhere.status(serialNumber, SIGNAL)).status, 'unknown');
      assert.equal(await elsewhere.find({ serialNumber }, SIGNAL), undefined);
      assert.equal(await present(other.backend.targets?.['kv'], 'kv').read('tls/api', SIGNAL), undefined);
    } finally {
      await other.cleanup();
    }
  });

  async function health(server: OpenBao) {
    const other = await openBench(server);
    try {
      return (await other.backend.health(SIGNAL)).checks;
    } finally {
      await other.cleanup();
    }
  }

  it('says which login does not belong there, and that there is no such namespace', async () => {
    const values = await appRole(within);
    const root = await rejectsWith('unauthenticated', openBench(bao, {}, values));
    assert.match(root.what, /refuses the login by approle/);
    const wrong = await rejectsWith('not-found', openBench(bao, { namespace: 'team-b/prod' }, values));
    assert.match(wrong.what, /vault-test has no such namespace/);
    assert.match(wrong.hint, /correct spec\.namespace/);
  });
});
