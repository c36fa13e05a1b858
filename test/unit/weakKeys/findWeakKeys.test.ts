/** Many keys are looked at in a thread of their own, which ends with whoever asked. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { findWeakKeys } from '../../../server/src/app/weakKeys/findWeakKeys.ts';
import { toBigInt } from '../../../server/src/core/credential/octets.ts';
import { prime, problemsOf, rsaKey } from '../../support/weakKeys.ts';

describe('many keys', function () {
  this.timeout(120_000);
  const any = (bits: number) =>
    rsaKey((toBigInt(randomBytes(bits / 8)) | (1n << BigInt(bits - 1)) | 1n) as bigint);

  it('say in the thread what they say here', async () => {
    const shared = prime(256);
    const keys = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `${at}`,
        at % 20 === 0 ? rsaKey(shared * prime(768)) : any(1024),
      ]),
    );
    const found = await findWeakKeys(new Map(Object.entries(keys)), {}, new AbortController().signal);
    assert.deepEqual(found, problemsOf(keys));
    assert.deepEqual(found.get('20')?.at(-1)?.others, ['0', '40']);
  });

  it('are given up when nobody waits any more', async () => {
    const keys = new Map(Array.from({ length: 3000 }, (_, at) => [`${at}`, any(4096)]));
    const abort = new AbortController();
    const asked = performance.now();
    const answer = findWeakKeys(keys, {}, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 300);
    await assert.rejects(answer, /enough/);
    assert.ok(performance.now() - asked < 30_000, 'it did not wait for the end');
  });

  it('nothing is begun for whom has gone', async () => {
    await assert.rejects(findWeakKeys(new Map(), {}, AbortSignal.abort(new Error('gone'))), /gone/);
  });
});
