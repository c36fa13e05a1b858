import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyChain } from '../../server/src/core/lifecycle/verifyChain.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openAppendLog } from '../../server/src/platform/disk/appendLog.ts';
import { openFileStateStore } from '../../server/src/platform/disk/fileStateStore.ts';
import { withLock } from '../../server/src/platform/disk/lock.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { CHEAP, eventOf, IDENTITY, passphrase } from './diskMaterial.ts';
import { buildChild, runChild } from './diskProcess.ts';

const signal = new AbortController().signal;

/** SIGKILL before each changing file call and inside each write; then the next process must find its way. */
describe('SIGKILL at every file call', function () {
  this.timeout(120_000);
  let child: Awaited<ReturnType<typeof buildChild>>;
  let home: string;

  before(async () => {
    child = await buildChild();
  });
  after(() => child.remove());
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'idac-crash-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** Runs the scenario once for every place to die at, each in a new folder, until it gets through. */
  async function atEveryCall(
    scenario: string,
    prepare: (folder: string) => Promise<void>,
    check: (folder: string) => Promise<void>,
    more: readonly string[] = [],
  ): Promise<void> {
    for (let n = 1; ; n += 1) {
      assert.ok(n < 300, 'the scenario never ends');
      const folder = path.join(home, `${scenario}-${n}`);
      await mkdir(folder);
      await prepare(folder);
      const { killed } = await runChild(child.program, [scenario, folder, String(n), ...more]).ended;
      try {
        await check(folder);
      } catch (error) {
        throw new Error(`killed at call ${n}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
      if (!killed) {
        assert.ok(n > 3, 'nothing was interrupted');
        return;
      }
    }
  }

  for (const often of ['', 'Often']) {
    const suffix = often === '' ? '' : ' that is taken often';
    it(`lock${suffix}: the next one gets it`, () =>
      atEveryCall(
        `lock${often}`,
        async () => undefined,
        async (folder) => {
          const file = path.join(folder, 'a.lock');
          await withLock(file, async () => undefined, { wait: 'no', what: 'test' }, signal);
          await withLock(file, async () => undefined, { wait: 'no', what: 'test' }, signal);
        },
      ));

    it(`lock${suffix}: taking it over from a dead holder`, () =>
      atEveryCall(
        `lock${often}`,
        async (folder) => {
          const holder = runChild(child.program, [`holdLock${often}`, folder, '0']);
          const file = path.join(folder, 'a.lock');
          while (!(await readFile(file, 'utf8').catch(() => ''))) await sleep(5);
          holder.kill();
          await holder.ended;
        },
        async (folder) => {
          const file = path.join(folder, 'a.lock');
          await withLock(file, async () => undefined, { wait: 'no', what: 'test' }, signal);
          const locks = (await readdir(folder)).filter((name) => !name.endsWith('.draft'));
          assert.ok(locks.length <= 1, locks.join());
        },
      ));
  }

  it('append log: a torn line is no entry, and the next append follows the last whole one', () =>
    atEveryCall(
      'appendLog',
      async (folder) => {
        const log = openAppendLog(path.join(folder, 'log.jsonl'));
        await log.append({ n: 1 });
        await log.append({ n: 2 });
        await log.close();
      },
      async (folder) => {
        const log = openAppendLog<{ n: number }>(path.join(folder, 'log.jsonl'));
        const numbers = async () => (await log.entries()).map((entry) => entry.n);
        const before = await numbers();
        assert.ok(['1,2', '1,2,3'].includes(before.join()), before.join());
        await log.append({ n: 4 });
        await log.close();
        assert.deepEqual(await numbers(), [...before, 4]);
      },
    ));

  it('state folder: old or new content, and no temporary file stays', () =>
    atEveryCall(
      'stateFolder',
      (folder) => openStateFolder(folder).write('sub/a', Buffer.from('old '.repeat(1000))),
      async (folder) => {
        const state = openStateFolder(folder);
        const text = Buffer.from((await state.read('sub/a')) ?? []).toString();
        assert.ok([`${'old '.repeat(1000)}`, `${'new '.repeat(1000)}`].includes(text), text.slice(0, 20));
        await state.write('sub/a', Buffer.from('newest'));
        assert.deepEqual(await readdir(path.join(folder, 'sub')), ['a']);
      },
    ));

  for (const first of [true, false]) {
    it(`record: no event is half there, the chain has no gap and no fork (${first ? 'first' : 'later'} append)`, () =>
      atEveryCall(
        'stateStore',
        async (folder) => {
          await mkdir(path.join(folder, 'root'));
          if (first) return;
          const store = storeIn(folder);
          const { head } = await store.read(IDENTITY, signal);
          await store.append(IDENTITY, [eventOf('a')], head, signal);
        },
        async (folder) => {
          const store = storeIn(folder);
          const already = first ? [] : ['a'];
          const { events, head } = await store.read(IDENTITY, signal);
          const ids = events.map((event) => event.id);
          assert.ok([already.join(), [...already, 'b', 'c'].join()].includes(ids.join()), ids.join());
          const again = await store.append(
            IDENTITY,
            [eventOf('b'), eventOf('c'), eventOf('d')],
            head,
            signal,
          );
          assert.deepEqual(
            again.events.map((event) => `${event.chain.sequence} ${event.id}`),
            [...already, 'b', 'c', 'd'].map((id, index) => `${index + 1} ${id}`),
          );
          assert.equal(new Set(again.events.map((event) => event.chain.clone)).size, 1);
          assert.deepEqual(verifyChain(again.events, nodeHasher), []);
          assert.deepEqual(await store.damaged(signal), []);
          const files = await readdir(path.join(folder, 'root/.identity/records/payments/Certificate/api'));
          assert.equal(files.length, again.events.length);
        },
      ));
  }

  it('sealed store: it is encrypted wholly or not at all, and loses nothing', () =>
    atEveryCall(
      'encrypt',
      async (folder) => {
        const store = await openSealedStore(folder, { how: 'none' }, nodeRandom);
        for (const name of ['a', 'b/c'])
          await store.put(name, new Secret<Uint8Array>(Buffer.from(`of ${name}`)));
      },
      async (folder) => {
        const store = await openSealedStore(folder, passphrase('correct'), nodeRandom, { scrypt: CHEAP });
        for (const name of ['a', 'b/c']) {
          assert.equal(Buffer.from((await store.get(name))?.reveal() ?? []).toString(), `of ${name}`);
        }
        const header = await readFile(path.join(folder, 'store.json'), 'utf8');
        assert.equal(store.encrypted, !header.includes('dataKey'));
        const epochs = (await readdir(folder)).filter((name) => name.startsWith('entries-'));
        assert.deepEqual(epochs, [store.encrypted ? 'entries-2' : 'entries-1']);
      },
    ));

  it('sealed store: a new slot is there or not, and the old one still opens', () =>
    atEveryCall(
      'addSlot',
      async (folder) => {
        const store = await openSealedStore(folder, passphrase('correct'), nodeRandom, { scrypt: CHEAP });
        await store.put('a', new Secret<Uint8Array>(Buffer.from('kept')));
      },
      async (folder) => {
        const store = await openSealedStore(folder, passphrase('correct'), nodeRandom, { scrypt: CHEAP });
        assert.equal(Buffer.from((await store.get('a'))?.reveal() ?? []).toString(), 'kept');
        const { slots } = await store.status();
        assert.ok(slots.length === 1 || slots.length === 2);
        const second = openSealedStore(folder, passphrase('second'), nodeRandom);
        if (slots.length === 2) assert.equal((await second).encrypted, true);
        else await assert.rejects(second, { kind: 'unauthenticated' });
      },
    ));

  it('project file: old or new, and once it is read no copy of the key is left beside it', () =>
    atEveryCall(
      'projectFile',
      async (folder) => {
        await mkdir(path.join(folder, 'root'));
        await filesIn(folder).write('certs/api.key', secret('first'), { ifVersion: null, isPrivate: true });
      },
      async (folder) => {
        const files = filesIn(folder);
        const now = await files.read('certs/api.key');
        assert.ok(now);
        assert.match(Buffer.from(now.bytes.reveal()).toString(), /^(first|second)$/);
        assert.deepEqual(await readdir(path.join(folder, 'root/certs')), ['api.key']);
        await files.write('certs/api.key', secret('third'), { ifVersion: now.version, isPrivate: true });
        assert.deepEqual(await readdir(path.join(folder, 'root/certs')), ['api.key']);
      },
      ['second'],
    ));
});

function storeIn(folder: string) {
  return openFileStateStore({
    root: path.join(folder, 'root'),
    cloneState: openStateFolder(path.join(folder, 'state')),
    hasher: nodeHasher,
    random: nodeRandom,
  });
}

function filesIn(folder: string) {
  return openProjectFiles(path.join(folder, 'root'), {
    trusted: true,
    lockFolder: path.join(folder, 'locks'),
  });
}

function secret(text: string): Secret<Uint8Array> {
  return new Secret<Uint8Array>(Buffer.from(text));
}
