import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { decodeBase64 } from '../../../server/src/core/credential/base64.ts';
import {
  CLASSICAL_KEY_ALGORITHMS,
  type KeyAlgorithm,
} from '../../../server/src/core/credential/keyAlgorithm.ts';
import { buildSshCertificate } from '../../../server/src/core/credential/ssh/buildCertificate.ts';
import { sshKeyLine } from '../../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshKey } from '../../../server/src/core/credential/ssh/publicKey.ts';
import { verifySshCertificate } from '../../../server/src/core/credential/ssh/verifyCertificate.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../../server/src/platform/crypto/randomSource.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { type SoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';
import { present } from '../../backends/contract/expectations.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { certify, type Judge, judge, keysOfAll, SIGNAL } from './material.ts';

const verify = (blob: Uint8Array) => verifySshCertificate(blob, nodeSignatureVerifier, nodeHasher);

describe('OpenSSH certificates', function () {
  this.timeout(120_000);
  let folder: Judge;
  let keys: ReadonlyMap<KeyAlgorithm, SoftwareKey>;
  const key = (algorithm: KeyAlgorithm): SoftwareKey => present(keys.get(algorithm), algorithm);
  before(async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = judge();
    keys = await keysOfAll();
  });
  after(() => folder?.remove());

  for (const algorithm of CLASSICAL_KEY_ALGORITHMS) {
    it(`are signed by ${algorithm}, over keys of every algorithm, as ssh-keygen reads them`, async () => {
      const signer = softwareSigner(key(algorithm).pkcs8, algorithm);
      for (const subject of CLASSICAL_KEY_ALGORITHMS) {
        const blob = await certify({ spki: key(subject).spki, signer });
        assert.equal(verify(blob), 'good', subject);
        folder.write('x-cert.pub', `${sshKeyLine(blob)}\n`);
        assert.match(folder.keygen('-L', '-f', 'x-cert.pub'), /Key ID: "alice@example"/, subject);
      }
    });
  }

  it('show in ssh-keygen -L all that was asked for', async () => {
    const signer = softwareSigner(key('ECDSA-P256').pkcs8, 'ECDSA-P256');
    const blob = await certify({
      spki: key('Ed25519').spki,
      signer,
      serialNumber: 0xfedcba9876543210n,
      principals: ['alice', 'deploy'],
      criticalOptions: {
        'verify-required': '',
        'source-address': '10.0.0.0/8,192.0.2.0/24',
        'force-command': '/usr/bin/uptime',
      },
      extensions: ['permit-user-rc', 'permit-pty', 'permit-pty'],
    });
    folder.write('x-cert.pub', `${sshKeyLine(blob)}\n`);
    const lines = folder
      .keygen('-L', '-f', 'x-cert.pub')
      .split('\n')
      .map((line) => line.trim());
    assert.deepEqual(lines.slice(1, 2).concat(lines.slice(4)), [
      'Type: ssh-ed25519-cert-v01@openssh.com user certificate',
      'Key ID: "alice@example"',
      'Serial: 18364758544493064720',
      'Valid: from 2026-01-01T00:00:00 to 2036-01-01T00:00:00',
      'Principals:',
      'alice',
      'deploy',
      'Critical Options:',
      'force-command /usr/bin/uptime',
      'source-address 10.0.0.0/8,192.0.2.0/24',
      'verify-required',
      'Extensions:',
      'permit-pty',
      'permit-user-rc',
      '',
    ]);
    const { value, problems } = decodeSshKey(blob, nodeHasher);
    assert.deepEqual(problems, []);
    assert.deepEqual(value?.certificate?.extensions, ['permit-pty', 'permit-user-rc']);
    assert.equal(value?.fields?.serialNumber, 0xfedcba9876543210n);
    assert.equal(value?.fields?.nonce.length, 32);
    assert.equal(value?.publicKey.algorithm, 'Ed25519');
  });

  it('made by ssh-keygen are verified, with every signature that it makes', () => {
    for (const [type, bits, algorithms] of [
      ['rsa', '2048', ['rsa-sha2-256', 'rsa-sha2-512']],
      ['ecdsa', '384', ['ecdsa-sha2-nistp384']],
      ['ed25519', '256', ['ssh-ed25519']],
    ] as const) {
      folder.keygen('-q', '-t', type, '-b', bits, '-N', '', '-f', `ca-${type}`);
      for (const algorithm of algorithms) {
        folder.keygen('-q', '-t', 'ed25519', '-N', '', '-f', algorithm);
        folder.keygen(
          '-q',
          '-s',
          `ca-${type}`,
          '-t',
          algorithm,
          '-I',
          'x',
          '-h',
          '-n',
          'web.example',
          `${algorithm}.pub`,
        );
        const line = readFileSync(folder.at(`${algorithm}-cert.pub`), 'utf8');
        const decoded = decodeBase64(line.split(' ')[1] ?? '');
        assert.ok(decoded.ok);
        assert.equal(verify(decoded.bytes), 'good', algorithm);
      }
    }
  });

  it('whose SHA-1 signature OpenSSH refuses are not verified here either', () => {
    folder.keygen('-q', '-t', 'rsa', '-b', '2048', '-N', '', '-f', 'old-ca');
    folder.keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'old');
    folder.keygen('-q', '-s', 'old-ca', '-t', 'ssh-rsa', '-I', 'x', '-n', 'a', 'old.pub');
    const decoded = decodeBase64(readFileSync(folder.at('old-cert.pub'), 'utf8').split(' ')[1] ?? '');
    assert.ok(decoded.ok);
    assert.equal(verify(decoded.bytes), 'cannot-verify-here');
  });

  it('are never good once any octet is changed, or one is added', async () => {
    const signer = softwareSigner(key('Ed25519').pkcs8, 'Ed25519');
    const blob = await certify({ spki: key('ECDSA-P256').spki, signer });
    for (let at = 0; at < blob.length; at++) {
      const changed = Uint8Array.from(blob);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
      assert.notEqual(verify(changed), 'good', `octet ${at}`);
      assert.notEqual(verify(blob.subarray(0, at)), 'good', `length ${at}`);
    }
    assert.notEqual(verify(Uint8Array.of(...blob, 0)), 'good');
  });

  it('are not good where the authority is a certificate itself', async () => {
    const signer = softwareSigner(key('Ed25519').pkcs8, 'Ed25519');
    const chained = await certify({ spki: signer.spki, signer });
    const blob = Buffer.from(await certify({ spki: key('ECDSA-P256').spki, signer }));
    const { value } = decodeSshKey(blob, nodeHasher);
    const authority = Buffer.from(present(value?.fields, 'fields').authority);
    const at = blob.indexOf(authority);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chained.length);
    const forged = Buffer.concat([
      blob.subarray(0, at - 4),
      length,
      chained,
      blob.subarray(at + authority.length),
    ]);
    assert.equal(verify(forged), 'bad');
  });

  it('are not made over what OpenSSH has no key type for', async () => {
    const signer = softwareSigner(key('Ed25519').pkcs8, 'Ed25519');
    const content = {
      spki: Uint8Array.of(0x30, 0),
      nonce: nodeRandom.bytes(32),
      serialNumber: 1n,
      type: 'user',
      keyId: 'x',
      principals: ['x'],
      validAfter: new Date(0),
      validBefore: new Date(1000),
      criticalOptions: {},
      extensions: [],
      signer,
    } as const;
    assert.equal(await buildSshCertificate(content, SIGNAL), undefined);
  });

  it('of any octets are read without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        assert.notEqual(verify(bytes), 'good');
        decodeSshKey(bytes, nodeHasher);
      }),
    );
  });
});
