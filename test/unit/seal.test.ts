import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import type { Unlock } from '../../server/src/platform/seal/unlock.ts';
import { CHEAP, passphrase } from '../faults/diskMaterial.ts';

describe('sealed store', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'idac-seal-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = (unlock: Unlock, dir = folder) => openSealedStore(dir, unlock, nodeRandom, { scrypt: CHEAP });
  const keyOf = (fill: number, keyName = 'vscode'): Unlock => ({
    how: 'key',
    key: new Secret<Uint8Array>(new Uint8Array(32).fill(fill)),
    keyName,
  });
  const secret = (text: string) => new Secret<Uint8Array>(Buffer.from(text));
  const textOf = (value: Secret<Uint8Array> | undefined) =>
    value === undefined ? undefined : Buffer.from(value.reveal()).toString();
  const everything = async () => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
  };

  it('gives back what was put, also to the next process; names are paths', async () => {
    const store = await open(passphrase('correct horse'));
    const bytes = fc.uint8Array({ maxLength: 300 });
    const name = fc
      .array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1, maxLength: 3 })
      .map((parts) => `x-${parts.join('/x-')}`);
    await fc.assert(
      fc.asyncProperty(name, bytes, async (each, value) => {
        await store.put(each, new Secret(value));
        const again = await open(passphrase('correct horse'));
        assert.deepEqual(new Uint8Array((await again.get(each))?.reveal() ?? []), value);
        assert.ok((await again.list('')).includes(each));
        await store.remove(each);
        assert.equal(await again.get(each), undefined);
      }),
      { numRuns: 20 },
    );
  });

  it('separates scopes and lists full names', async () => {
    const store = await open({ how: 'none' });
    const scope = store.scope('local').scope('a');
    await scope.put('keys/one', secret('1'));
    await store.put('other', secret('2'));
    assert.deepEqual(await scope.list(''), ['keys/one']);
    assert.deepEqual(await scope.list('keys'), ['keys/one']);
    assert.deepEqual(await store.list(''), ['local/a/keys/one', 'other']);
    for (const bad of ['../other', '/etc/passwd', 'C:/x', 'a//b', 'a\\b', '']) {
      await assert.rejects(scope.get(bad), { kind: 'invalid-request' });
    }
  });

  it('says whether it is encrypted; nothing readable is on disk when it is', async () => {
    const plain = await open({ how: 'none' });
    assert.equal(plain.encrypted, false);
    assert.equal(plain.scope('x').encrypted, false);
    await rm(folder, { recursive: true });
    const word = 'a passphrase that must not be found';
    const store = await open(passphrase(word));
    await store.put('entry', secret('the secret content'));
    assert.equal(store.encrypted, true);
    for (const { file, bytes } of await everything()) {
      for (const needle of [word, 'the secret content']) {
        assert.equal(bytes.includes(needle), false, `${needle} in ${file}`);
      }
      assert.equal((await stat(file)).mode & 0o777, 0o600);
    }
    assert.equal((await stat(folder)).mode & 0o077, 0);
  });

  it('uses the full scrypt cost unless told otherwise', async function () {
    this.timeout(120_000);
    await openSealedStore(folder, passphrase('x'), nodeRandom);
    const header = JSON.parse(await readFile(path.join(folder, 'store.json'), 'utf8'));
    assert.deepEqual(header.slots[0].scrypt, { N: 131072, r: 8, p: 1 });
  });

  it('refuses a wrong passphrase, a wrong key, and no secret at all, each with what to do', async () => {
    await open(passphrase('correct'));
    await assert.rejects(open(passphrase('wrong')), { kind: 'unauthenticated', hint: /IDAC_PASSPHRASE/ });
    await assert.rejects(open({ how: 'none' }), { kind: 'locked', hint: /opens with a passphrase/ });
    await assert.rejects(open(keyOf(1)), { kind: 'locked' });
    await assert.rejects(open(passphrase('')), { kind: 'unauthenticated' });
    const other = path.join(folder, 'other');
    await open(keyOf(1), other);
    await assert.rejects(open(keyOf(2), other), { kind: 'unauthenticated' });
    await assert.rejects(open(passphrase('x'), other), { kind: 'locked', hint: /the key "vscode"/ });
    const short: Unlock = { how: 'key', key: secret('short'), keyName: 'vscode' };
    await assert.rejects(open(short, path.join(folder, 'third')), { kind: 'invalid-request' });
  });

  it('opens with each of several slots, and no longer with a removed one', async () => {
    const store = await open(passphrase('first'));
    await store.put('a', secret('kept'));
    await store.addSlot(keyOf(7));
    assert.equal(textOf(await (await open(keyOf(7))).get('a')), 'kept');
    const [first] = (await store.status()).slots;
    assert.equal(first?.how, 'passphrase');
    await store.removeSlot(first?.id ?? '');
    await assert.rejects(open(passphrase('first')), { kind: 'locked' });
    const [last] = (await store.status()).slots;
    await assert.rejects(store.removeSlot(last?.id ?? ''), { kind: 'invalid-request' });
    await assert.rejects(store.addSlot({ how: 'none' }), { kind: 'invalid-request' });
    assert.equal(textOf(await (await open(keyOf(7))).get('a')), 'kept');
  });

  it('encrypts anew under a new data key, so the one that lay readable opens nothing', async () => {
    const store = await open({ how: 'none' });
    await store.put('a', secret('kept'));
    await store.put('x/package.lock', secret('kept'));
    const other = await open({ how: 'none' });
    const before = JSON.parse(await readFile(path.join(folder, 'store.json'), 'utf8'));
    await store.addSlot(passphrase('new'));
    assert.equal(store.encrypted, true);
    assert.equal(textOf(await store.get('a')), 'kept');
    assert.equal(textOf(await store.get('x/package.lock')), 'kept');
    assert.deepEqual(await store.list('x'), ['x/package.lock']);
    for (const { bytes } of await everything()) assert.equal(bytes.includes(before.slots[0].dataKey), false);
    // A draft for the store's lock is kept while this process lives.
    const names = (await readdir(folder)).filter((name) => !/^kept\.lock\..*\.draft$/.test(name));
    assert.deepEqual(names.sort(), ['entries-2', 'store.json']);
    // A process that had it open meanwhile is told, and does not write with the old key.
    await assert.rejects(other.get('a'), { kind: 'locked' });
    await assert.rejects(other.put('b', secret('x')), { kind: 'locked' });
  });

  it('reads on while it is encrypted', async () => {
    const store = await open({ how: 'none' });
    for (let n = 0; n < 20; n += 1) await store.put(`e${n}`, secret(`of ${n}`));
    const reads: Promise<void>[] = [];
    const read = async (n: number) => assert.equal(textOf(await store.get(`e${n}`)), `of ${n}`);
    const encrypting = store.addSlot(passphrase('p'));
    let done = false;
    void encrypting.finally(() => {
      done = true;
    });
    for (let n = 0; !done; n = (n + 1) % 20) {
      reads.push(read(n));
      await read(n);
      // Reading waits for nothing, so nobody else would have a turn.
      await setImmediate();
    }
    await Promise.all([encrypting, ...reads]);
    assert.equal(store.encrypted, true);
  });

  it('notices every changed bit, an entry in the place of another, and one of another store', async () => {
    const store = await open(passphrase('p'));
    await store.put('a', secret('of a'));
    await store.put('b', secret('of b'));
    const file = path.join(folder, 'entries-1', 'a.sealed');
    const good = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length * 8 - 1), async (bit) => {
        const bad = Buffer.from(good);
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await writeFile(file, bad);
        await assert.rejects(store.get('a'), (error: { kind?: string; what?: string }) => {
          return error.kind === 'corrupt' && error.what?.includes(file) === true;
        });
      }),
      { numRuns: 40 },
    );
    for (const length of [0, 5, 20, good.length - 1]) {
      await writeFile(file, good.subarray(0, length));
      await assert.rejects(store.get('a'), { kind: 'corrupt' });
    }
    await copyFile(path.join(folder, 'entries-1', 'b.sealed'), file);
    await assert.rejects(store.get('a'), { kind: 'corrupt' });
    await writeFile(file, good);
    assert.equal(textOf(await store.get('a')), 'of a');
    const foreign = await open(passphrase('p'), path.join(folder, 'foreign'));
    await foreign.put('a', secret('foreign'));
    await copyFile(path.join(folder, 'foreign/entries-1/a.sealed'), file);
    await assert.rejects(store.get('a'), { kind: 'corrupt' });
  });

  it('reports a damaged header, and does not run a cost that would take all memory', async () => {
    await open(passphrase('p'));
    const file = path.join(folder, 'store.json');
    const good = await readFile(file, 'utf8');
    for (const bad of [
      '',
      '{',
      '[]',
      good.replace('"N": 16', '"N": 1073741824'),
      good.replace('store/1', 'store/9'),
    ]) {
      await writeFile(file, bad);
      await assert.rejects(open(passphrase('p')), { kind: 'corrupt', what: /store\.json/ });
    }
  });
});
