import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import type { Delivery, Target } from '../../../server/src/backends/contract.ts';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { encodePem } from '../../../server/src/core/credential/pem.ts';
import type { DeliveryContent } from '../../../server/src/core/lifecycle/deliveryContent.ts';
import { KEYSTORE_FORMATS } from '../../../server/src/core/lifecycle/keystorePlace.ts';
import { Secret } from '../../../server/src/core/secret.ts';
import { selfSigned } from './certificates.ts';
import {
  honoursAbort,
  type OpenBackend,
  type OpenedBackend,
  present,
  rejectsWith,
  sha256,
} from './expectations.ts';
import { SIGNAL } from './requests.ts';

/**
 * What every delivery target holds. Private keys go below `secret/`, which is safe for them; `certificateOnly`: it takes
 * none, nor anything else beside one certificate.
 */
export function targetContract(as: string, open: OpenBackend, certificateOnly = false): void {
  describe(`as target "${as}"`, () => {
    let opened: OpenedBackend;
    let target: Target;
    before(async () => {
      opened = await open();
      target = present(opened.backend.targets?.[as], as);
    });
    after(() => opened.cleanup());

    const delivery = async (
      path: string,
      algorithm: KeyAlgorithm = 'ECDSA-P256',
    ): Promise<{ delivery: Delivery; certificate: string; spki: string }> => {
      const { certificate, pkcs8, spki } = await selfSigned('delivered.example.com', algorithm);
      return {
        certificate: sha256(certificate),
        spki: sha256(spki),
        delivery: {
          path,
          contents: [
            { what: 'certificate' as const, pem: new Secret(encodePem('CERTIFICATE', certificate)) },
            { what: 'privateKey' as const, pem: new Secret(encodePem('PRIVATE KEY', pkcs8.reveal())) },
          ].slice(0, carried.length),
        },
      };
    };
    const carried: readonly DeliveryContent[] = certificateOnly
      ? ['certificate']
      : ['certificate', 'privateKey'];
    const preflight = (path: string, signal = SIGNAL): Promise<void> =>
      target.preflight({ path, contents: carried }, signal);

    it('checks first and changes nothing', async () => {
      await preflight('secret/checked.pem');
      assert.equal(await target.read('secret/checked.pem', SIGNAL), undefined);
      assert.equal(await target.snapshot('secret/checked.pem', SIGNAL), undefined);
    });

    for (const algorithm of ['ECDSA-P256', 'Ed25519'] as const) {
      it(`delivers with a key of ${algorithm}, and tells what stands there by reading it`, async () => {
        const path = `secret/read-${algorithm}.pem`;
        const { delivery: wanted, certificate, spki } = await delivery(path, algorithm);
        const { version } = await target.deliver(wanted, { ifVersion: null }, SIGNAL);
        const { content, ...state } = present(await target.read(path, SIGNAL), 'it');
        assert.deepEqual(state, {
          version,
          credentialSha256: certificate,
          ...(certificateOnly ? {} : { privateKeySpkiSha256: spki }),
        });
        const saved = present(await target.snapshot(path, SIGNAL), 'it');
        if (content !== undefined) assert.deepEqual(content.reveal(), saved.content.reveal());
      });
    }

    if (certificateOnly)
      it('refuses what it does not take, before anything is made', async () => {
        for (const contents of [['chain'], ['certificate', 'privateKey'], ['privateKey']] as const)
          await rejectsWith(
            'invalid-request',
            target.preflight({ path: 'secret/more.pem', contents }, SIGNAL),
          );
      });

    it('never overwrites a newer version', async () => {
      const first = await delivery('secret/newer.pem');
      const { version } = await target.deliver(first.delivery, { ifVersion: null }, SIGNAL);
      const second = await delivery('secret/newer.pem');
      await rejectsWith('conflict', target.deliver(second.delivery, { ifVersion: null }, SIGNAL));
      const { version: newer } = await target.deliver(second.delivery, { ifVersion: version }, SIGNAL);
      await rejectsWith('conflict', target.deliver(first.delivery, { ifVersion: version }, SIGNAL));
      await rejectsWith('conflict', target.remove('secret/newer.pem', { ifVersion: version }, SIGNAL));
      const standing = await target.read('secret/newer.pem', SIGNAL);
      assert.deepEqual([standing?.version, standing?.credentialSha256], [newer, second.certificate]);
    });

    const inOrder = certificateOnly ? undefined : it;
    inOrder?.('keeps the order of the manifest', async () => {
      const { delivery: wanted } = await delivery('secret/order.pem');
      const reversed = { ...wanted, contents: wanted.contents.toReversed() };
      await target.deliver(reversed, { ifVersion: null }, SIGNAL);
      const content = present(await target.snapshot('secret/order.pem', SIGNAL), 'it').content.reveal();
      const text = new TextDecoder().decode(content);
      assert.ok(text.indexOf('PRIVATE KEY') < text.indexOf('BEGIN CERTIFICATE'));
      assert.ok(new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE'))).subject);
    });

    it('puts back to the octet what stood there before', async () => {
      const path = 'secret/back.pem';
      const first = await delivery(path);
      const { version } = await target.deliver(first.delivery, { ifVersion: null }, SIGNAL);
      const saved = present(await target.snapshot(path, SIGNAL), 'it');
      assert.equal(saved.version, version);
      const second = await delivery(path);
      const { version: newer } = await target.deliver(second.delivery, { ifVersion: version }, SIGNAL);
      await rejectsWith('conflict', target.restore(path, saved.content, { ifVersion: version }, SIGNAL));
      await target.restore(path, saved.content, { ifVersion: newer }, SIGNAL);
      const after = present(await target.snapshot(path, SIGNAL), 'it');
      assert.deepEqual(after.content.reveal(), saved.content.reveal());
    });

    it('gives a former version as it was, where it keeps any', async () => {
      const { formerVersion } = target;
      if (formerVersion === undefined) return;
      const path = 'secret/former.pem';
      const first = await delivery(path);
      const { version } = await target.deliver(first.delivery, { ifVersion: null }, SIGNAL);
      const saved = present(await target.snapshot(path, SIGNAL), 'it');
      const second = await delivery(path);
      await target.deliver(second.delivery, { ifVersion: version }, SIGNAL);
      const former = await formerVersion(path, version, SIGNAL);
      assert.ok(former.there);
      assert.deepEqual(former.content.reveal(), saved.content.reveal());
      assert.deepEqual(former.state, {
        version,
        credentialSha256: first.certificate,
        privateKeySpkiSha256: first.spki,
      });
      for (const none of ['9', 'x']) {
        const gone = await formerVersion(path, none, SIGNAL);
        assert.ok(!gone.there && gone.why.length > 10 && gone.hint.length > 10);
      }
      await honoursAbort((signal) => formerVersion(path, version, signal));
    });

    it('removes what it delivered, twice as well as once, and delivers there anew', async () => {
      const path = 'secret/removed.pem';
      const { version } = await target.deliver((await delivery(path)).delivery, { ifVersion: null }, SIGNAL);
      await target.remove(path, { ifVersion: version }, SIGNAL);
      assert.equal(await target.read(path, SIGNAL), undefined);
      await target.remove(path, { ifVersion: version }, SIGNAL);
      const anew = await delivery(path);
      await target.deliver(anew.delivery, { ifVersion: null }, SIGNAL);
      const another = await delivery(path);
      await rejectsWith('conflict', target.deliver(another.delivery, { ifVersion: null }, SIGNAL));
      assert.equal((await target.read(path, SIGNAL))?.credentialSha256, anew.certificate);
    });

    it('refuses paths that lead out', async () => {
      for (const path of ['../out.pem', '/etc/out.pem', 'a/../../out.pem']) {
        const { delivery: wanted } = await delivery(path);
        const kinds = ['forbidden', 'invalid-request'];
        for (const work of [preflight(path), target.deliver(wanted, { ifVersion: null }, SIGNAL)]) {
          const error: unknown = await work.then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          const kind = error instanceof Error && 'kind' in error ? error.kind : undefined;
          assert.ok(kinds.includes(String(kind)), `${path}: ${String(error)}`);
        }
      }
    });

    for (const format of KEYSTORE_FORMATS) {
      it(`keeps a key store (${format}) by the same verbs, where it can be a file`, async () => {
        const password = new Secret(randomBytes(24).toString('base64url'));
        const laidOut = (given: Secret<string> | undefined) =>
          target.withLayout?.({ keystore: { format, alias: 'delivered', password: given } });
        const packed = laidOut(password);
        // A target without layouts holds text alone, and says so by not having them.
        if (packed === undefined) return assert.notEqual(as, 'file');
        const path = `secret/packed.${format}`;
        const first = await delivery(path);
        await packed.preflight({ path, contents: ['certificate', 'privateKey'] }, SIGNAL);
        assert.equal(await packed.read(path, SIGNAL), undefined);
        await rejectsWith(
          'not-found',
          present(laidOut(undefined), 'layout').deliver(first.delivery, { ifVersion: null }, SIGNAL),
        );
        const { version } = await packed.deliver(first.delivery, { ifVersion: null }, SIGNAL);
        const standing = {
          version,
          credentialSha256: first.certificate,
          privateKeySpkiSha256: first.spki,
        };
        assert.deepEqual(await packed.read(path, SIGNAL), standing);
        for (const wrong of [new Secret('another password'), undefined]) {
          const locked = await present(laidOut(wrong), 'layout').read(path, SIGNAL);
          assert.equal(locked?.privateKeySpkiSha256, undefined);
          assert.ok((locked?.locked ?? '').length > 10);
        }
        const saved = present(await packed.snapshot(path, SIGNAL), 'it');
        const second = await delivery(path);
        await rejectsWith('conflict', packed.deliver(second.delivery, { ifVersion: null }, SIGNAL));
        const { version: newer } = await packed.deliver(second.delivery, { ifVersion: version }, SIGNAL);
        await packed.restore(path, saved.content, { ifVersion: newer }, SIGNAL);
        assert.deepEqual(await packed.read(path, SIGNAL), standing);
        const alone = { ...first.delivery, contents: first.delivery.contents.slice(1) };
        await rejectsWith('invalid-request', packed.deliver(alone, { ifVersion: version }, SIGNAL));
        await packed.remove(path, { ifVersion: version }, SIGNAL);
        assert.equal(await packed.read(path, SIGNAL), undefined);
      });
    }

    it('stops when it is aborted', async () => {
      const path = 'secret/aborted.pem';
      const { delivery: wanted } = await delivery(path);
      await honoursAbort((signal) => preflight(path, signal));
      await honoursAbort((signal) => target.deliver(wanted, { ifVersion: null }, signal));
      await honoursAbort((signal) => target.read(path, signal));
      await honoursAbort((signal) => target.snapshot(path, signal));
      await honoursAbort((signal) => target.remove(path, { ifVersion: 'x' }, signal));
      assert.equal(await target.read(path, SIGNAL), undefined);
    });
  });
}
