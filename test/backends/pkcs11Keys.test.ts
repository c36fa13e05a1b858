import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyStore } from '../../server/src/backends/contract.ts';
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

/** What a token answers to who wants a private key. */
const REFUSALS = /^CKR_(ATTRIBUTE_SENSITIVE|ATTRIBUTE_TYPE_INVALID)$/;

for (const kind of ['softhsm', 'tpm'] as const) {
  describe(`keys in ${kind}`, function () {
    this.timeout(120_000);
    let token: TestToken;
    let opened: OpenedToken;
    let keys: KeyStore;
    before(async function () {
      needsTokens(this, kind);
      token = await makeToken(kind);
      opened = await openToken(token);
      keys = present(opened.backend.keys, 'keys');
    });
    after(async () => {
      await opened?.cleanup();
      await token?.remove();
    });

    it('are made sensitive, not extractable and local, as another program sees them', async () => {
      await keys.generate('seen', 'ECDSA-P256', SIGNAL);
      const { status, text } = pkcs11Tool(token, '--list-objects', '--type', 'privkey', '--label', 'seen');
      assert.equal(status, 0, text);
      assert.match(text, /Access:.*\bsensitive, always sensitive, never extractable, local\b/);
      assert.match(text, /Usage:.*\bsign\b/);
      if (kind === 'softhsm') assert.doesNotMatch(text, /Usage:.*(decrypt|unwrap|derive)/);
    });

    for (const algorithm of ['ECDSA-P256', 'RSA-2048'] as const) {
      it(`of ${algorithm} are given out in no way that PKCS#11 has`, async () => {
        const keyId = `stays/${algorithm}`;
        await keys.generate(keyId, algorithm, SIGNAL);
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [
            '--import',
            'tsx/esm',
            fileURLToPath(new URL('./pkcs11Extraction.ts', import.meta.url)),
            token.module,
            token.label,
            keyId,
          ],
          { encoding: 'utf8', env: { ...process.env, ...token.environment, PIN: token.pin } },
        );
        assert.equal(status, 0, stderr);
        const answers = JSON.parse(stdout) as Record<string, string>;
        for (const [what, answer] of Object.entries(answers).filter(([what]) => what.includes('read')))
          assert.match(answer, REFUSALS, what);
        for (const what of ['wrap', 'copy']) assert.match(present(answers[what], what), /^CKR_/, what);
        if (kind === 'softhsm') {
          assert.equal(answers['wrap'], 'CKR_KEY_UNEXTRACTABLE');
          assert.equal(answers['set CKA_EXTRACTABLE'], 'CKR_ATTRIBUTE_READ_ONLY');
        }
      });
    }

    it('are destroyed with both halves', async () => {
      await keys.generate('both', 'ECDSA-P256', SIGNAL);
      await keys.destroy('both', SIGNAL);
      const { text } = pkcs11Tool(token, '--list-objects');
      assert.doesNotMatch(text, /label:\s+both\b/);
    });

    it('say since when they exist, to every process of the same user', async () => {
      const made = await keys.generate('dated', 'ECDSA-P256', SIGNAL);
      const other = present((await opened.again()).keys, 'keys');
      assert.deepEqual(await other.find('dated', SIGNAL), made);
    });

    it('are made once by two processes at once', async () => {
      const other = present((await opened.again()).keys, 'keys');
      const [one, two] = await Promise.all(
        [keys, other].map((each) => each.generate('raced', 'ECDSA-P256', SIGNAL)),
      );
      assert.deepEqual(one, two);
      assert.equal((await keys.list(SIGNAL)).filter(({ keyId }) => keyId === 'raced').length, 1);
    });

    if (kind === 'tpm')
      it('are there again after the TPM and its services were stopped and started', async () => {
        const signer = await keys.signer('seen', SIGNAL);
        const data = new Uint8Array(8);
        token.stop();
        await rejectsWith('unreachable', signer.sign(data, SIGNAL));
        token.start();
        assert.ok((await signer.sign(data, SIGNAL)).length > 0);
      });

    if (kind === 'softhsm') {
      it('that another program put there can be used, unless they can be taken out', async () => {
        const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const put = (label: string, ...more: readonly string[]) => {
          const halves = {
            privkey: privateKey.export({ format: 'der', type: 'pkcs8' }),
            pubkey: publicKey.export({ format: 'der', type: 'spki' }),
          };
          for (const [type, der] of Object.entries(halves)) {
            const file = path.join(token.folder, type);
            writeFileSync(file, der);
            const { status, text } = pkcs11Tool(
              token,
              '--write-object',
              file,
              '--type',
              type,
              '--label',
              label,
              '--id',
              'c0ffee',
              '--usage-sign',
              ...(type === 'privkey' ? more : []),
            );
            assert.equal(status, 0, text);
          }
        };
        put('kept', '--sensitive');
        const signer = await keys.signer('kept', SIGNAL);
        const spki = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
        assert.ok(spki.equals(publicKey));
        assert.ok((await signer.sign(new Uint8Array(8), SIGNAL)).length > 0);
        put('loose', '--extractable');
        const error = await rejectsWith('forbidden', keys.signer('loose', SIGNAL));
        assert.match(error.what, /can be taken out of the token/);
        put('kept', '--sensitive');
        await rejectsWith('conflict', keys.signer('kept', SIGNAL));
        assert.ok(!(await keys.list(SIGNAL)).some(({ keyId }) => keyId === 'kept'));
      });

      it('are not chosen by name alone among tokens of one name', async () => {
        const { status, stderr } = spawnSync(
          'softhsm2-util',
          // The same PIN: either of the two is the first in the list.
          ['--init-token', '--free', '--label', token.label, '--so-pin', '87654321', '--pin', token.pin],
          { encoding: 'utf8', env: { ...process.env, ...token.environment } },
        );
        assert.equal(status, 0, stderr);
        const error = await rejectsWith('conflict', opened.again());
        const serial = /serial ([0-9a-f]+)/.exec(error.what)?.[1] ?? '';
        const chosen = await opened.again({ token: { label: token.label, serial } });
        assert.ok(chosen.keys);
        const byUri = { uri: `pkcs11:token=${token.label};serial=${serial}?module-name=under-test` };
        const uri = await openToken(token, { config: byUri, bare: true });
        assert.ok(uri.backend.keys);
        await uri.cleanup();
      });
    }
  });
}
