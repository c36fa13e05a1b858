import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { backendType } from '../../server/src/backends/local/backend.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { selfSigned } from './contract/certificates.ts';
import { present, rejectsWith } from './contract/expectations.ts';
import { newRequest, SIGNAL } from './contract/requests.ts';
import { makeDisk, testClock } from './localContext.ts';
import { makeBench } from './localTools.ts';

describe('embedded backend: what stands on the disk', () => {
  it('holds no private key readable, in no form', async () => {
    const bench = await makeBench();
    try {
      await bench.issue((await newRequest()).request);
      await present(bench.backend.keys, 'keys').generate('k', 'RSA-2048', SIGNAL);
      const { pkcs8 } = await selfSigned('a.example.com');
      const pem = encodePem('PRIVATE KEY', pkcs8.reveal());
      const value = new Secret<Uint8Array>(new TextEncoder().encode(pem));
      await present(bench.backend.secrets, 'secrets').write('team/key', value, { ifVersion: null }, SIGNAL);
      // PrivateKeyInfo begins with version 0 and the algorithm (RFC 5208, 5): RSA, EC and Ed25519.
      const marks = [
        '020100300d06092a864886f70d0101',
        '020100301306072a8648ce3d0201',
        '020100300506032b6570',
      ];
      const files = readdirSync(bench.folder, { recursive: true, withFileTypes: true }).filter((each) =>
        each.isFile(),
      );
      assert.ok(files.some(({ name }) => name.endsWith('.sealed')));
      for (const file of files) {
        const content = readFileSync(path.join(file.parentPath, file.name));
        assert.ok(!content.includes('PRIVATE KEY'), file.name);
        const text = content.toString('latin1');
        for (const mark of marks) {
          const octets = Buffer.from(mark, 'hex');
          assert.ok(!content.includes(octets) && !text.includes(mark), file.name);
        }
      }
    } finally {
      await bench.cleanup();
    }
  });

  it('says plainly when private keys are not encrypted at rest, and what to do', async () => {
    const disk = await makeDisk();
    try {
      const open = await backendType.open({}, await disk.context({ unlock: { how: 'none' } }), SIGNAL);
      const { ok, checks } = await open.health(SIGNAL);
      assert.equal(ok, false);
      const check = checks.find(({ what }) => what === 'private keys at rest');
      assert.match(check?.detail ?? '', /private keys are not encrypted at rest/);
      assert.match(check?.hint ?? '', /idac login/);
    } finally {
      await disk.cleanup();
    }
  });

  it('tells when the CRL is out of date', async () => {
    const clock = testClock('2026-03-01T12:00:00Z');
    const bench = await makeBench({ authority: { crl: { path: 'pki/issuing.crl', lifetime: '1d' } } }, clock);
    try {
      const crlCheck = async () =>
        (await bench.backend.health(SIGNAL)).checks.find(({ what }) => what === 'CRL');
      assert.equal(await crlCheck(), undefined, 'nothing was issued yet');
      await bench.issue((await newRequest()).request);
      assert.equal((await crlCheck())?.ok, false, 'never made');
      await present(bench.authority.publish, 'publish')(SIGNAL);
      assert.equal((await crlCheck())?.ok, true);
      clock.advance(86_400 * 0.9);
      assert.match((await crlCheck())?.detail ?? '', /pki\/issuing\.crl runs out at 2026-03-02/);
      clock.advance(2 * 86_400);
      assert.match((await crlCheck())?.detail ?? '', /out of date since 2026-03-02/);
      await present(bench.authority.publish, 'publish')(SIGNAL);
      rmSync(path.join(bench.project, 'pki/issuing.crl'));
      assert.match((await crlCheck())?.detail ?? '', /is not there any more/);
    } finally {
      await bench.cleanup();
    }
  });

  it('tells when others can read its state', async () => {
    const bench = await makeBench();
    try {
      await bench.issue((await newRequest()).request);
      const stateCheck = async () =>
        (await bench.backend.health(SIGNAL)).checks.find(({ what }) => what === 'state folder');
      assert.equal((await stateCheck())?.ok, true, (await stateCheck())?.detail);
      chmodSync(path.join(bench.folder, 'state'), 0o755);
      const open = await stateCheck();
      assert.ok(open?.ok === false && /chmod 700/.test(open.hint ?? ''), open?.detail);
    } finally {
      await bench.cleanup();
    }
  });

  it('puts a private key only where git ignores it, for its owner alone', async () => {
    const bench = await makeBench();
    try {
      const target = present(bench.backend.targets?.['file'], 'file');
      const { certificate, pkcs8 } = await selfSigned('a.example.com');
      const contents = [
        { what: 'certificate' as const, pem: new Secret(encodePem('CERTIFICATE', certificate)) },
        { what: 'privateKey' as const, pem: new Secret(encodePem('PRIVATE KEY', pkcs8.reveal())) },
      ];
      const none = { ifVersion: null };
      await rejectsWith('forbidden', target.deliver({ path: 'tls/api.pem', contents }, none, SIGNAL));
      await rejectsWith(
        'forbidden',
        target.preflight({ path: 'tls/api.pem', contents: ['privateKey'] }, SIGNAL),
      );
      const open = { path: 'secret/api.pem', contents, mode: 0o644 };
      await rejectsWith('forbidden', target.deliver(open, none, SIGNAL));
      await target.deliver({ path: 'secret/api.pem', contents }, none, SIGNAL);
      await target.deliver(
        { path: 'tls/cert.pem', contents: contents.slice(0, 1), mode: 0o640 },
        none,
        SIGNAL,
      );
      if (process.platform !== 'win32') {
        const modeOf = (file: string): number => statSync(path.join(bench.project, file)).mode & 0o777;
        assert.equal(modeOf('secret/api.pem'), 0o600);
        assert.equal(modeOf('tls/cert.pem'), 0o640);
      }
      const saved = present(await target.snapshot('secret/api.pem', SIGNAL), 'it');
      await rejectsWith(
        'forbidden',
        target.restore('tls/cert2.pem', saved.content, { ifVersion: 'x' }, SIGNAL),
      );
    } finally {
      await bench.cleanup();
    }
  });

  it('reports a damaged state file by name, and signs nothing with a wrong key', async () => {
    const bench = await makeBench();
    try {
      const { request } = await newRequest();
      await bench.issue(request);
      const context = await bench.context();
      const [file = ''] = await context.state.list('ledger');
      await context.state.write(file, new TextEncoder().encode('{"schemaVersion": 1}'));
      const damaged = await rejectsWith(
        'corrupt',
        bench.authority.find({ requestId: request.requestId }, SIGNAL),
      );
      assert.match(damaged.what, /ledger\/[0-9a-f]{40}\.json/);
      const { pkcs8 } = await selfSigned('other');
      await context.sealed.put('issuing/1', pkcs8);
      const swapped = await newRequest();
      await rejectsWith('corrupt', bench.authority.issue(swapped.request, SIGNAL));
    } finally {
      await bench.cleanup();
    }
  });

  it('turns what the system says into its own error, and says whether it may have acted', async () => {
    const disk = await makeDisk();
    try {
      const context = await disk.context();
      const full = (): Promise<never> => Promise.reject(new Error('ENOSPC: no space left on device'));
      const state = { ...context.state, write: full, list: full };
      const backend = await backendType.open({}, { ...context, state }, SIGNAL);
      const authority = present(backend.authority, 'authority');
      const { request } = await newRequest();
      const looked = await rejectsWith('internal', authority.find({ requestId: 'x' }, SIGNAL));
      assert.equal(looked.mayHaveActed, false);
      const made = await rejectsWith(
        'internal',
        present(backend.keys, 'keys').generate('k', 'Ed25519', SIGNAL),
      );
      assert.equal(made.mayHaveActed, true);
      assert.match(made.what, /could not make the key: ENOSPC/);
      await rejectsWith('internal', authority.issue(request, SIGNAL));
    } finally {
      await disk.cleanup();
    }
  });
});
