import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSshRevocationList } from '../../../server/src/core/credential/ssh/buildRevocationList.ts';
import { encodeSshKey, sshKeyLine } from '../../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshRevocationList } from '../../../server/src/core/credential/ssh/revocationList.ts';
import type { Signer } from '../../../server/src/core/ports.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { present, sha256 } from '../../backends/contract/expectations.ts';
import { itemsOf, rulesOf } from '../../support/credentialFiles.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { certify, type Judge, judge, newSigner } from './material.ts';

const LIMIT = 10_000;

describe('OpenSSH key revocation lists', function () {
  this.timeout(120_000);
  let folder: Judge;
  let authority: Signer;
  let other: Signer;
  let subject: Signer;
  const blobOf = (signer: Signer): Uint8Array => present(encodeSshKey(signer.spki), 'blob');
  const hashOf = (blob: Uint8Array): Uint8Array => nodeHasher.hash('sha256', blob);

  before(async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = judge();
    [authority, other, subject] = [
      await newSigner('Ed25519'),
      await newSigner('ECDSA-P256'),
      await newSigner('Ed25519'),
    ];
  });
  after(() => folder?.remove());

  const list = (serialNumbers: readonly bigint[], keySha256: readonly Uint8Array[] = []): Uint8Array =>
    buildSshRevocationList({
      version: 3n,
      generatedAt: new Date('2026-03-01T12:00:00.900Z'),
      comment: 'lab',
      certificates: [{ authority: blobOf(authority), serialNumbers }],
      keySha256,
    });

  /** Whether OpenSSH lets the key or certificate in with that list. */
  const revoked = (krl: Uint8Array, blob: Uint8Array): boolean => {
    folder.write('list.krl', krl);
    folder.write('asked.pub', `${sshKeyLine(blob)}\n`);
    const { output } = folder.ask('-Q', '-f', 'list.krl', 'asked.pub');
    assert.match(output, /: (?:ok|REVOKED)$/m);
    return output.includes('REVOKED');
  };

  it('revoke in ssh-keygen -Q the serial numbers that they name, of their authority alone', async () => {
    const serials = [1n, 5n, 6n, 7n, 8n, 100n, 0xffffffffffffffffn, 5n, 101n];
    const krl = list(serials);
    for (const serialNumber of [1n, 2n, 4n, 5n, 7n, 8n, 9n, 100n, 101n, 102n, 0xffffffffffffffffn]) {
      const ours = await certify({ spki: subject.spki, signer: authority, serialNumber });
      assert.equal(revoked(krl, ours), serials.includes(serialNumber), `${serialNumber}`);
    }
    assert.equal(revoked(krl, await certify({ spki: subject.spki, signer: other, serialNumber: 5n })), false);
    assert.equal(revoked(krl, blobOf(subject)), false);
  });

  it('revoke plain keys by their fingerprint, and what is certified over them', async () => {
    const krl = list([], [hashOf(blobOf(other)), hashOf(blobOf(subject))]);
    assert.ok(revoked(krl, blobOf(subject)) && revoked(krl, blobOf(other)));
    assert.ok(revoked(krl, await certify({ spki: subject.spki, signer: authority })));
    assert.ok(!revoked(krl, blobOf(authority)));
  });

  it('without entries are taken, and revoke nothing', async () => {
    const krl = list([]);
    assert.equal(revoked(krl, await certify({ spki: subject.spki, signer: authority })), false);
    assert.deepEqual(decodeSshRevocationList(krl, LIMIT).value?.entryCount, 0);
  });

  it('are read as they were written', () => {
    const { value, problems } = decodeSshRevocationList(
      list([1n, 5n, 6n, 7n], [hashOf(blobOf(subject))]),
      LIMIT,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(value, {
      version: 3n,
      generatedAt: '2026-03-01T12:00:00.000Z',
      comment: 'lab',
      certificates: [
        {
          authority: blobOf(authority),
          serials: [
            { first: 1n, last: 1n },
            { first: 5n, last: 7n },
          ],
          keyIds: [],
        },
      ],
      keys: [],
      sha1: [],
      sha256: [sha256(blobOf(subject))],
      signed: false,
      entryCount: 3,
    });
  });

  it('of ssh-keygen are read, with every kind of section', () => {
    folder.write('ca.pub', `${sshKeyLine(blobOf(authority))}\n`);
    folder.write('plain.pub', `${sshKeyLine(blobOf(subject))}\n`);
    const scattered = Array.from({ length: 40 }, (_, n) => `serial: ${1000 + 2 * n}`);
    const spec = [
      'serial: 10-20',
      'serial: 4711',
      ...scattered,
      'id: mallory',
      `key: ${sshKeyLine(blobOf(other))}`,
      `sha1: ${sshKeyLine(blobOf(subject))}`,
      `sha256: ${sshKeyLine(blobOf(subject))}`,
    ];
    folder.write('spec', `${spec.join('\n')}\n`);
    folder.keygen('-q', '-k', '-f', 'their.krl', '-s', 'ca.pub', '-z', '9', 'spec');
    const bytes = Uint8Array.from(readFileSync(folder.at('their.krl')));
    const { value, problems } = decodeSshRevocationList(bytes, LIMIT);
    assert.deepEqual(problems, []);
    const [section] = value?.certificates ?? [];
    const serials = new Set<bigint>();
    for (const { first, last } of value?.certificates.flatMap((each) => each.serials) ?? [])
      for (let serial = first; serial <= last; serial++) serials.add(serial);
    assert.deepEqual(
      [...serials].sort((a, b) => (a < b ? -1 : 1)),
      [
        ...Array.from({ length: 11 }, (_, n) => 10n + BigInt(n)),
        ...Array.from({ length: 40 }, (_, n) => 1000n + 2n * BigInt(n)),
        4711n,
      ],
    );
    assert.deepEqual(section?.authority, blobOf(authority));
    assert.deepEqual(
      value?.certificates.flatMap(({ keyIds }) => keyIds),
      ['mallory'],
    );
    assert.equal(value?.version, 9n);
    assert.deepEqual(value?.keys, [blobOf(other)]);
    assert.deepEqual(value?.sha256, [sha256(blobOf(subject))]);
    assert.equal(value?.sha1.length, 1);
  });

  it('of any size keep no more entries than asked for, and count them all', () => {
    const { value } = decodeSshRevocationList(
      list(Array.from({ length: 500 }, (_, n) => BigInt(3 * n + 1))),
      100,
    );
    assert.equal(value?.certificates[0]?.serials.length, 100);
    assert.equal(value?.entryCount, 500);
  });

  it('that are damaged say so, and are read without a throw', () => {
    const whole = list([1n, 5n, 6n, 7n, 9n], [hashOf(blobOf(subject))]);
    for (let length = 0; length < whole.length; length++) {
      const { problems, value } = decodeSshRevocationList(whole.subarray(0, length), LIMIT);
      // Between two sections a list can end.
      if (problems.length === 0) assert.ok((value?.entryCount ?? 9) < 4, `length ${length}`);
    }
    for (let at = 0; at < whole.length; at++) {
      const changed = Uint8Array.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at & 7));
      decodeSshRevocationList(changed, LIMIT);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(whole.length), (bytes, at) => {
        decodeSshRevocationList(bytes, LIMIT);
        decodeSshRevocationList(Uint8Array.of(...whole.subarray(0, at), ...bytes), LIMIT);
      }),
    );
  });

  it('are named by inspect', async () => {
    const [item, ...others] = await itemsOf(
      list([1n, 5n, 6n, 7n], [hashOf(blobOf(subject))]),
      'revoked_keys',
    );
    assert.equal(others.length, 0);
    assert.deepEqual(
      [item?.type, item?.format, item?.label, item?.notBefore],
      ['ssh-revocation-list', 'OpenSSH', 'lab', '2026-03-01T12:00:00.000Z'],
    );
    assert.deepEqual(item?.keyRevocationList, {
      version: '3',
      entryCount: 3,
      certificates: [
        {
          authority: `SHA256:${Buffer.from(hashOf(blobOf(authority)))
            .toString('base64')
            .replace(/=+$/, '')}`,
          serialNumbers: ['01', '05-07'],
          keyIds: [],
        },
      ],
      keys: [
        `SHA256:${Buffer.from(hashOf(blobOf(subject)))
          .toString('base64')
          .replace(/=+$/, '')}`,
      ],
    });
    const damaged = await itemsOf(list([1n, 5n]).subarray(0, -3), 'revoked_keys');
    assert.deepEqual(rulesOf(damaged), ['credential/damaged']);
  });
});
