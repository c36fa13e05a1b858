import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend, SshAuthority, SshLedgerEntry } from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import type { LocalConfig } from '../../server/src/backends/local/configuration.ts';
import { CLASSICAL_KEY_ALGORITHMS } from '../../server/src/core/credential/keyAlgorithm.ts';
import { sshKeyLine } from '../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshKey } from '../../server/src/core/credential/ssh/publicKey.ts';
import {
  decodeSshRevocationList,
  type SshRevocationList,
} from '../../server/src/core/credential/ssh/revocationList.ts';
import { verifySshCertificate } from '../../server/src/core/credential/ssh/verifyCertificate.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../server/src/platform/crypto/signatureVerifier.ts';
import { present, rejectsWith } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import { newSshKey, newSshRequest, sshIdentity } from './contract/sshRequests.ts';
import { type Disk, makeDisk, testClock } from './localContext.ts';

const START = '2026-03-01T12:00:00.000Z';
const DAY = 86_400;
const PUBLISHED: LocalConfig = {
  ssh: {
    krl: { path: 'ssh/revoked_keys.krl' },
    publish: {
      userAuthorities: 'ssh/user_ca.pub',
      hostAuthorities: 'ssh/known_hosts',
      hostPatterns: ['*.example.com', 'bastion'],
    },
  },
};

describe('embedded SSH authority', function () {
  this.timeout(120_000);
  let disk: Disk;
  beforeEach(async () => {
    disk = await makeDisk();
  });
  afterEach(() => disk.cleanup());

  const openBackend = async (config: LocalConfig = {}, clock: Clock = testClock(START)): Promise<Backend> =>
    backendType.open(config, await disk.context({ clock }), SIGNAL);
  const open = async (config?: LocalConfig, clock?: Clock): Promise<SshAuthority> =>
    present((await openBackend(config, clock)).ssh, 'SSH authority');

  async function issue(
    authority: SshAuthority,
    change: Parameters<typeof newSshRequest>[0] = {},
  ): Promise<SshLedgerEntry> {
    const { request } = await newSshRequest(change);
    const outcome = await authority.issue(request, SIGNAL);
    assert.equal(outcome.state, 'issued');
    return outcome.made;
  }

  async function listOf(authority: SshAuthority): Promise<SshRevocationList> {
    const { value, problems } = decodeSshRevocationList(await present(authority.krl, 'krl')(SIGNAL), 10_000);
    assert.deepEqual(problems, []);
    return present(value, 'list');
  }
  const serialsOf = ({ certificates }: SshRevocationList): readonly bigint[] =>
    certificates.flatMap(({ serials }) => serials.map(({ first }) => first));

  it('gives exactly the validity that was asked for, from a little before now', async () => {
    const authority = await open();
    for (const [seconds, before] of [
      [DAY, 300],
      [600, 60],
      [60, 6],
    ] as const) {
      const { blob, notAfter } = await issue(authority, { durationSeconds: seconds });
      const certificate = decodeSshKey(blob, nodeHasher).value?.certificate;
      const from = Date.parse(START) - before * 1000;
      assert.deepEqual(
        [certificate?.validAfter, certificate?.validBefore, notAfter],
        [from, from + seconds * 1000, from + seconds * 1000].map((at) => new Date(at).toISOString()),
      );
    }
  });

  it('signs with keys of each algorithm', async () => {
    for (const keyAlgorithm of CLASSICAL_KEY_ALGORITHMS) {
      const other = await makeDisk();
      try {
        const context = await other.context();
        const backend = await backendType.open({ ssh: { keyAlgorithm } }, context, SIGNAL);
        const { blob, authority } = await issue(present(backend.ssh, 'SSH authority'));
        assert.equal(verifySshCertificate(blob, nodeSignatureVerifier, nodeHasher), 'good');
        const key = decodeSshKey(present(authority, 'authority'), nodeHasher).value;
        assert.equal(key?.publicKey.algorithm, keyAlgorithm);
      } finally {
        await other.cleanup();
      }
    }
  });

  it('keeps its keys when another algorithm is configured later, and across runs', async () => {
    const first = await (await open()).authorities('host', SIGNAL);
    const later = await open({ ssh: { keyAlgorithm: 'RSA-2048' } });
    assert.deepEqual(await later.authorities('host', SIGNAL), first);
    const { authority } = await issue(later, { certificateType: 'host', extensions: [] });
    assert.deepEqual([authority], first);
  });

  it('is one authority for all that use it at once, and never numbers two alike', async () => {
    const all = await Promise.all([open(), open(), open(), open()]);
    const made = await Promise.all(all.map((authority) => issue(authority)));
    assert.equal(new Set(made.map(({ serialNumber }) => serialNumber)).size, made.length);
    assert.equal(new Set(made.map(({ authority }) => Buffer.from(authority ?? []).toString('hex'))).size, 1);
    const { request } = await newSshRequest();
    const same = await Promise.all(all.map((authority) => authority.issue(request, SIGNAL)));
    for (const outcome of same) assert.deepEqual(outcome, same[0]);
    const versions = await Promise.all(all.map(async (authority) => (await listOf(authority)).version));
    assert.deepEqual([...versions].sort(), [1n, 2n, 3n, 4n]);
  });

  it('finds a serial number however it is written', async () => {
    const authority = await open();
    const { serialNumber } = await issue(authority);
    assert.match(serialNumber, /^[4-7][0-9a-f]{15}$/);
    const spelt = serialNumber.toUpperCase().replace(/(..)(?=.)/g, '$1:');
    assert.equal((await authority.status(spelt, SIGNAL)).status, 'good');
    const key = await present(authority.enrol, 'enrol')(await newSshKey(), SIGNAL);
    assert.equal((await authority.status(key.serialNumber.toUpperCase(), SIGNAL)).status, 'good');
  });

  it('refuses what is longer than is configured, and names the field', async () => {
    const authority = await open({ ssh: { maximumDuration: '1d', defaultDuration: '8h' } });
    assert.deepEqual([authority.maximumDurationSeconds, authority.defaultDurationSeconds], [DAY, DAY / 3]);
    const { request } = await newSshRequest({ durationSeconds: DAY + 1 });
    const error = await rejectsWith('invalid-request', authority.issue(request, SIGNAL));
    assert.match(error.hint, /spec\.ssh\.maximumDuration/);
    await rejectsWith('invalid-request', open({ ssh: { maximumDuration: 'soon' } }));
  });

  it('names a revoked certificate until a week after its end, and a revoked key for good', async () => {
    const clock = testClock(START);
    const authority = await open({}, clock);
    const made = await issue(authority, { durationSeconds: DAY });
    const key = await present(authority.enrol, 'enrol')(await newSshKey({ durationSeconds: DAY }), SIGNAL);
    await authority.revoke(made.serialNumber, 'keyCompromise', SIGNAL);
    await authority.revoke(key.serialNumber, 'keyCompromise', SIGNAL);
    for (const [days, named] of [
      [0, true],
      [1, true],
      [6, true],
      [3, false],
      [400, false],
    ] as const) {
      clock.advance(days * DAY);
      const list = await listOf(authority);
      assert.deepEqual(serialsOf(list), named ? [BigInt(`0x${made.serialNumber}`)] : []);
      assert.deepEqual(list.sha256, [key.serialNumber]);
    }
    assert.equal((await authority.status(made.serialNumber, SIGNAL)).status, 'revoked');
  });

  it('makes no list that looks older than one before it, though the clock is set back', async () => {
    const clock = testClock(START);
    const authority = await open({}, clock);
    const first = await listOf(authority);
    clock.advance(-DAY);
    const second = await listOf(authority);
    assert.deepEqual([first.version, second.version], [1n, 2n]);
    assert.equal(second.generatedAt, first.generatedAt);
  });

  it('takes a key again for the identity that has it, and revokes it as a whole', async () => {
    const clock = testClock(START);
    const authority = await open({}, clock);
    const enrol = present(authority.enrol, 'enrol');
    const request = await newSshKey();
    const first = await enrol(request, SIGNAL);
    clock.advance(DAY);
    const second = await enrol({ ...request, requestId: 'renewed' }, SIGNAL);
    assert.equal(second.serialNumber, first.serialNumber);
    assert.deepEqual(await authority.find({ serialNumber: first.serialNumber }, SIGNAL), second);
    await authority.revoke(first.serialNumber, 'superseded', SIGNAL);
    const entries = await authority.issuedFor(request.identity, SIGNAL);
    assert.deepEqual(
      entries.map(({ requestId, revoked }) => [requestId, revoked?.reason]),
      [
        [request.requestId, 'superseded'],
        ['renewed', 'superseded'],
      ],
    );
  });

  it('certifies no key that was revoked', async () => {
    const authority = await open();
    const key = await newSshKey();
    const { serialNumber } = await present(authority.enrol, 'enrol')(key, SIGNAL);
    await authority.revoke(serialNumber, 'keyCompromise', SIGNAL);
    const { request } = await newSshRequest({ spki: key.spki });
    await rejectsWith('invalid-request', authority.issue(request, SIGNAL));
  });

  it('offers no hold, since nothing here could end one', async () => {
    const authority = await open();
    const { serialNumber } = await issue(authority);
    await rejectsWith('invalid-request', authority.revoke(serialNumber, 'certificateHold', SIGNAL));
    assert.equal((await authority.status(serialNumber, SIGNAL)).status, 'good');
  });

  it('publishes list, user authority and host authority, or offers no publishing', async () => {
    const authority = await open(PUBLISHED);
    const read = (name: string): string => readFileSync(path.join(disk.project, 'ssh', name), 'utf8');
    await present(authority.publish, 'publish')(SIGNAL);
    const [user, host] = [
      await authority.authorities('user', SIGNAL),
      await authority.authorities('host', SIGNAL),
    ];
    assert.equal(read('user_ca.pub'), `${sshKeyLine(present(user[0], 'user'), 'local-ca user authority')}\n`);
    assert.equal(
      read('known_hosts'),
      `@cert-authority *.example.com,bastion ${sshKeyLine(present(host[0], 'host'), 'local-ca host authority')}\n`,
    );
    const bytes = readFileSync(path.join(disk.project, 'ssh', 'revoked_keys.krl'));
    const { value } = decodeSshRevocationList(bytes, 10);
    assert.deepEqual([value?.version, value?.generatedAt], [1n, START]);
    assert.equal((await open()).publish, undefined);
  });

  it('tells in its health when the list was made, and what it lacks', async () => {
    const clock = testClock(START);
    const backend = await openBackend(PUBLISHED, clock);
    const authority = present(backend.ssh, 'SSH authority');
    const told = async (): Promise<readonly (readonly [boolean, string])[]> =>
      (await backend.health(SIGNAL)).checks
        .filter(({ what }) => what === 'SSH authority' || what === 'key revocation list')
        .map(({ ok, detail }) => [ok, detail]);
    const path_ = 'ssh/revoked_keys.krl';
    const when = `version 1, made on ${START}`;
    assert.deepEqual(await told(), [
      [true, 'not made yet: the first issue makes it'],
      [true, `${path_} is not made yet, and nothing is revoked`],
    ]);
    const { serialNumber } = await issue(authority);
    assert.deepEqual((await told())[0], [true, 'has a key for users']);
    await present(authority.publish, 'publish')(SIGNAL);
    assert.deepEqual(await told(), [
      [true, 'has a key for users and one for hosts'],
      [true, `${path_}: ${when}`],
    ]);
    await authority.revoke(serialNumber, 'superseded', SIGNAL);
    assert.deepEqual((await told())[1], [false, `${path_} (${when}) does not name 1 revocation since`]);
    await present(authority.publish, 'publish')(SIGNAL);
    assert.deepEqual((await told())[1], [true, `${path_}: version 2, made on ${START}`]);
    const { files } = await disk.context();
    await files.remove(path_, { ifVersion: present(await files.read(path_), 'list').version });
    assert.equal((await told())[1]?.[0], false);
  });

  it('keeps its record apart by identity', async () => {
    const authority = await open();
    const made = await issue(authority, { identity: sshIdentity('one') });
    await issue(authority, { identity: sshIdentity('two') });
    assert.deepEqual(await authority.issuedFor(sshIdentity('one'), SIGNAL), [made]);
    assert.deepEqual(await authority.issuedFor(sshIdentity('one', 'SshKey'), SIGNAL), []);
  });
});
