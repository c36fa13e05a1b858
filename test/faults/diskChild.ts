/**
 * A process that is killed on purpose: `diskChild <scenario> <folder> <n> [more]` ends itself by SIGKILL at its n-th
 * changing call to the file system (before the call, or in the middle of a write). 0: it is not killed.
 */
import { constants, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openAppendLog } from '../../server/src/platform/disk/appendLog.ts';
import { openFileStateStore } from '../../server/src/platform/disk/fileStateStore.ts';
import { withLock } from '../../server/src/platform/disk/lock.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { dieAtCall } from '../support/dieAtCall.ts';
import { CHEAP, eventOf, IDENTITY, passphrase } from './diskMaterial.ts';

const [scenario = '', folder = '', count = '0', more = ''] = process.argv.slice(2);
const signal = new AbortController().signal;

const armed = () => dieAtCall(Number(count));

/** Takes the lock again and again and writes down when it comes and goes: diskLock.test.ts reads that. */
async function lockLoop(often: boolean): Promise<void> {
  const log = openSync(path.join(folder, 'log'), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT);
  for (let turn = 0; turn < Number(more); turn += 1) {
    await withLock(
      path.join(folder, 'a.lock'),
      async () => {
        writeSync(log, `enter ${process.pid} ${turn}\n`);
        await sleep(Math.random() * 4);
        writeSync(log, `leave ${process.pid} ${turn}\n`);
      },
      { wait: 60_000, what: 'count', ...(often ? { often: 'count' } : {}) },
      signal,
    );
  }
}

const hold = (often: boolean) =>
  withLock(
    path.join(folder, 'a.lock'),
    async () => {
      process.stdout.write('held');
      await sleep(60_000);
    },
    { wait: 5000, what: 'hold it', ...(often ? { often: 'hold it' } : {}) },
    signal,
  );

/** One append on a head that another process read, too. */
async function race(): Promise<void> {
  const store = openFileStateStore({
    root: path.join(folder, 'root'),
    cloneState: openStateFolder(path.join(folder, 'state')),
    hasher: nodeHasher,
    random: nodeRandom,
  });
  try {
    await store.append(IDENTITY, [eventOf(more)], readFileSync(path.join(folder, 'head'), 'utf8'), signal);
    process.stdout.write('appended');
  } catch (error) {
    process.stdout.write(error instanceof Error ? error.name : 'no error');
  }
}

const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  lockLoop: () => lockLoop(false),
  lockLoopOften: () => lockLoop(true),
  race,
  lock: () =>
    withLock(path.join(folder, 'a.lock'), async () => undefined, { wait: 5000, what: 'test' }, signal),
  async lockOften() {
    const file = path.join(folder, 'a.lock');
    const how = { wait: 5000, what: 'test', often: 'test' };
    for (let turn = 0; turn < 3; turn += 1) await withLock(file, async () => undefined, how, signal);
  },
  holdLock: () => hold(false),
  holdLockOften: () => hold(true),
  appendLog: async () => {
    const log = openAppendLog(path.join(folder, 'log.jsonl'));
    await log.append({ n: 3, text: 'three '.repeat(50) });
    await log.close();
  },
  stateFolder: () => openStateFolder(folder).write('sub/a', Buffer.from('new '.repeat(1000))),
  async stateStore() {
    const store = openFileStateStore({
      root: path.join(folder, 'root'),
      cloneState: openStateFolder(path.join(folder, 'state')),
      hasher: nodeHasher,
      random: nodeRandom,
    });
    const { head } = await store.read(IDENTITY, signal);
    await store.append(IDENTITY, [eventOf('b'), eventOf('c')], head, signal);
  },
  async encrypt() {
    const store = await openSealedStore(folder, { how: 'none' }, nodeRandom, { scrypt: CHEAP });
    await store.addSlot(passphrase('correct'));
  },
  async addSlot() {
    const store = await openSealedStore(folder, passphrase('correct'), nodeRandom, { scrypt: CHEAP });
    await store.addSlot(passphrase('second'));
  },
  async projectFile() {
    const files = openProjectFiles(path.join(folder, 'root'), {
      trusted: true,
      lockFolder: path.join(folder, 'locks'),
    });
    const now = await files.read('certs/api.key');
    const content = new Secret<Uint8Array>(Buffer.from(more));
    await files.write('certs/api.key', content, { ifVersion: now?.version ?? null, isPrivate: true });
  },
};

const work = scenarios[scenario];
if (work === undefined) throw new Error(`no scenario ${scenario}`);
mkdirSync(folder, { recursive: true });
if (count !== '0') await armed();
await work();
