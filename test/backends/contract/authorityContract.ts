import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import type {
  CertificateAuthority,
  CertificateRequest,
  IssuedCertificate,
} from '../../../server/src/backends/contract.ts';
import {
  honoursAbort,
  type OpenBackend,
  type OpenedBackend,
  present,
  rejectsWith,
  serialOf,
  sha256,
} from './expectations.ts';
import { identity, named, newRequest, SIGNAL } from './requests.ts';

/** What every certificate authority holds. */
export function authorityContract(open: OpenBackend): void {
  describe('as certificate authority', () => {
    let opened: OpenedBackend;
    let authority: CertificateAuthority;
    before(async () => {
      opened = await open();
      authority = present(opened.backend.authority, 'authority');
    });
    after(() => opened.cleanup());

    const issue = async (request: CertificateRequest): Promise<IssuedCertificate> => {
      const outcome = await authority.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      return outcome.made;
    };

    it('issues for the key of the request and the names of the manifest', async () => {
      const { request, spki } = await newRequest({
        names: { ...named('api.example.com', 'www.example.com'), ipAddresses: ['192.0.2.7'] },
        durationSeconds: 7200,
      });
      const { chain, root, requestId } = await issue(request);
      assert.equal(requestId, request.requestId);
      const leaf = new X509Certificate(present(chain[0], 'leaf'));
      assert.deepEqual(leaf.publicKey.export({ type: 'spki', format: 'der' }), Buffer.from(spki));
      assert.equal(leaf.subjectAltName, 'DNS:api.example.com, DNS:www.example.com, IP Address:192.0.2.7');
      assert.equal(leaf.ca, false);
      const lifetime = (new Date(leaf.validTo).getTime() - new Date(leaf.validFrom).getTime()) / 1000 + 1;
      assert.ok(lifetime <= 7200, `valid for ${lifetime} seconds`);
      const issuers = [...chain.slice(1), ...(root ? [root] : [])].map((der) => new X509Certificate(der));
      let below = leaf;
      for (const issuer of issuers) {
        assert.ok(below.checkIssued(issuer) && below.verify(issuer.publicKey), 'each is signed by the next');
        below = issuer;
      }
    });

    it('answers a repeated request id with the same certificate, and enters it once', async () => {
      const who = identity('repeated');
      const { request } = await newRequest({ identity: who });
      const first = await issue(request);
      const again = await issue(request);
      assert.deepEqual(again.chain[0], first.chain[0]);
      assert.equal((await authority.issuedFor(who, SIGNAL)).length, 1);
    });

    it('refuses a repeated request id with another key', async () => {
      const { request } = await newRequest();
      await issue(request);
      const other = await newRequest({ requestId: request.requestId });
      await rejectsWith('conflict', authority.issue(other.request, SIGNAL));
    });

    it('finds what it issued by request, serial number and key', async () => {
      const who = identity('found');
      const { request, spki } = await newRequest({ identity: who, machine: 'web-1' });
      const { chain } = await issue(request);
      const serialNumber = serialOf(chain[0]);
      for (const query of [
        { requestId: request.requestId },
        { serialNumber },
        { spkiSha256: sha256(spki) },
      ]) {
        const entry = present(await authority.find(query, SIGNAL), JSON.stringify(query));
        assert.equal(entry.serialNumber, serialNumber);
        assert.deepEqual(entry.chain[0], chain[0]);
        assert.equal(entry.revoked, undefined);
        assert.equal(
          new Date(entry.notAfter).getTime(),
          new Date(new X509Certificate(present(chain[0], 'leaf')).validTo).getTime(),
        );
      }
      assert.equal(await authority.find({ requestId: 'never' }, SIGNAL), undefined);
      assert.equal(await authority.find({ serialNumber: '01' }, SIGNAL), undefined);
      assert.equal(await authority.find({ spkiSha256: '00'.repeat(32) }, SIGNAL), undefined);
      assert.deepEqual(
        (await authority.issuedFor(who, SIGNAL)).map((entry) => [entry.serialNumber, entry.machine]),
        [[serialNumber, 'web-1']],
      );
      assert.deepEqual(await authority.issuedFor(identity('nobody'), SIGNAL), []);
    });

    it('revokes once and for all, and says so', async () => {
      const { request } = await newRequest();
      const serialNumber = serialOf((await issue(request)).chain[0]);
      assert.deepEqual(await authority.status(serialNumber, SIGNAL), { status: 'good' });
      const [reason, other] = authority.revocationReasons;
      const first = await authority.revoke(serialNumber, present(reason, 'a reason'), SIGNAL);
      const again = await authority.revoke(serialNumber, other ?? first.reason, SIGNAL);
      assert.deepEqual(again, first);
      assert.deepEqual(await authority.status(serialNumber, SIGNAL), { status: 'revoked', ...first });
      const entry = await authority.find({ serialNumber }, SIGNAL);
      assert.deepEqual(entry?.revoked, first);
    });

    it('knows nothing of certificates of others', async () => {
      const status = await authority.status('0102030405', SIGNAL);
      assert.equal(status.status, 'unknown');
      await rejectsWith('not-found', authority.revoke('0102030405', 'unspecified', SIGNAL));
    });

    it('refuses what it would not sign, with a clear word', async () => {
      const sound = await newRequest();
      const tooLong = { ...sound.request, durationSeconds: authority.maximumDurationSeconds + 1 };
      await rejectsWith('invalid-request', authority.issue(tooLong, SIGNAL));
      const broken = new Uint8Array(sound.request.csr);
      broken[broken.length - 1] = (broken[broken.length - 1] ?? 0) ^ 0xff;
      await rejectsWith('invalid-request', authority.issue({ ...sound.request, csr: broken }, SIGNAL));
      const badName = { ...sound.request, names: named('not a name') };
      await rejectsWith('invalid-request', authority.issue(badName, SIGNAL));
      assert.equal(await authority.find({ requestId: sound.request.requestId }, SIGNAL), undefined);
    });

    it('names its trust anchors, self-signed', async () => {
      const roots = await authority.roots(SIGNAL);
      assert.ok(roots.length > 0);
      for (const der of roots) {
        const root = new X509Certificate(der);
        assert.ok(root.ca && root.verify(root.publicKey));
      }
    });

    it('stops when it is aborted, and has then done nothing', async () => {
      const { request } = await newRequest();
      await honoursAbort((signal) => authority.issue(request, signal));
      assert.equal(await authority.find({ requestId: request.requestId }, SIGNAL), undefined);
      await honoursAbort((signal) => authority.find({ requestId: 'x' }, signal));
      await honoursAbort((signal) => authority.issuedFor(identity('x'), signal));
      await honoursAbort((signal) => authority.revoke('01', 'unspecified', signal));
      await honoursAbort((signal) => authority.status('01', signal));
      await honoursAbort((signal) => authority.roots(signal));
      if (authority.crl) await honoursAbort((signal) => present(authority.crl, 'crl')(signal));
      if (authority.publish) await honoursAbort((signal) => present(authority.publish, 'publish')(signal));
    });
  });
}
