import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import { signatureAlgorithmOf } from '../../server/src/core/credential/build/signatureAlgorithm.ts';
import { CLASSICAL_KEY_ALGORITHMS } from '../../server/src/core/credential/keyAlgorithm.ts';
import { sec1Of } from '../../server/src/core/credential/sec1.ts';
import { Secret } from '../../server/src/core/secret.ts';
import {
  generateSoftwareKey,
  publicKeyOf,
  softwareSigner,
} from '../../server/src/platform/crypto/softwareKeys.ts';

const signal = new AbortController().signal;

describe('keys made in memory', function () {
  this.timeout(120_000);

  for (const algorithm of CLASSICAL_KEY_ALGORITHMS)
    it(`${algorithm}: signs with the key that was made, and tells its public half`, async () => {
      const { pkcs8, spki } = await generateSoftwareKey(algorithm);
      const signer = softwareSigner(pkcs8, algorithm);
      assert.deepEqual([...signer.spki], [...spki]);
      assert.deepEqual([...publicKeyOf(pkcs8)], [...spki]);
      const data = Buffer.from('what is signed');
      const { hash } = signatureAlgorithmOf(algorithm);
      const key = { key: Buffer.from(spki), format: 'der', type: 'spki' } as const;
      assert.equal(verify(hash, data, key, await signer.sign(data, signal)), true);
    });

  it('are the same key as SEC 1, whatever the curve', () => {
    for (const namedCurve of ['P-256', 'P-384', 'P-521', 'secp256k1', 'brainpoolP256r1']) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve });
      const sec1 = sec1Of(privateKey.export({ format: 'der', type: 'pkcs8' }));
      assert.ok(sec1);
      const key = createPrivateKey({ key: Buffer.from(sec1), format: 'der', type: 'sec1' });
      assert.ok(key.equals(privateKey), namedCurve);
    }
  });

  it('refuse what is none, without a word of it', () => {
    for (const bytes of [new Uint8Array(), Buffer.from('no key, but secret'), new Uint8Array(64)])
      assert.throws(
        () => softwareSigner(new Secret<Uint8Array>(bytes), 'ECDSA-P256'),
        (error) => error instanceof Error && !error.message.includes('secret'),
      );
  });
});
