import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import type { KeyStore } from '../../../server/src/backends/contract.ts';
import { algorithmIdentifierOf } from '../../../server/src/core/credential/build/algorithmIdentifier.ts';
import { derOf } from '../../../server/src/core/credential/build/der.ts';
import { signatureAlgorithmOf } from '../../../server/src/core/credential/build/signatureAlgorithm.ts';
import { isPostQuantum } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { honoursAbort, type OpenBackend, type OpenedBackend, present, rejectsWith } from './expectations.ts';
import { SIGNAL } from './requests.ts';

/** What every key store holds. */
export function keyStoreContract(open: OpenBackend): void {
  describe('as key store', () => {
    let opened: OpenedBackend;
    let keys: KeyStore;
    before(async () => {
      opened = await open();
      keys = present(opened.backend.keys, 'keys');
    });
    after(() => opened.cleanup());

    it('makes a key once for each id', async () => {
      const first = await keys.generate('payments/api/1', 'ECDSA-P256', SIGNAL);
      assert.deepEqual(await keys.generate('payments/api/1', 'ECDSA-P256', SIGNAL), first);
      assert.equal(first.algorithm, 'ECDSA-P256');
      const other = await keys.generate('payments/api/2', 'ECDSA-P256', SIGNAL);
      assert.notDeepEqual(other.spki, first.spki);
      await rejectsWith('conflict', keys.generate('payments/api/1', 'ECDSA-P384', SIGNAL));
    });

    it('finds and lists them', async () => {
      const made = await keys.generate('listed', 'ECDSA-P256', SIGNAL);
      assert.deepEqual(await keys.find('listed', SIGNAL), made);
      assert.equal(await keys.find('never', SIGNAL), undefined);
      assert.ok((await keys.list(SIGNAL)).some(({ keyId }) => keyId === 'listed'));
    });

    it('signs with each algorithm that it names', async () => {
      const data = new TextEncoder().encode('to be signed');
      for (const algorithm of keys.keyAlgorithms) {
        const { spki } = await keys.generate(`signs/${algorithm}`, algorithm, SIGNAL);
        const signer = await keys.signer(`signs/${algorithm}`, SIGNAL);
        assert.deepEqual([signer.algorithm, signer.spki], [algorithm, spki]);
        const signature = await signer.sign(data, SIGNAL);
        if (isPostQuantum(algorithm)) {
          // Node 20 has none of these; that pyca/cryptography takes the signatures is for `npm run conformance`.
          const identifier = derOf(algorithmIdentifierOf(algorithm));
          assert.equal(nodeSignatureVerifier.verify(spki, identifier, data, signature), 'good', algorithm);
          continue;
        }
        const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
        const { hash } = signatureAlgorithmOf(algorithm);
        assert.ok(verify(hash, data, key, signature), algorithm);
      }
    }).timeout(120_000);

    it('never gives a key out', async () => {
      await keys.generate('kept', 'ECDSA-P256', SIGNAL);
      const signer = await keys.signer('kept', SIGNAL);
      const found = await keys.find('kept', SIGNAL);
      const shown = JSON.stringify([signer, found, await keys.list(SIGNAL)]);
      assert.doesNotMatch(shown, /private|pkcs8|secret/i);
      const facts = ['keyAlgorithms', 'revocationReasons', 'usages'];
      const verbs = ['destroy', 'disable', 'find', 'generate', 'list', 'signer'];
      const beyond = Object.keys(keys).filter((name) => ![...facts, ...verbs].includes(name));
      assert.deepEqual(beyond, [], 'no verb beyond the contract');
      assert.deepEqual(Object.keys(signer).sort(), ['algorithm', 'sign', 'spki']);
    });

    it('lets a disabled key sign no more, and says since when and why', async () => {
      if (keys.disable === undefined) {
        assert.deepEqual(keys.revocationReasons, [], 'what cannot be done has no reason');
        return;
      }
      const [reason = 'unspecified', other = 'unspecified'] = keys.revocationReasons;
      await keys.generate('disabled', 'ECDSA-P256', SIGNAL);
      const first = await keys.disable('disabled', reason, SIGNAL);
      assert.equal(first.reason, reason);
      assert.deepEqual(await keys.disable('disabled', other, SIGNAL), first, 'the first time counts');
      assert.deepEqual((await keys.find('disabled', SIGNAL))?.disabled, first);
      await rejectsWith('forbidden', keys.signer('disabled', SIGNAL));
      await rejectsWith('not-found', keys.disable('never-made', reason, SIGNAL));
      assert.equal((await keys.generate('disabled', 'ECDSA-P256', SIGNAL)).disabled?.at, first.at);
    });

    it('destroys for good, twice as well as once', async () => {
      const before = await keys.generate('gone', 'ECDSA-P256', SIGNAL);
      await keys.destroy('gone', SIGNAL);
      await keys.destroy('gone', SIGNAL);
      assert.equal(await keys.find('gone', SIGNAL), undefined);
      assert.ok(!(await keys.list(SIGNAL)).some(({ keyId }) => keyId === 'gone'));
      await rejectsWith('not-found', keys.signer('gone', SIGNAL));
      const after = await keys.generate('gone', 'ECDSA-P256', SIGNAL);
      assert.notDeepEqual(after.spki, before.spki, 'the same id later is another key');
    });

    it('stops when it is aborted', async () => {
      await honoursAbort((signal) => keys.generate('aborted', 'ECDSA-P256', signal));
      assert.equal(await keys.find('aborted', SIGNAL), undefined);
      await honoursAbort((signal) => keys.list(signal));
      await honoursAbort((signal) => keys.signer('x', signal));
      await honoursAbort((signal) => keys.destroy('x', signal));
    });
  });
}
