import assert from 'node:assert/strict';
import { configuredRoles } from '../../server/src/app/configuredRoles.ts';
import type { Backend, Role } from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/vault/backend.ts';
import type { BackendResource } from '../../server/src/core/manifest/resource.ts';
import { contractSuite } from './contractSuite.ts';
import { inNamespace, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { openBench } from './vaultContext.ts';

const promised = { roles: backendType.roles, targets: ['kv'] };

const NAMESPACE = 'team-a/prod';
const CONFIGURATIONS: Readonly<Record<string, Parameters<typeof openBench>[1]>> = {
  'vault, its ledger on the server': {},
  'vault, its ledger in the state folder': { ledger: undefined },
  'vault, with service tokens': { tokens: { method: 'token', role: 'checkout' } },
};

describe('backend vault on a real OpenBao', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  let within: OpenBao;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    within = await inNamespace(bao, NAMESPACE);
    await setUp(within);
  });
  after(() => bao?.stop());

  it('plays the roles that its manifest configures, which can be told without opening it', async () => {
    const all: readonly (readonly [Role, keyof Backend])[] = [
      ['CertificateAuthority', 'authority'],
      ['KeyStore', 'keys'],
      ['SecretStore', 'secrets'],
      ['SshAuthority', 'ssh'],
      ['TokenIssuer', 'tokens'],
      ['Target', 'targets'],
    ];
    const parts = ['pki', 'transit', 'kv', 'ssh', 'tokens'] as const;
    for (const absent of [[], ...parts.map((part) => [part]), parts]) {
      const bench = await openBench(bao, Object.fromEntries(absent.map((part) => [part, undefined])));
      try {
        const told = configuredRoles({ spec: { type: 'vault', ...bench.config } as BackendResource['spec'] });
        const played = all.flatMap(([role, capability]) =>
          bench.backend[capability] === undefined ? [] : [role],
        );
        assert.deepEqual([...told].sort(), [...played].sort(), absent.join());
      } finally {
        await bench.cleanup();
      }
    }
  });

  for (const [name, change] of Object.entries(CONFIGURATIONS))
    contractSuite(name, promised, () => openBench(bao, change));
  contractSuite('vault, in a namespace', promised, () => openBench(within, { namespace: NAMESPACE }));
});
