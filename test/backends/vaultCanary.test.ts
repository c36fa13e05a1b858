/**
 * Keys of a server whose private numbers this test knows, since it imported them under the names that the engine was about
 * to use. Whoever lets them sign must never have them: not in memory, not in a file, not on the line.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  constants,
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Secret } from '../../server/src/core/secret.ts';
import { CAPABILITIES, openFixture } from '../lsp/fixture.ts';
import { sealingPoint, sealTo } from '../lsp/sealing.ts';
import { buildActingProcess, certificateId, NEVER } from '../support/acting.ts';
import { PATIENCE, REPOSITORY, sandbox } from '../support/idac.ts';
import { foundIn, foundInFiles, foundInMemory, keyTraces } from '../support/memory.ts';
import { tempProject } from '../support/tempProject.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.ts';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { type Recorder, startRecorder } from './recorder.ts';

const FILE = 'vault.identity.yaml';

/** A process that has a certificate made. */
interface User {
  readonly pid: number;
  /** Whether it lives on when all is done. */
  readonly stays: boolean;
  done(): Promise<void>;
}

describe('a key of a server whose private number is known', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let proxy: FaultyProxy;
  let recorder: Recorder;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
    proxy = await startFaultyProxy(bao.address);
    recorder = await startRecorder(proxy.address);
  });
  after(() => {
    recorder?.stop();
    proxy?.stop();
    bao?.stop();
  });
  afterEach(() => proxy?.mend());

  /** Bring your own key, as the server documents it: the key under AES (RFC 5649), that under the server's RSA key. */
  async function imported(name: string, key: KeyObject): Promise<void> {
    const { data } = await bao.root('GET', 'transit/wrapping_key');
    const once = randomBytes(32);
    const wrap = createCipheriv('id-aes256-wrap-pad', once, Buffer.from('a65959a6', 'hex'));
    const wrapped = [wrap.update(key.export({ format: 'der', type: 'pkcs8' })), wrap.final()];
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const { public_key: to } = data as { public_key: string };
    const sealed = publicEncrypt({ key: to, padding, oaepHash: 'sha256' }, once);
    await bao.root('POST', `transit/keys/${name}/import`, {
      ciphertext: Buffer.concat([sealed, ...wrapped]).toString('base64'),
      hash_function: 'SHA256',
      type: 'ecdsa-p256',
    });
  }

  /**
   * From now on: the next key that is made is `key`, and the next certificate that is asked for waits, so that whoever has
   * let the key sign can be looked at.
   */
  function prepare(key: KeyObject): { readonly signed: Promise<void>; release(): void } {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const signed = new Promise<void>((resolve) => {
      const hold = (): Promise<void> => {
        resolve();
        return released;
      };
      proxy.break(/^POST \/v1\/transit\/keys\/[^/]+$/, {
        kind: 'first',
        what: async (call) => {
          proxy.break(/^POST \/v1\/pki\/sign\//, { kind: 'first', what: hold }, 1);
          await imported(call.split('/').at(-1) ?? '', key);
        },
      });
    });
    return { signed, release: () => release() };
  }

  async function assertNeverHad(
    folders: readonly string[],
    deliveredTo: string,
    start: () => User | Promise<User>,
  ): Promise<void> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forms = keyTraces(privateKey);
    proxy.calls.length = 0;
    const { signed, release } = prepare(privateKey);
    const user = await start();
    await Promise.race([signed, user.done().then(() => assert.fail('it asked for no certificate'))]);
    assert.ok(
      proxy.calls.some((call) => call.startsWith('POST /v1/transit/sign/')),
      'the server has signed',
    );
    assert.deepEqual(foundInMemory(user.pid, forms), []);
    release();
    await user.done();
    if (user.stays) assert.deepEqual(foundInMemory(user.pid, forms), [], 'nor when all is done');

    const { data } = await bao.root('GET', `secret/data/payments/${deliveredTo}`);
    const { chain } = (data as { data: { chain: string } }).data;
    assert.ok(new X509Certificate(chain).publicKey.equals(publicKey), 'the certificate is for that key');
    const { searched, found } = foundInFiles(folders, forms);
    assert.ok(searched > 10);
    assert.deepEqual(found, []);
    const traffic = recorder.traffic();
    assert.ok(traffic.some((stream) => stream.includes('/v1/transit/sign/')));
    assert.deepEqual(
      traffic.flatMap((stream) => foundIn(stream, forms)),
      [],
    );
    await assertSearchFinds(folders, forms, privateKey);
  }

  /** The same searches, where it is: in this process, in a file, on the line. */
  async function assertSearchFinds(
    [folder = '']: readonly string[],
    forms: ReturnType<typeof keyTraces>,
    key: KeyObject,
  ): Promise<void> {
    assert.ok(foundInMemory(process.pid, forms).length > 0);
    const number = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
    const texts = {
      octets: key.export({ format: 'der', type: 'pkcs8' }),
      'second line of PKCS#8': key.export({ format: 'pem', type: 'pkcs8' }),
      'first line of SEC 1': key.export({ format: 'pem', type: 'sec1' }),
      'base64url at 0': JSON.stringify(key.export({ format: 'jwk' })),
      'base64 at 0': number.toString('base64'),
      hexadecimal: number.toString('hex'),
      decimal: BigInt(`0x${number.toString('hex')}`).toString(),
    };
    for (const [form, text] of Object.entries(texts)) {
      const file = path.join(folder, 'planted');
      writeFileSync(file, text);
      assert.ok(
        foundInFiles([folder], forms).found.some((each) => each === `${file}: ${form}`),
        form,
      );
      rmSync(file);
      const before = recorder.traffic().length;
      await fetch(`${recorder.address}/v1/planted`, {
        method: 'POST',
        body: text,
        headers: { Connection: 'close' },
      });
      const sent = recorder
        .traffic()
        .slice(before)
        .flatMap((stream) => foundIn(stream, forms));
      assert.ok(sent.includes(form), form);
    }
  }

  it('never reaches the engine', async () => {
    const own = crypto.randomUUID();
    const { remove, open, ...place } = await tempProject({ [FILE]: vaultManifest(recorder.address, own) });
    const actor = await buildActingProcess();
    try {
      const project = await open();
      const { role_id, secret_id } = await appRole(bao);
      await project.logins.confirm('vault-prod');
      const login = { role_id: new Secret(role_id), secret_id: new Secret(secret_id) };
      await project.logins.logIn('vault-prod', login, NEVER);
      await project.close();
      const { root, stateHome, unlockKey } = place;
      const identity = certificateId('api', 'payments');
      const acting = actor.start({
        ...{ root, stateHome, unlockKey, identity },
        act: { verb: 'issue' },
        killAt: { at: 'ended' },
        stay: true,
      });
      const { pid = 0, staying } = acting;
      await assertNeverHad([path.dirname(root)], `${own}/tls/api`, () => ({
        pid,
        stays: true,
        done: () => staying,
      }));
      acting.release();
      const { out, err } = await acting.ended;
      assert.match(out, /"state":"done"/, err);
    } finally {
      await actor.remove();
      await remove();
    }
  });

  it('never reaches the command line', async () => {
    const own = crypto.randomUUID();
    const box = sandbox();
    try {
      writeFileSync(path.join(box.folder, FILE), vaultManifest(recorder.address, own));
      const { role_id, secret_id } = await appRole(bao);
      const secret = path.join(path.dirname(box.folder), 'secret-id');
      writeFileSync(secret, secret_id, { mode: 0o600 });
      const fields = ['--field', `role_id=${role_id}`, '--field-file', `secret_id=${secret}`];
      const signedIn = await box.idac(['login', 'vault-prod', '--yes', ...fields]);
      assert.equal(signedIn.code, 0, signedIn.err);
      const temporary = path.join(path.dirname(box.folder), 'tmp');
      mkdirSync(temporary);
      for (const verb of ['issue', 'rotate']) {
        const child = spawn(
          process.execPath,
          [path.join(REPOSITORY, 'server/bin/idac.mjs'), verb, 'Certificate/payments/api', '--yes'],
          {
            cwd: box.folder,
            env: {
              ...process.env,
              TMPDIR: temporary,
              IDAC_STATE_HOME: box.stateHome,
              IDAC_PASSPHRASE: box.passphrase,
            },
            stdio: ['ignore', 'ignore', 'pipe'],
          },
        );
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        const ended = once(child, 'close').then(([code]) => assert.equal(code, 0, said));
        await assertNeverHad([path.dirname(box.folder)], `${own}/tls/api`, () => ({
          pid: child.pid ?? 0,
          stays: false,
          done: () => ended,
        }));
      }
    } finally {
      box.remove();
    }
  });

  it('never reaches the language server', async () => {
    const own = crypto.randomUUID();
    const login = await appRole(bao);
    const fixture = await openFixture({
      capabilities: { ...CAPABILITIES, experimental: { identityConfirm: true, identitySignIn: true } },
      files: { [FILE]: vaultManifest(recorder.address, own) },
      answers: {
        'identity/confirm': () => ({ confirmed: true }),
        'identity/signIn': (params) => ({
          confirmed: true,
          sealed: sealTo(
            sealingPoint(fixture.client),
            `login\n${(params as { question: string }).question}`,
            Buffer.from(JSON.stringify(login)),
          ),
        }),
      },
    });
    try {
      fixture.open(FILE);
      const signedIn = await fixture.run<{ ok: boolean; what: string }>('idac.login', {
        backend: 'vault-prod',
      });
      assert.ok(signedIn.ok, signedIn.what);
      for (const verb of ['issue', 'rotate'])
        await assertNeverHad([path.dirname(fixture.box.folder)], `${own}/tls/api`, () => {
          const running = fixture.run('idac.run', { verb, identity: 'Certificate/payments/api' });
          const done = running.then(({ result, message }) => assert.equal(result.state, 'done', message));
          return { pid: fixture.client.process.pid ?? 0, stays: true, done: () => done };
        });
    } finally {
      await fixture.end();
    }
  });
});
