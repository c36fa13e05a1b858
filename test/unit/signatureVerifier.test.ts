import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { RsaSaPssParams } from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { algorithmIdentifierOf } from '../../server/src/core/credential/build/algorithmIdentifier.ts';
import { KEY_ALGORITHMS } from '../../server/src/core/credential/keyAlgorithm.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import { generateSoftwareKey, softwareSigner } from '../../server/src/platform/crypto/softwareKeys.ts';

const SIGNAL = new AbortController().signal;
const DATA = new TextEncoder().encode('signed');
const OTHER = new TextEncoder().encode('something else');
const der = (value: unknown): Uint8Array => new Uint8Array(AsnConvert.serialize(value));
const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ type: 'spki', format: 'der' }));

describe('signatures', () => {
  for (const algorithm of KEY_ALGORITHMS)
    it(`of ${algorithm} keys are told good from bad`, async () => {
      const { pkcs8, spki } = await generateSoftwareKey(algorithm);
      const signature = await softwareSigner(pkcs8, algorithm).sign(DATA, SIGNAL);
      const identifier = der(algorithmIdentifierOf(algorithm));
      assert.equal(nodeSignatureVerifier.verify(spki, identifier, DATA, signature), 'good');
      assert.equal(nodeSignatureVerifier.verify(spki, identifier, OTHER, signature), 'bad');
      assert.equal(nodeSignatureVerifier.verify(spki, identifier, DATA, new Uint8Array(3)), 'bad');
    }).timeout(120_000);

  it('of RSA-PSS are checked with the salt and hash that they name', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const sha256 = new AlgorithmIdentifier({ algorithm: '2.16.840.1.101.3.4.2.1', parameters: null });
    const mask = new AlgorithmIdentifier({
      algorithm: '1.2.840.113549.1.1.8',
      parameters: AsnConvert.serialize(sha256),
    });
    const parameters = new RsaSaPssParams({ hashAlgorithm: sha256, maskGenAlgorithm: mask, saltLength: 32 });
    const identifier = der(
      new AlgorithmIdentifier({
        algorithm: '1.2.840.113549.1.1.10',
        parameters: AsnConvert.serialize(parameters),
      }),
    );
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const signature = new Uint8Array(sign('sha256', DATA, { key: privateKey, ...padding }));
    assert.equal(nodeSignatureVerifier.verify(spkiOf(publicKey), identifier, DATA, signature), 'good');
    assert.equal(nodeSignatureVerifier.verify(spkiOf(publicKey), identifier, OTHER, signature), 'bad');
  });

  it('by a key of another type are bad, and what is not known here is not called bad', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const ecdsa = der(algorithmIdentifierOf('ECDSA-P256'));
    assert.equal(nodeSignatureVerifier.verify(spkiOf(publicKey), ecdsa, DATA, new Uint8Array(64)), 'bad');
    const hashed = der(new AlgorithmIdentifier({ algorithm: '2.16.840.1.101.3.4.3.32' }));
    const unknown = nodeSignatureVerifier.verify(spkiOf(publicKey), hashed, DATA, new Uint8Array(64));
    assert.equal(unknown, 'cannot-verify-here');
    const damaged = nodeSignatureVerifier.verify(new Uint8Array(4), ecdsa, DATA, new Uint8Array(64));
    assert.equal(damaged, 'cannot-verify-here');
  });
});
