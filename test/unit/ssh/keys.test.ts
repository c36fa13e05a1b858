import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  CLASSICAL_KEY_ALGORITHMS,
  type KeyAlgorithm,
} from '../../../server/src/core/credential/keyAlgorithm.ts';
import { decodePem } from '../../../server/src/core/credential/pem.ts';
import { encodeSshPrivateKey } from '../../../server/src/core/credential/ssh/encodePrivateKey.ts';
import { encodeSshKey, sshKeyLine } from '../../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshPrivateKey } from '../../../server/src/core/credential/ssh/privateKey.ts';
import { decodeSshKey, sshFingerprint } from '../../../server/src/core/credential/ssh/publicKey.ts';
import { mpint } from '../../../server/src/core/credential/ssh/wireWriter.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../../server/src/platform/crypto/randomSource.ts';
import type { SoftwareKey } from '../../../server/src/platform/crypto/softwareKeys.ts';
import { present } from '../../backends/contract/expectations.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { type Judge, judge, keysOfAll } from './material.ts';

describe('OpenSSH keys, written', function () {
  this.timeout(120_000);
  let folder: Judge;
  let keys: ReadonlyMap<KeyAlgorithm, SoftwareKey>;
  before(async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = judge();
    keys = await keysOfAll();
  });
  after(() => folder?.remove());

  for (const algorithm of CLASSICAL_KEY_ALGORITHMS) {
    it(`writes ${algorithm} keys as ssh-keygen reads them, and reads them back`, () => {
      const { pkcs8, spki } = present(keys.get(algorithm), algorithm);
      const blob = present(encodeSshKey(spki), 'blob');
      folder.write('key.pub', `${sshKeyLine(blob, 'me\nand you')}\n`);
      const shown = folder.keygen('-l', '-f', 'key.pub').trim();
      assert.match(shown, / me and you \(/);
      assert.equal(shown.split(' ')[1], sshFingerprint(blob, nodeHasher));
      if (algorithm !== 'Ed25519')
        assert.deepEqual(
          createPublicKey(folder.keygen('-e', '-m', 'PKCS8', '-f', 'key.pub')).export({
            type: 'spki',
            format: 'der',
          }),
          Buffer.from(spki),
        );
      const { value, problems } = decodeSshKey(blob, nodeHasher);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        [value?.publicKey.spki, value?.publicKey.algorithm, value?.plain],
        [spki, algorithm, blob],
      );

      const file = present(encodeSshPrivateKey({ pkcs8, spki, comment: 'web-1' }, nodeRandom), 'file');
      folder.writePrivate('key', file.reveal());
      const line = folder.keygen('-y', '-f', 'key').trim();
      assert.equal(line, sshKeyLine(blob, 'web-1'));
      // What was signed with it verifies, so all private numbers are right.
      folder.write('text', 'hello');
      folder.keygen('-q', '-Y', 'sign', '-n', 'file', '-f', 'key', 'text');
      const signature = readFileSync(folder.at('text.sig'));
      folder.run('rm', ['text.sig']);
      folder.write('signers', `web-1 ${sshKeyLine(blob)}\n`);
      const args = ['-Y', 'verify', '-n', 'file', '-I', 'web-1', '-f', 'signers', '-s', 'signature'];
      folder.write('signature', signature);
      assert.match(folder.run('ssh-keygen', args, 'hello'), /^Good "file" signature/);

      const [block] = decodePem(file.reveal());
      const back = decodeSshPrivateKey(present(block, 'block').bytes, nodeHasher);
      assert.deepEqual(back.problems, []);
      assert.deepEqual(back.value?.publicKey?.publicKey.spki, spki);
    });
  }

  it('writes no private key whose halves do not belong together', () => {
    const ed25519 = present(keys.get('Ed25519'), 'Ed25519');
    const rsa = present(keys.get('RSA-2048'), 'RSA-2048');
    const other = present(keys.get('RSA-3072'), 'RSA-3072');
    for (const [pair, spki] of [
      [ed25519, rsa.spki],
      [rsa, other.spki],
      [rsa, ed25519.spki],
      [rsa, new Uint8Array(3)],
    ] as const)
      assert.equal(encodeSshPrivateKey({ pkcs8: pair.pkcs8, spki, comment: '' }, nodeRandom), undefined);
  });

  it('shows no private key by mistake', () => {
    const { pkcs8, spki } = present(keys.get('Ed25519'), 'Ed25519');
    const file = encodeSshPrivateKey({ pkcs8, spki, comment: '' }, nodeRandom);
    assert.equal(`${file}`, '«secret»');
  });

  it('writes multiple precision integers as RFC 4251, 5 shows them', () => {
    const hex = (text: string): string => Buffer.from(mpint(Buffer.from(text, 'hex'))).toString('hex');
    assert.equal(hex('00'), '00000000');
    assert.equal(hex(''), '00000000');
    assert.equal(hex('09a378f9b2e332a7'), '0000000809a378f9b2e332a7');
    assert.equal(hex('80'), '000000020080');
    assert.equal(hex('0000ff'), '0000000200ff');
  });
});
