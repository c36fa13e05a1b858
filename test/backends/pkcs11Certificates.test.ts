import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Delivery, Target } from '../../server/src/backends/contract.ts';
import { buildRoot } from '../../server/src/core/credential/build/certificate.ts';
import { nameOf } from '../../server/src/core/credential/build/distinguishedName.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { present, rejectsWith } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';
import {
  makeToken,
  needsTokens,
  type OpenedToken,
  openToken,
  pkcs11Tool,
  type TestToken,
} from './pkcs11Tokens.ts';

const HOUR = 3_600_000;

for (const kind of ['softhsm', 'tpm'] as const)
  describe(`certificates in a token of ${kind}`, function () {
    this.timeout(120_000);
    let token: TestToken;
    let opened: OpenedToken;
    let target: Target;
    before(async function () {
      needsTokens(this, kind);
      token = await makeToken(kind);
      opened = await openToken(token);
      target = present(opened.backend.targets?.['certificate'], 'the target');
    });
    after(async () => {
      await opened?.cleanup();
      await token?.remove();
    });

    /** Over a key in the token, signed by itself, not before that many hours ago. */
    async function certificateOver(keyId: string, hoursAgo = 1): Promise<Uint8Array> {
      const keys = present(opened.backend.keys, 'the key store');
      await keys.generate(keyId, 'ECDSA-P256', SIGNAL);
      const now = Date.now();
      return buildRoot(
        {
          name: nameOf(`${keyId}.example.com`, undefined),
          serialNumber: nodeRandom.bytes(16),
          validity: { notBefore: new Date(now - hoursAgo * HOUR), notAfter: new Date(now + HOUR) },
          signer: await keys.signer(keyId, SIGNAL),
        },
        nodeHasher,
        SIGNAL,
      );
    }
    const deliveryOf = (label: string, der: Uint8Array): Delivery => ({
      path: label,
      contents: [{ what: 'certificate', pem: new Secret(encodePem('CERTIFICATE', der)) }],
    });
    const fingerprint = (der: Uint8Array) => Buffer.from(nodeHasher.hash('sha256', der)).toString('hex');
    const tool = (...args: readonly string[]) => pkcs11Tool(token, ...args).text;
    const idsOf = (type: string, label: string) =>
      tool('--list-objects', '--type', type)
        .split(/(?=\S.*Object)/)
        .filter((each) => new RegExp(`label:\\s+${label.replaceAll('/', '\\/')}$`, 'm').test(each))
        .map((each) => /ID:\s+([0-9a-f]+)/.exec(each)?.[1]);

    it('stand beside their key, under its CKA_ID, where other programs find them', async () => {
      const der = await certificateOver('beside');
      await target.preflight({ path: 'tls/beside', contents: ['certificate'] }, SIGNAL);
      assert.equal(await target.read('tls/beside', SIGNAL), undefined);
      const { version } = await target.deliver(deliveryOf('tls/beside', der), { ifVersion: null }, SIGNAL);
      assert.deepEqual(await target.read('tls/beside', SIGNAL), {
        version,
        credentialSha256: fingerprint(der),
      });
      const [id] = idsOf('privkey', 'beside');
      assert.ok(id);
      assert.deepEqual(idsOf('cert', 'tls/beside'), [id]);
      const file = path.join(token.folder, 'read.der');
      tool('--read-object', '--type', 'cert', '--id', id, '--output-file', file);
      const read = new X509Certificate(readFileSync(file));
      assert.equal(read.fingerprint256, new X509Certificate(der).fingerprint256);
    });

    it('of a key that is elsewhere have an id of their own', async () => {
      const der = await certificateOver('gone-soon');
      await opened.backend.keys?.destroy('gone-soon', SIGNAL);
      await target.deliver(deliveryOf('tls/elsewhere', der), { ifVersion: null }, SIGNAL);
      assert.match(idsOf('cert', 'tls/elsewhere').join(), /^[0-9a-f]{40}$/);
    });

    it('replace each other, and what an interruption left of the former one goes with the next', async () => {
      const [first, second, third] = [
        await certificateOver('replaced', 3),
        await certificateOver('replaced', 2),
        await certificateOver('replaced', 1),
      ];
      const label = 'tls/replaced';
      const { version } = await target.deliver(deliveryOf(label, first), { ifVersion: null }, SIGNAL);
      const second_ = await target.deliver(deliveryOf(label, second), { ifVersion: version }, SIGNAL);
      assert.equal(idsOf('cert', label).length, 1);
      // As a run leaves it that ended between writing the one and removing the other.
      const file = path.join(token.folder, 'left.der');
      writeFileSync(file, first);
      tool('--write-object', file, '--type', 'cert', '--label', label);
      await opened.backend.close();
      opened = await reopened();
      const both = present(await target.read(label, SIGNAL), 'it');
      assert.equal(both.credentialSha256, fingerprint(second), 'the newer one counts');
      assert.notEqual(both.version, second_.version);
      await rejectsWith(
        'conflict',
        target.deliver(deliveryOf(label, first), { ifVersion: second_.version }, SIGNAL),
      );
      const last = await target.deliver(deliveryOf(label, third), { ifVersion: both.version }, SIGNAL);
      assert.equal(idsOf('cert', label).length, 1);
      await target.remove(label, { ifVersion: last.version }, SIGNAL);
      assert.deepEqual(idsOf('cert', label), []);
    });

    async function reopened(): Promise<OpenedToken> {
      await opened.cleanup();
      const again = await openToken(token);
      target = present(again.backend.targets?.['certificate'], 'the target');
      return again;
    }

    it('are all that is taken', async () => {
      for (const contents of [['chain'], ['certificate', 'root'], ['publicKey'], []] as const)
        await rejectsWith('invalid-request', target.preflight({ path: 'tls/more', contents }, SIGNAL));
      await rejectsWith(
        'invalid-request',
        target.preflight({ path: 'tls/more', contents: ['certificate'], mode: 0o600 }, SIGNAL),
      );
      await rejectsWith(
        'invalid-request',
        target.preflight(
          { path: `tls/${'x'.repeat(100)}/${'y'.repeat(160)}`, contents: ['certificate'] },
          SIGNAL,
        ),
      );
    });
  });
