import assert from 'node:assert/strict';
import type {
  SshAuthority,
  SshCertificateRequest,
  SshLedgerEntry,
} from '../../../server/src/backends/contract.ts';
import { encodeSshKey } from '../../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshKey } from '../../../server/src/core/credential/ssh/publicKey.ts';
import { decodeSshRevocationList } from '../../../server/src/core/credential/ssh/revocationList.ts';
import { verifySshCertificate } from '../../../server/src/core/credential/ssh/verifyCertificate.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import {
  honoursAbort,
  type OpenBackend,
  type OpenedBackend,
  present,
  rejectsWith,
  sha256,
} from './expectations.ts';
import { SIGNAL } from './requests.ts';
import { newSshKey, newSshRequest, sshIdentity } from './sshRequests.ts';

/** What every SSH authority holds. */
export function sshAuthorityContract(open: OpenBackend): void {
  describe('as SSH authority', () => {
    let opened: OpenedBackend;
    let authority: SshAuthority;
    before(async () => {
      opened = await open();
      authority = present(opened.backend.ssh, 'SSH authority');
    });
    after(() => opened.cleanup());

    const issue = async (request: SshCertificateRequest): Promise<SshLedgerEntry> => {
      const outcome = await authority.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };
    const read = (blob: Uint8Array) => {
      const { value, problems } = decodeSshKey(blob, nodeHasher);
      assert.deepEqual(problems, []);
      return present(value, 'certificate');
    };

    it('issues for the key of the request and the names of the manifest', async () => {
      for (const certificateType of authority.certificateTypes) {
        const user = certificateType === 'user';
        const { request, spki } = await newSshRequest({
          certificateType,
          principals: ['one', 'two'],
          durationSeconds: 7200,
          ...(user ? { criticalOptions: { 'force-command': 'uptime' } } : { extensions: [] }),
        });
        const made = await issue(request);
        const { certificate, fields, publicKey } = read(made.blob);
        assert.deepEqual(publicKey.spki, spki);
        assert.deepEqual(
          [certificate?.kind, certificate?.principals, certificate?.keyId, certificate?.serialNumber],
          [certificateType, ['one', 'two'], request.keyId, made.serialNumber],
        );
        assert.deepEqual(certificate?.criticalOptions, user ? ['force-command=uptime'] : []);
        assert.deepEqual(certificate?.extensions, user ? ['permit-pty'] : []);
        assert.equal(certificate?.validBefore, made.notAfter);
        const { validAfter, validBefore } = present(fields, 'fields');
        assert.ok(validBefore - validAfter <= 7200n);
        assert.equal(verifySshCertificate(made.blob, nodeSignatureVerifier, nodeHasher), 'good');
        const authorities = await authority.authorities(certificateType, SIGNAL);
        assert.ok(authorities.some((key) => Buffer.from(key).equals(present(made.authority, 'authority'))));
        assert.deepEqual(fields?.authority, made.authority);
      }
    });

    it('has a key for users and another one for hosts', async () => {
      const all = [];
      for (const type of authority.certificateTypes) all.push(...(await authority.authorities(type, SIGNAL)));
      assert.equal(new Set(all.map(sha256)).size, all.length);
    });

    it('answers a repeated request id with the same certificate, and enters it once', async () => {
      const identity = sshIdentity('repeated');
      const { request } = await newSshRequest({ identity });
      const first = await issue(request);
      assert.deepEqual(await issue(request), first);
      assert.equal((await authority.issuedFor(identity, SIGNAL)).length, 1);
    });

    it('refuses a repeated request id with another key or other names', async () => {
      const { request } = await newSshRequest();
      await issue(request);
      const other = await newSshRequest({ requestId: request.requestId });
      await rejectsWith('conflict', authority.issue(other.request, SIGNAL));
      await rejectsWith('conflict', authority.issue({ ...request, principals: ['root'] }, SIGNAL));
    });

    it('finds what it issued by request, serial number and key', async () => {
      const identity = sshIdentity('found');
      const { request, spki } = await newSshRequest({ identity, machine: 'web-1' });
      const made = await issue(request);
      assert.equal(made.machine, 'web-1');
      assert.deepEqual(made.identity, identity);
      for (const query of [
        { requestId: request.requestId },
        { serialNumber: made.serialNumber },
        { spkiSha256: sha256(spki) },
      ])
        assert.deepEqual(await authority.find(query, SIGNAL), made, JSON.stringify(query));
      assert.equal(await authority.find({ requestId: 'never' }, SIGNAL), undefined);
      assert.equal(await authority.find({ serialNumber: '01' }, SIGNAL), undefined);
      assert.equal(await authority.find({ spkiSha256: '00'.repeat(32) }, SIGNAL), undefined);
      assert.deepEqual(await authority.issuedFor(identity, SIGNAL), [made]);
      assert.deepEqual(await authority.issuedFor(sshIdentity('nobody'), SIGNAL), []);
    });

    it('revokes once and for all, says so, and names it in the revocation list', async () => {
      const made = await issue((await newSshRequest()).request);
      assert.deepEqual(await authority.status(made.serialNumber, SIGNAL), { status: 'good' });
      const [reason, other] = authority.revocationReasons;
      if (reason === undefined) {
        assert.ok(authority.krl === undefined && authority.enrol === undefined);
        await rejectsWith('unsupported', authority.revoke(made.serialNumber, 'unspecified', SIGNAL));
        return;
      }
      const first = await authority.revoke(made.serialNumber, reason, SIGNAL);
      const again = await authority.revoke(made.serialNumber, other ?? first.reason, SIGNAL);
      assert.deepEqual(again, first);
      assert.deepEqual(await authority.status(made.serialNumber, SIGNAL), { status: 'revoked', ...first });
      const entry = await authority.find({ serialNumber: made.serialNumber }, SIGNAL);
      assert.deepEqual(entry?.revoked, first);
      if (authority.krl === undefined) return;
      const { value, problems } = decodeSshRevocationList(await authority.krl(SIGNAL), 10_000);
      assert.deepEqual(problems, []);
      const serial = BigInt(`0x${made.serialNumber}`);
      const named = value?.certificates.some(
        (each) =>
          sha256(each.authority) === sha256(present(made.authority, 'authority')) &&
          each.serials.some(({ first: from, last: to }) => from <= serial && serial <= to),
      );
      assert.ok(named);
    });

    it('enrols plain keys, once each, and names them once they are revoked', async () => {
      if (authority.enrol === undefined) return;
      const request = await newSshKey({ machine: 'db-1' });
      const made = await authority.enrol(request, SIGNAL);
      assert.deepEqual(await authority.enrol(request, SIGNAL), made);
      assert.deepEqual(made.blob, encodeSshKey(request.spki));
      assert.equal(made.serialNumber, sha256(made.blob));
      assert.equal(made.authority, undefined);
      assert.deepEqual(await authority.find({ serialNumber: made.serialNumber }, SIGNAL), made);
      const others = { ...request, requestId: 'other', identity: sshIdentity('somebody', 'SshKey') };
      await rejectsWith('conflict', authority.enrol(others, SIGNAL));
      const [reason] = authority.revocationReasons;
      await authority.revoke(made.serialNumber, present(reason, 'a reason'), SIGNAL);
      assert.equal((await authority.status(made.serialNumber, SIGNAL)).status, 'revoked');
      await rejectsWith('invalid-request', authority.enrol({ ...request, requestId: 'again' }, SIGNAL));
      if (authority.krl === undefined) return;
      const { value } = decodeSshRevocationList(await authority.krl(SIGNAL), 10_000);
      const named = [...(value?.sha256 ?? []), ...(value?.keys ?? []).map(sha256)];
      assert.ok(named.includes(made.serialNumber));
    });

    it('knows nothing of certificates of others', async () => {
      for (const serialNumber of ['0102030405', '00'.repeat(32)]) {
        const status = await authority.status(serialNumber, SIGNAL);
        assert.equal(status.status, 'unknown');
        await rejectsWith('not-found', authority.revoke(serialNumber, 'unspecified', SIGNAL));
      }
    });

    it('refuses what it would not sign, with a clear word', async () => {
      const { request } = await newSshRequest();
      const host = { certificateType: 'host', extensions: [] } as const;
      const refused: readonly Partial<SshCertificateRequest>[] = [
        { durationSeconds: authority.maximumDurationSeconds + 1 },
        { durationSeconds: 0 },
        { principals: [] },
        { principals: [''] },
        { principals: ['alice,root'] },
        { principals: ['alice\nroot'] },
        { principals: ['*'] },
        { principals: ['alice', 'alice'] },
        { ...host, principals: ['*'] },
        { ...host, extensions: ['permit-pty'] },
        { ...host, criticalOptions: { 'force-command': 'uptime' } },
        { extensions: ['permit-everything'] },
        { criticalOptions: { 'no-such-option': '' } },
        { criticalOptions: { 'source-address': '10.0.0.0/33' } },
        { criticalOptions: { 'source-address': '10.0.0.1/8' } },
        { criticalOptions: { 'source-address': 'example.com' } },
        { criticalOptions: { 'force-command': ' ' } },
        { criticalOptions: { 'verify-required': 'yes' } },
        { keyId: '' },
        { keyId: 'a\u0007b' },
        { spki: Uint8Array.of(0x30, 0) },
      ];
      for (const change of refused) {
        await rejectsWith('invalid-request', authority.issue({ ...request, ...change }, SIGNAL));
        assert.equal(await authority.find({ requestId: request.requestId }, SIGNAL), undefined);
      }
    });

    it('stops when it is aborted, and has then done nothing', async () => {
      const { request } = await newSshRequest();
      await honoursAbort((signal) => authority.issue(request, signal));
      assert.equal(await authority.find({ requestId: request.requestId }, SIGNAL), undefined);
      const key = await newSshKey();
      if (authority.enrol) await honoursAbort((signal) => present(authority.enrol, 'enrol')(key, signal));
      assert.equal(await authority.find({ requestId: key.requestId }, SIGNAL), undefined);
      await honoursAbort((signal) => authority.find({ requestId: 'x' }, signal));
      await honoursAbort((signal) => authority.issuedFor(sshIdentity('x'), signal));
      await honoursAbort((signal) => authority.revoke('01', 'unspecified', signal));
      await honoursAbort((signal) => authority.status('01', signal));
      await honoursAbort((signal) => authority.authorities('user', signal));
      if (authority.krl) await honoursAbort((signal) => present(authority.krl, 'krl')(signal));
      if (authority.publish) await honoursAbort((signal) => present(authority.publish, 'publish')(signal));
    });
  });
}
