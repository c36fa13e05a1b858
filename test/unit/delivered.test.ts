import assert from 'node:assert/strict';
import { holdsSecret, layOut, readBack } from '../../server/src/backends/delivered.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { encodeSshPrivateKey } from '../../server/src/core/credential/ssh/encodePrivateKey.ts';
import { encodeSshKey, sshKeyLine } from '../../server/src/core/credential/ssh/encodePublicKey.ts';
import { tokenFingerprint } from '../../server/src/core/credential/tokenFingerprint.ts';
import type { DeliveryContent } from '../../server/src/core/lifecycle/deliveryContent.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import {
  generateSoftwareKey,
  type SoftwareKey,
  softwareSigner,
} from '../../server/src/platform/crypto/softwareKeys.ts';
import { present, sha256 } from '../backends/contract/expectations.ts';
import { certify } from './ssh/material.ts';

const TOKEN = `tok_${'A1b2C3d4'.repeat(5)}`;

describe('what stands at a delivered place', () => {
  let key: SoftwareKey;
  let blob: Uint8Array;
  let certificate: Uint8Array;
  before(async () => {
    key = await generateSoftwareKey('Ed25519');
    blob = present(encodeSshKey(key.spki), 'key');
    certificate = await certify({ spki: key.spki, signer: softwareSigner(key.pkcs8, 'Ed25519') });
  });

  const privateFile = (): Secret<string> =>
    present(encodeSshPrivateKey({ ...key, comment: '' }, nodeRandom), 'private key');
  const laid = (...contents: readonly (readonly [DeliveryContent, string | Secret<string>])[]) =>
    layOut(contents.map(([what, pem]) => ({ what, pem: pem instanceof Secret ? pem : new Secret(pem) })));
  const read = (content: Secret<Uint8Array>) => [readBack(content, nodeHasher), holdsSecret(content)];

  it('is recognised as an SSH key or certificate by its octets', () => {
    assert.deepEqual(read(laid(['publicKey', sshKeyLine(blob, 'me')])), [
      { credentialSha256: sha256(blob) },
      false,
    ]);
    assert.deepEqual(read(laid(['certificate', sshKeyLine(certificate)])), [
      { credentialSha256: sha256(certificate) },
      false,
    ]);
  });

  it('is the certificate, whatever keys stand around it', () => {
    const line = sshKeyLine(blob);
    const both = laid(['publicKey', line], ['authority', line], ['certificate', sshKeyLine(certificate)]);
    assert.equal(readBack(both, nodeHasher).credentialSha256, sha256(certificate));
  });

  it('is recognised as a public key in PEM by its DER', () => {
    assert.deepEqual(read(laid(['publicKey', encodePem('PUBLIC KEY', key.spki)])), [
      { credentialSha256: sha256(key.spki) },
      false,
    ]);
  });

  it('is recognised as a private key in OpenSSH form by its public half', () => {
    const content = laid(['privateKey', privateFile()], ['certificate', sshKeyLine(certificate)]);
    assert.deepEqual(read(content), [
      { credentialSha256: sha256(certificate), privateKeySpkiSha256: sha256(key.spki) },
      true,
    ]);
  });

  it('is recognised as a token that stands alone, and is laid out without a line end', () => {
    const content = laid(['token', `${TOKEN}\n`]);
    assert.equal(new TextDecoder().decode(content.reveal()), TOKEN);
    const state = [{ credentialSha256: tokenFingerprint(TOKEN, nodeHasher) }, true];
    assert.deepEqual(read(content), state);
    assert.deepEqual(read(content.map((bytes) => Uint8Array.of(...bytes, 10))), state);
  });

  it('is no token where there are words, or something too short to be one', () => {
    for (const text of ['', 'hello', 'a note about what stands here', `${TOKEN}\n${TOKEN}`])
      assert.deepEqual(read(new Secret<Uint8Array>(new TextEncoder().encode(text))), [{}, false]);
  });
});
