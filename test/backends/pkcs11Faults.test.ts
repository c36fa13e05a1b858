import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyStore } from '../../server/src/backends/contract.ts';
import { REPOSITORY } from '../support/idac.ts';
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
import { type FaultyModule, faultyModule } from './softhsm/faulty.ts';

const DATA = new TextEncoder().encode('to be signed');

/** Processes that this one started to hold drivers. */
function driverProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return parent === process.pid && command.includes('pkcs11Host');
      } catch {
        return false;
      }
    });
}

/** Runs `work` until it hangs in that function of the module, and kills the process there. */
async function killedIn<T>(faulty: FaultyModule, name: string, work: () => Promise<T>): Promise<T> {
  const before = faulty.calls(name);
  faulty.put(name, 'once hang');
  const working = work();
  while (faulty.calls(name) === before) await sleep(10);
  for (const pid of driverProcesses()) process.kill(pid, 'SIGKILL');
  return working;
}

async function signs(keys: KeyStore, keyId: string): Promise<void> {
  const signer = await keys.signer(keyId, SIGNAL);
  await signsWith(signer);
}

async function signsWith(signer: Awaited<ReturnType<KeyStore['signer']>>): Promise<void> {
  const signature = await signer.sign(DATA, SIGNAL);
  const key = createPublicKey({ key: Buffer.from(signer.spki), format: 'der', type: 'spki' });
  assert.ok(verify('sha256', DATA, key, signature));
}

describe('a driver, a token or a PIN at fault', function () {
  this.timeout(120_000);
  let token: TestToken;
  let faulty: FaultyModule;
  let opened: OpenedToken;
  let keys: KeyStore;

  before(async function () {
    needsTokens(this, 'softhsm');
    token = await makeToken('softhsm');
    faulty = faultyModule(token);
  });
  after(() => token?.remove());
  beforeEach(async () => {
    faulty.mend();
    opened = await openToken({ ...token, environment: faulty.environment }, { module: faulty.module });
    keys = present(opened.backend.keys, 'keys');
    await keys.generate('signs', 'ECDSA-P256', SIGNAL);
  });
  afterEach(() => opened.cleanup());

  describe('the driver', () => {
    it('killed between two calls is started again, and logs in again', async () => {
      const signer = await keys.signer('signs', SIGNAL);
      const [pid] = driverProcesses();
      process.kill(present(pid, 'the process'), 'SIGKILL');
      await signsWith(signer);
      assert.deepEqual(driverProcesses().includes(present(pid, 'the process')), false);
      assert.equal(driverProcesses().length, 1);
    });

    it('killed in the middle of a signature is started again, and the caller notices nothing', async () => {
      await killedIn(faulty, 'C_Sign', () => signs(keys, 'signs'));
    });

    it('that crashes once is started again', async () => {
      for (const name of [
        'C_Sign',
        'C_SignInit',
        'C_FindObjectsInit',
        'C_DestroyObject',
        'C_GenerateKeyPair',
      ]) {
        faulty.put(name, 'once crash');
        await keys.generate(`crash ${name}`, 'ECDSA-P256', SIGNAL);
        await signs(keys, `crash ${name}`);
        await keys.destroy(`crash ${name}`, SIGNAL);
        assert.equal(await keys.find(`crash ${name}`, SIGNAL), undefined, name);
      }
    });

    it('that crashes each time is told of, with its signal, and the next call tries again', async () => {
      faulty.put('C_SignInit', 'crash');
      const error = await rejectsWith('unreachable', signs(keys, 'signs'));
      assert.match(
        error.what,
        /softhsm-test \(token test, module under-test\).*crashed twice \(signal SIGSEGV\)/,
      );
      faulty.mend();
      await signs(keys, 'signs');
    });

    it('that hangs is ended, told of, and started again', async () => {
      const impatient = present((await opened.again({ timeout: '4s' })).keys, 'keys');
      await opened.backend.close();
      for (const name of ['C_SignInit', 'C_Sign', 'C_FindObjectsInit']) {
        faulty.put(name, 'hang');
        const error = await rejectsWith('unreachable', signs(impatient, 'signs'));
        assert.match(error.what, /did not answer within 4 s and was ended/);
        assert.ok(error.retryable);
        // It was ended, and is gone as soon as the system gets to it.
        while (driverProcesses().length > 0) await sleep(10);
        faulty.mend();
        await signs(impatient, 'signs');
      }
    });

    it('that is stopped is ended like one that hangs', async () => {
      const impatient = present((await opened.again({ timeout: '4s' })).keys, 'keys');
      await opened.backend.close();
      const signer = await impatient.signer('signs', SIGNAL);
      const [pid] = driverProcesses();
      process.kill(present(pid, 'the process'), 'SIGSTOP');
      await rejectsWith('unreachable', signer.sign(DATA, SIGNAL));
      await signsWith(signer);
    });

    it('that hangs does not hold up an abort', async () => {
      faulty.put('C_FindObjectsInit', 'hang');
      const abort = new AbortController();
      const finding = keys.find('signs', abort.signal);
      while (faulty.calls('C_FindObjectsInit') < 1) await sleep(10);
      abort.abort();
      await rejectsWith('interrupted', finding);
    });

    it('that hangs ends with the program that started it, however that ends', async () => {
      faulty.put('C_Initialize', 'hang');
      const code = `
        const { fork } = require('node:child_process');
        const [host, file] = process.argv.slice(1);
        const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
        const driver = fork(host, [String(process.pid)], { serialization: 'advanced', stdio });
        driver.send({ id: 1, name: 'open', request: { file, token: {}, sessions: 1 } });
        console.log(driver.pid);
      `;
      const host = path.join(REPOSITORY, 'server/dist/pkcs11Host.mjs');
      const before = faulty.calls('C_Initialize');
      const program = spawn(process.execPath, ['-e', code, host, faulty.module], {
        env: { ...process.env, ...faulty.environment },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [text] = (await once(program.stdout, 'data')) as [Buffer];
      const pid = Number(text.toString());
      while (faulty.calls('C_Initialize') === before) await sleep(10);
      program.kill('SIGKILL');
      while (existsSync(`/proc/${pid}/maps`) && readFileSync(`/proc/${pid}/cmdline`).length > 0)
        await sleep(50);
    });

    it('killed while it makes a key leaves one key, and the same call answers it', async () => {
      const made = await killedIn(faulty, 'C_GenerateKeyPair', () =>
        keys.generate('killed', 'ECDSA-P256', SIGNAL),
      );
      assert.deepEqual(await keys.generate('killed', 'ECDSA-P256', SIGNAL), made);
      assert.equal((await keys.list(SIGNAL)).filter(({ keyId }) => keyId === 'killed').length, 1);
    });

    it('that signs wrongly spoils nothing: its signature is thrown away', async () => {
      faulty.put('C_Sign', 'spoil');
      const error = await rejectsWith('internal', signs(keys, 'signs'));
      assert.match(error.what, /is no signature of that key/);
    });

    it('that cannot be loaded, or is no module, is told of with the reason', async () => {
      const error = await rejectsWith('unreachable', openToken(token, { module: '/nowhere/driver.so' }));
      assert.match(error.what, /module cannot be loaded/);
      await rejectsWith('unreachable', openToken(token, { module: path.resolve('package.json') }));
    });
  });

  describe('the token', () => {
    it('that went away is told of, and works again once it is back', async () => {
      const signer = await keys.signer('signs', SIGNAL);
      faulty.put('C_SignInit', 'return 0x32'); // CKR_DEVICE_REMOVED
      faulty.put('absent');
      const error = await rejectsWith('unreachable', signer.sign(DATA, SIGNAL));
      assert.match(error.what, /no such token is there/);
      assert.ok(error.retryable);
      faulty.mend();
      await signsWith(signer);
    });

    it('whose files went away is told of, and works again once they are back', async () => {
      const signer = await keys.signer('signs', SIGNAL);
      const tokens = path.join(token.folder, 'tokens');
      renameSync(tokens, `${tokens}.away`);
      await opened.backend.close();
      await rejectsWith('unreachable', signer.sign(DATA, SIGNAL));
      renameSync(`${tokens}.away`, tokens);
      await signsWith(signer);
    });

    for (const [code, name] of [
      [0xb3, 'CKR_SESSION_HANDLE_INVALID'],
      [0xb0, 'CKR_SESSION_CLOSED'],
      [0x32, 'CKR_DEVICE_REMOVED'],
      [0xe0, 'CKR_TOKEN_NOT_PRESENT'],
      [0x101, 'CKR_USER_NOT_LOGGED_IN'],
      [0x60, 'CKR_KEY_HANDLE_INVALID'],
    ] as const) {
      it(`that answers ${name} once gets a session and a login anew`, async () => {
        const signer = await keys.signer('signs', SIGNAL);
        faulty.put('C_SignInit', `once return ${code}`);
        await signsWith(signer);
      });
    }

    it('that is full, write-protected or busy says so', async () => {
      for (const [code, kind, words] of [
        [0x31, 'forbidden', /no room/],
        [0xe2, 'forbidden', /write-protected/],
      ] as const) {
        faulty.put('C_GenerateKeyPair', `return ${code}`);
        const error = await rejectsWith(kind, keys.generate('no room', 'ECDSA-P256', SIGNAL));
        assert.match(error.what, words);
      }
      faulty.mend();
      faulty.put('C_OpenSession', 'return 0xb1');
      await rejectsWith('rate-limited', opened.again());
    });

    it('is told by label and serial number, never by its place', async () => {
      const error = await rejectsWith('unreachable', opened.again({ token: { label: 'other' } }));
      assert.match(error.what, /the module sees "test" \(serial [0-9a-f]{16}\)/);
      const serial = /serial ([0-9a-f]{16})/.exec(error.what)?.[1] ?? '';
      const bySerial = await opened.again({ token: { serial } });
      assert.deepEqual(await bySerial.keys?.find('signs', SIGNAL), await keys.find('signs', SIGNAL));
      await rejectsWith(
        'unreachable',
        opened.again({ token: { label: 'test', serial: '0000000000000000' } }),
      );
    });
  });

  describe('the PIN', () => {
    it('that is wrong is tried once, by whatever process, until another is given', async () => {
      opened.bind(`${token.pin}9`);
      faulty.mend();
      await rejectsWith('unauthenticated', opened.again());
      assert.equal(faulty.calls('C_Login'), 1);
      const error = await rejectsWith('unauthenticated', opened.again());
      assert.match(`${error.what} ${error.hint}`, /refused this PIN at .*not tried again.*idac login/);
      // One that is open already notices it when it has to log in anew.
      for (const pid of driverProcesses()) process.kill(pid, 'SIGKILL');
      await rejectsWith('unauthenticated', keys.find('signs', SIGNAL));
      assert.equal((await opened.backend.health(SIGNAL)).ok, false);
      assert.equal(faulty.calls('C_Login'), 1, 'it was not tried again');
      opened.bind(token.pin);
      await signs(keys, 'signs');
      assert.ok((await opened.backend.health(SIGNAL)).ok);
    });

    it('is not tried when it is locked, or when one try is left', async () => {
      for (const flags of ['0x40000', '0x20000']) {
        faulty.mend();
        faulty.put('flags', flags);
        await rejectsWith('locked', opened.again());
        const { ok, checks } = await opened.backend.health(SIGNAL);
        assert.ok(!ok && checks.some(({ what, ok }) => what === 'PIN' && !ok));
        assert.equal(faulty.calls('C_Login'), 0, flags);
      }
    });

    it('and a protected token are told before an action, for the steps that they would stop', async () => {
      const ask = async (flags: string | undefined) => {
        faulty.mend();
        if (flags !== undefined) faulty.put('flags', flags);
        const permits = present(opened.backend.permits, 'permits');
        const uses = [
          { role: 'KeyStore', verb: 'make', algorithm: 'ECDSA-P256' },
          { role: 'KeyStore', verb: 'sign' },
        ] as const;
        const answers = await permits(uses, SIGNAL);
        const given = (use: (typeof uses)[number], what: string) =>
          present(
            answers.find((each) => each.use === use && each.what === what),
            what,
          );
        return { make: given(uses[0], 'PIN'), token: given(uses[0], 'token'), sign: given(uses[1], 'PIN') };
      };
      const sound = await ask(undefined);
      assert.deepEqual([sound.make.allowed, sound.token.allowed, sound.sign.allowed], [true, true, true]);
      for (const flags of ['0x40000', '0x20000', '0x80000']) {
        const { make, sign } = await ask(flags);
        assert.deepEqual([make.allowed, sign.allowed], [false, false], flags);
        assert.ok(make.hint);
      }
      const low = await ask('0x10000');
      assert.equal(low.make.allowed, 'unknown');
      assert.match(low.make.detail, /fewer tries are left/);
      const protectedToken = await ask('0x2');
      assert.deepEqual([protectedToken.token.allowed, protectedToken.sign.allowed], [false, true]);
      const missing = await present(opened.backend.permits, 'permits')(
        [{ role: 'KeyStore', verb: 'make', algorithm: 'Ed25519' }],
        SIGNAL,
      );
      assert.ok(missing.some(({ what }) => what === 'mechanisms'));
      assert.equal(faulty.calls('C_GenerateKeyPair'), 0);
    });

    it('of the security officer, a module that others can change, and keys that may leave, are told in the health', async () => {
      const check = async (what: string) => {
        const { checks } = await opened.backend.health(SIGNAL);
        return present(
          checks.find((each) => each.what === what),
          what,
        );
      };
      assert.equal((await check('security officer PIN')).ok, true);
      faulty.put('flags', '0x800000');
      assert.match((await check('security officer PIN')).detail, /the one that the maker set/);
      faulty.put('flags', '0x400000');
      assert.match((await check('security officer PIN')).detail, /locked/);
      faulty.mend();

      assert.equal((await check('module file')).ok, true);
      chmodSync(faulty.module, 0o777);
      assert.equal((await check('module file')).ok, false);
      chmodSync(faulty.module, 0o755);

      const sound = await check('keys');
      assert.ok(sound.ok, sound.detail);
      const label = 'Key/default/open/1/1';
      const id = createHash('sha256').update(label).digest('hex').slice(0, 40);
      const made = pkcs11Tool(
        token,
        ...['--keypairgen', '--key-type', 'EC:prime256v1', '--label', label, '--id', id, '--extractable'],
      );
      assert.equal(made.status, 0, made.text);
      for (const pid of driverProcesses()) process.kill(pid, 'SIGKILL');
      const open = await check('keys');
      assert.ok(!open.ok && open.hint && open.detail.includes(label), open.detail);
      assert.match((await check('keys without a note')).detail, /Key\/default\/open/);
      await keys.destroy(label, SIGNAL);
      assert.ok((await check('keys')).ok);
    });

    it('that was tried wrongly by somebody is told of', async () => {
      faulty.put('flags', '0x10000');
      const { checks } = await opened.backend.health(SIGNAL);
      assert.match(present(checks.find(({ what }) => what === 'PIN')?.detail, 'PIN'), /wrong PIN was tried/);
    });

    it('that the token locks in between is told of', async () => {
      faulty.put('C_Login', 'return 0xa4');
      const error = await rejectsWith('locked', opened.again());
      assert.match(error.what, /locked after too many wrong tries \(C_Login: CKR_PIN_LOCKED\)/);
    });

    it('that is not bound is asked for', async () => {
      opened.bind(undefined);
      const error = await rejectsWith('unauthenticated', opened.again());
      assert.match(`${error.what}: ${error.hint}`, /no PIN is bound.*idac login softhsm-test/);
    });

    it('stands in no command line, environment or error', async () => {
      for (const pid of driverProcesses()) {
        assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(token.pin));
        assert.ok(!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token.pin));
      }
      faulty.put('C_SignInit', 'return 5');
      const error = await rejectsWith('unreachable', signs(keys, 'signs'));
      assert.ok(!JSON.stringify([error, String(error.stack), error.cause]).includes(token.pin));
    });
  });

  it('signs many at once over its sessions', async () => {
    const signer = await keys.signer('signs', SIGNAL);
    await Promise.all(Array.from({ length: 40 }, () => signsWith(signer)));
    assert.equal(driverProcesses().length, 1);
  });
});
