import { backendType } from '../../server/src/backends/vault/backend.ts';
import { contractSuite } from './contractSuite.ts';
import { needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { openBench } from './vaultContext.ts';

const promised = { roles: backendType.roles, targets: ['kv'] };

const CONFIGURATIONS: Readonly<Record<string, Parameters<typeof openBench>[1]>> = {
  'vault, its ledger on the server': {},
  'vault, its ledger in the state folder': { ledger: undefined },
  'vault, with service tokens': { tokens: { method: 'token', role: 'checkout' } },
};

describe('backend vault on a real OpenBao', function () {
  this.timeout(120_000);
  let bao: OpenBao;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());

  for (const [name, change] of Object.entries(CONFIGURATIONS))
    contractSuite(name, promised, () => openBench(bao, change));
});
