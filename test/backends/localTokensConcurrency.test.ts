import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { backendType } from '../../server/src/backends/local/backend.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { present } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { newRegistrationRequest } from './contract/workloadRegistryContract.ts';
import { contextAt, makeDisk } from './localContext.ts';

const CHILD = fileURLToPath(new URL('./localTokensChild.ts', import.meta.url));
const WORKERS = 3;
const EACH = 4;

describe('embedded backend: tokens and workloads, asked for by several processes at once', function () {
  this.timeout(120_000);

  it('one request gives one token and one registration, whoever asks', async () => {
    const disk = await makeDisk();
    try {
      const key = nodeRandom.bytes(32);
      const unlock = { how: 'key', key: new Secret(key), keyName: 'test' } as const;
      // The sealed store is there; keys and secrets are not: the processes race to make them.
      const context = await contextAt(disk.folder, { unlock });
      const args = ['--import', 'tsx', CHILD, disk.folder, Buffer.from(key).toString('hex'), String(EACH)];
      const outputs = await Promise.all(
        Array.from({ length: WORKERS }, () => promisify(execFile)(process.execPath, args)),
      );
      const told = outputs.map(({ stdout }) => JSON.parse(stdout) as readonly string[]);
      for (const each of told) assert.deepEqual(each, told[0]);
      assert.equal(new Set(told[0]).size, 3 * EACH);

      const { tokens, workloads } = await backendType.open({}, context, SIGNAL);
      const { identity } = newTokenRequest();
      assert.equal((await present(tokens, 'tokens').issuedFor(identity, SIGNAL)).length, 2 * EACH);
      const workload = newRegistrationRequest('x').identity;
      assert.equal((await present(workloads, 'workloads').issuedFor(workload, SIGNAL)).length, EACH);
      const set = JSON.parse(await present(tokens?.jwks, 'jwks')(SIGNAL)) as { keys: readonly unknown[] };
      assert.equal(set.keys.length, 1, 'one key for all');
      assert.deepEqual(await context.sealed.list('tokens'), ['tokens/opaque', 'tokens/signing/1']);
    } finally {
      await disk.cleanup();
    }
  });
});
