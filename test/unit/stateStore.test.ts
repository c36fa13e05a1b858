import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import { eventFile } from '../../server/src/core/lifecycle/eventFile.ts';
import { StaleHead } from '../../server/src/core/lifecycle/stateStore.ts';
import { verifyChain } from '../../server/src/core/lifecycle/verifyChain.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openFileStateStore } from '../../server/src/platform/disk/fileStateStore.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { eventOf, IDENTITY } from '../faults/diskMaterial.ts';
import { buildChild, runChild } from '../faults/diskProcess.ts';
import { hasProgram, needs } from '../support/needs.ts';

const signal = new AbortController().signal;
const FOLDER = '.identity/records/payments/Certificate/api';

describe('record as files', () => {
  let home: string;
  let root: string;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'idac-record-'));
    root = path.join(home, 'root');
    await mkdir(root);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const storeOf = (at = root, formerNames: (id: IdentityId) => readonly IdentityId[] = () => []) =>
    openFileStateStore({
      root: at,
      cloneState: openStateFolder(path.join(home, `state-of-${path.basename(at)}`)),
      hasher: nodeHasher,
      random: nodeRandom,
      formerNames,
    });
  const add = async (store: ReturnType<typeof storeOf>, id: string, at?: string, identity = IDENTITY) => {
    const { head } = await store.read(identity, signal);
    return store.append(identity, [eventOf(id, identity, at)], head, signal);
  };
  const idsOf = (events: readonly IdentityEvent[]) => events.map((event) => event.id).join(' ');

  it('writes one readable file per event, named by time and id', async () => {
    const store = storeOf();
    await add(store, 'e1');
    await add(store, 'e2', '2026-01-02T03:04:06.000Z');
    assert.deepEqual(await readdir(path.join(root, FOLDER)), [
      '20260102T030405678Z-e1.json',
      '20260102T030406000Z-e2.json',
    ]);
    const text = await readFile(path.join(root, FOLDER, '20260102T030405678Z-e1.json'), 'utf8');
    assert.match(
      text,
      /^\{\n {2}"schemaVersion": 1,\n {2}"id": "e1",\n {2}"at": "2026-01-02T03:04:05.678Z",\n {2}"type": "forgotten",/,
    );
    assert.match(text, /"previous": null,\n {4}"sequence": 1\n {2}\}\n\}\n$/);
    assert.equal(await readFile(path.join(root, '.identity/.gitattributes'), 'utf8'), 'records/** -text\n');
    assert.deepEqual(await store.list(signal), [IDENTITY]);
  });

  it('refuses a head that is no longer the newest, and answers what is there already', async () => {
    const store = storeOf();
    const { head } = await store.read(IDENTITY, signal);
    const first = await store.append(IDENTITY, [eventOf('e1')], head, signal);
    await assert.rejects(store.append(IDENTITY, [eventOf('e2')], head, signal), StaleHead);
    const again = await store.append(IDENTITY, [eventOf('e1')], head, signal);
    assert.deepEqual(again.appended, first.appended);
    assert.equal(again.head, first.head);
  });

  it('lets exactly one of two processes append on the same head', async function () {
    this.timeout(120_000);
    const child = await buildChild();
    try {
      const { head } = await storeOf().read(IDENTITY, signal);
      await writeFile(path.join(home, 'head'), head);
      const racers = ['r1', 'r2', 'r3'].map((id) => runChild(child.program, ['race', home, '0', id]).ended);
      const ends = (await Promise.all(racers)).map((end) => end.stdout).sort();
      assert.deepEqual(ends, ['StaleHead', 'StaleHead', 'appended']);
    } finally {
      await child.remove();
    }
  });

  it('reads events of former names, and appends to the present one', async () => {
    const former = { ...IDENTITY, name: 'old-api' };
    await add(storeOf(), 'e1', '2026-01-01T00:00:00.000Z', former);
    const store = storeOf(root, (id) => (id.name === 'api' ? [former] : []));
    assert.equal(idsOf((await store.read(IDENTITY, signal)).events), 'e1');
    const after = await add(store, 'e2');
    assert.equal(idsOf(after.events), 'e1 e2');
    assert.deepEqual(verifyChain(after.events, nodeHasher), []);
    assert.equal((await readdir(path.join(root, FOLDER))).length, 1);
  });

  it('puts lost events back, byte for byte, and leaves others alone', async () => {
    const store = storeOf();
    await add(store, 'e1');
    const { events } = await add(store, 'e2', '2026-01-02T03:04:06.000Z');
    const [first] = events;
    assert.ok(first);
    const file = path.join(root, eventFile(first));
    const bytes = await readFile(file, 'utf8');
    await unlink(file);
    assert.deepEqual(await storeOf().restore(events, signal), [eventFile(first)]);
    assert.equal(await readFile(file, 'utf8'), bytes);
  });

  it('writes the last event once more where a power loss tore its file, for as long as the store is not settled', async () => {
    const store = storeOf();
    await add(store, 'e1');
    const { events } = await add(store, 'e2', '2026-01-02T03:04:06.000Z');
    const [first, last] = events.map((event) => path.join(root, eventFile(event)));
    assert.ok(first && last);
    const bytes = await readFile(last);
    const torn = [Buffer.alloc(0), bytes.subarray(0, 100), Buffer.alloc(bytes.length), undefined];
    for (const left of torn) {
      await unlink(last);
      if (left !== undefined) await writeFile(last, left);
      const read = await storeOf().read(IDENTITY, signal);
      assert.equal(idsOf(read.events), 'e1 e2');
      assert.deepEqual(await readFile(last), bytes);
      // Written once more, it is forgotten; for the next round it is not.
      const line = (await readFile(path.join(home, 'state-of-root/chain.json'), 'utf8')).split('\n').at(-2);
      assert.deepEqual((JSON.parse(line ?? '') as { pending: unknown }).pending, []);
      await writeFile(
        path.join(home, 'state-of-root/chain.json'),
        `${JSON.stringify({ ...JSON.parse(line ?? ''), pending: [events[1]] })}\n`,
      );
    }
    await store.settle(signal);
    await unlink(last);
    assert.equal(idsOf((await storeOf().read(IDENTITY, signal)).events), 'e1');
  });

  it('reports damaged files and reads the others', async () => {
    const store = storeOf();
    await add(store, 'e1');
    const good = await readFile(path.join(root, FOLDER, '20260102T030405678Z-e1.json'), 'utf8');
    const damage: Readonly<Record<string, string | Buffer>> = {
      'conflict.json': `<<<<<<< HEAD\n${good}=======\n${good}>>>>>>> other\n`,
      'cut.json': good.slice(0, 100),
      'empty.json': '',
      'huge.json': Buffer.alloc(1024 * 1024 + 1, 0x20),
      'list.json': '[]',
      'newer.json': good.replace('"schemaVersion": 1', '"schemaVersion": 2'),
      'elsewhere.json': good,
      'type.json': good.replace('forgotten', 'toString'),
      'escape.json': good.replace('"name": "api"', '"name": "../../x"'),
      'deep.json': good.replace(
        '"why": "a test"',
        `"why": "a test", "more": ${'['.repeat(5000)}${']'.repeat(5000)}`,
      ),
      '20260102T030405679Z-e1.json': good.replace('05.678Z', '05.679Z'),
      'binary.json': Buffer.from([0xff, 0x00, 0xfe]),
    };
    for (const [name, content] of Object.entries(damage))
      await writeFile(path.join(root, FOLDER, name), content);
    await mkdir(path.join(root, FOLDER, 'folder.json'));
    await symlink('/etc/passwd', path.join(root, FOLDER, 'link.json'));
    const found = await store.damaged(signal);
    const text = found.map((each) => `${path.basename(each.file)}: ${each.why}`).sort();
    assert.deepEqual(text, [
      `20260102T030405679Z-e1.json: it has the same id as ${FOLDER}/20260102T030405678Z-e1.json`,
      'binary.json: it is no JSON',
      'conflict.json: it holds conflict markers of a merge: restore either side whole',
      'cut.json: it is no JSON',
      'deep.json: it is nested deeper than 16 levels',
      `elsewhere.json: it belongs to ${FOLDER}/20260102T030405678Z-e1.json`,
      'empty.json: it is empty',
      'escape.json: its field "identity" is missing or has a wrong form',
      'folder.json: it is no file',
      'huge.json: it has more than 1 MiB',
      'link.json: it is a link: a record holds files only',
      'list.json: it is no JSON object',
      'newer.json: its schemaVersion is not 1: a newer version of idac may read it',
      'type.json: its type is none that is known',
    ]);
    assert.equal(idsOf((await store.read(IDENTITY, signal)).events), 'e1');
  });

  it('reads on when the end of the chain is damaged, refuses to append, and says what to do', async () => {
    const store = storeOf();
    await add(store, 'e1');
    const file = path.join(home, 'state-of-root/chain.json');
    for (const bad of ['', '{"clone": 1}', '[]', '{']) {
      await writeFile(file, bad);
      assert.equal(idsOf((await store.read(IDENTITY, signal)).events), 'e1');
      assert.deepEqual(await store.list(signal), [IDENTITY]);
      await assert.rejects(add(store, 'e2'), { kind: 'corrupt', hint: /move the file away/ });
    }
    await unlink(file);
    const { events } = await add(store, 'e2', '2026-01-02T03:04:06.000Z');
    assert.equal(new Set(events.map((event) => event.chain.clone)).size, 2);
    assert.deepEqual(verifyChain(events, nodeHasher), []);
  });

  it('neither reads nor writes through a linked folder', async () => {
    const outside = path.join(home, 'outside');
    await mkdir(outside);
    await mkdir(path.join(root, '.identity'));
    await symlink(outside, path.join(root, '.identity/records'));
    const store = storeOf();
    assert.deepEqual(await store.list(signal), []);
    assert.equal((await store.damaged(signal))[0]?.file, '.identity/records');
    await assert.rejects(add(store, 'e1'), { kind: 'forbidden' });
    assert.deepEqual(await readdir(outside), []);
  });

  describe('verifyChain', () => {
    const chainOf = async (count: number) => {
      const store = storeOf();
      for (let n = 1; n <= count; n += 1) await add(store, `e${n}`, `2026-01-02T03:04:0${n}.000Z`);
      return (await store.read(IDENTITY, signal)).events;
    };
    const problemsOf = (events: readonly IdentityEvent[]) =>
      verifyChain(events, nodeHasher).map((each) => `${path.basename(each.file)}: ${each.what}`);
    const altered = (events: readonly IdentityEvent[], id: string, change: object) =>
      events.map((event) => (event.id === id ? ({ ...event, ...change } as IdentityEvent) : event));

    it('finds nothing in an untouched chain, in any order, also when it is handed over twice', async () => {
      const events = await chainOf(4);
      assert.deepEqual(problemsOf([...events, ...events].reverse()), []);
    });

    it('finds a changed event, a gap, a fork and a duplicate', async () => {
      const events = await chainOf(4);
      const [, second, third] = events;
      assert.ok(second && third);
      assert.match(
        problemsOf(altered(events, 'e2', { why: 'forged' })).join(),
        /^[^:]*-e3\.json: .*-e2\.json, .* was changed afterwards$/,
      );
      assert.match(
        problemsOf(events.filter((event) => event !== second)).join(),
        /-e3\.json: before it, number 2 of clone .* is missing/,
      );
      const fork = { ...third, id: 'f3', why: 'other' } as IdentityEvent;
      assert.match(problemsOf([...events, fork]).join(), /wrote number 3 twice/);
      assert.match(
        problemsOf([...events, { ...second, because: 'x' }]).join(),
        /the same id e2 and other content/,
      );
    });
  });

  describe('with git', function () {
    this.timeout(120_000);
    before(function () {
      needs(this, 'git', hasProgram('git'));
    });

    const git = (cwd: string, ...args: string[]) =>
      execFileSync(
        'git',
        ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args],
        {
          cwd,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_SYSTEM: os.devNull },
        },
      );
    const commitAll = (cwd: string) => {
      git(cwd, 'add', '-A');
      git(cwd, 'commit', '-q', '-m', 'events');
    };

    it('merges two branches to the union of their events, without a conflict', async () => {
      git(root, 'init', '-q', '-b', 'main');
      const mine = storeOf();
      await add(mine, 'e1');
      commitAll(root);
      const other = path.join(home, 'other');
      git(home, 'clone', '-q', root, other);
      await add(storeOf(other), 'o1', '2026-01-02T04:00:00.000Z');
      commitAll(other);
      await add(mine, 'e2', '2026-01-02T05:00:00.000Z');
      commitAll(root);
      git(root, 'fetch', '-q', other, 'main');
      git(root, 'merge', '-q', '--no-edit', 'FETCH_HEAD');
      const { events } = await mine.read(IDENTITY, signal);
      assert.equal(idsOf(events), 'e1 o1 e2');
      assert.deepEqual(verifyChain(events, nodeHasher), []);
      assert.equal(new Set(events.map((event) => event.chain.clone)).size, 2);
      assert.deepEqual(await mine.damaged(signal), []);
    });

    it('verifies in a checkout that turns line ends around', async () => {
      git(root, 'init', '-q', '-b', 'main');
      const store = storeOf();
      await add(store, 'e1');
      await add(store, 'e2', '2026-01-02T05:00:00.000Z');
      commitAll(root);
      const windows = path.join(home, 'windows');
      git(home, 'clone', '-q', '-c', 'core.autocrlf=true', '-c', 'core.eol=crlf', root, windows);
      const original = await store.read(IDENTITY, signal);
      assert.deepEqual(await storeOf(windows).read(IDENTITY, signal), original);
      const file = path.join(windows, eventFile(original.events[0] as IdentityEvent));
      assert.equal((await readFile(file, 'utf8')).includes('\r'), false, '.gitattributes keeps line ends');

      // And if somebody removes .gitattributes, the events are still the same.
      const converted = path.join(home, 'converted');
      await cp(root, converted, { recursive: true, filter: (source) => !source.endsWith('.gitattributes') });
      for (const name of await readdir(path.join(converted, FOLDER))) {
        const place = path.join(converted, FOLDER, name);
        await writeFile(place, (await readFile(place, 'utf8')).replaceAll('\n', '\r\n'));
      }
      const { events, head } = await storeOf(converted).read(IDENTITY, signal);
      assert.equal(head, original.head);
      assert.deepEqual(verifyChain(events, nodeHasher), []);
    });
  });
});
