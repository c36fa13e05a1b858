import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockHeld, lockHolder, withLock } from '../../server/src/platform/disk/lock.ts';
import { buildChild, runChild } from './diskProcess.ts';

const signal = new AbortController().signal;

describe('lock between processes', function () {
  this.timeout(120_000);
  let child: Awaited<ReturnType<typeof buildChild>>;
  let folder: string;

  before(async () => {
    child = await buildChild();
  });
  after(() => child.remove());
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'idac-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const often of ['', 'Often']) {
    const suffix = often === '' ? '' : ', of a lock that each takes often';
    it(`has one holder at a time, and is never stuck, while holders are killed${suffix}`, async () => {
      const killed = new Set<number>();
      const start = (turns: number) =>
        runChild(child.program, [`lockLoop${often}`, folder, '0', String(turns)]);
      const log = path.join(folder, 'log');
      const running = new Map(
        Array.from({ length: 6 }, () => start(100_000)).map((each) => [each.pid, each]),
      );
      for (let round = 0; round < 20; round += 1) {
        const seen = (await lines(log)).length;
        // Somebody must go on after the last kill, or the lock is stuck and mocha's time limit says so.
        while ((await lines(log)).length < seen + 6) await sleep(5);
        const last = (await lines(log)).at(-1) ?? '';
        const pid = Number(last.split(' ')[1]);
        const holder = running.get(pid);
        assert.ok(holder, `${last}: a process that was killed still writes`);
        killed.add(pid);
        holder.kill();
        running.delete(pid);
        await holder.ended;
        const next = start(100_000);
        running.set(next.pid, next);
      }
      for (const each of running.values()) {
        killed.add(each.pid);
        each.kill();
      }
      await Promise.all([...running.values()].map((each) => each.ended));
      const text = await lines(log);
      let inside: string | undefined;
      for (const [index, line] of text.entries()) {
        const [what, pid] = line.split(' ');
        if (what === 'enter') {
          if (inside !== undefined) {
            assert.ok(killed.has(Number(inside)), `line ${index}: ${pid} came in while ${inside} was inside`);
            const later = text.slice(index).some((other) => other.split(' ')[1] === inside);
            assert.equal(later, false, `line ${index}: ${inside} lived on although ${pid} took its lock`);
          }
          inside = pid;
        } else {
          assert.equal(pid, inside, `line ${index}: ${pid} left, but ${inside} was inside`);
          inside = undefined;
        }
      }
      await withLock(path.join(folder, 'a.lock'), async () => undefined, { wait: 5000, what: 'end' }, signal);
      // Drafts of processes killed while they waited may be left until the next one has to wait.
      const left = (await readdir(folder)).filter((name) => name !== 'log' && !name.endsWith('.draft'));
      assert.deepEqual(left, []);
    });

    it(`says who holds it${suffix}`, async () => {
      const holder = runChild(child.program, [`holdLock${often}`, folder, '0']);
      const file = path.join(folder, 'a.lock');
      while (!(await readFile(file, 'utf8').catch(() => ''))) await sleep(5);
      const wanted = withLock(file, async () => undefined, { wait: 'no', what: 'issue api' }, signal);
      await assert.rejects(wanted, (error) => {
        assert.ok(error instanceof LockHeld);
        assert.equal(error.holder.pid, holder.pid);
        assert.match(
          error.what,
          new RegExp(`^cannot issue api: process ${holder.pid} on .* is busy with "hold it" since 20`),
        );
        return true;
      });
      holder.kill();
      await holder.ended;
      assert.equal(await withLock(file, async () => 'mine', { wait: 'no', what: 'x' }, signal), 'mine');
    });
  }

  it('tells who waits for its own process too long, and lets the next in when it is free', async () => {
    const file = path.join(folder, 'a.lock');
    const take = (wait: number, work: () => Promise<string>) =>
      withLock(file, work, { wait, what: 'wait' }, signal);
    await take(5000, async () => {
      // As the file says it to another process; who comes after is not held up by who gave up.
      const impatient = [take(50, async () => 'in'), take(50, async () => 'in')];
      const told = (error: unknown) => error instanceof LockHeld && error.holder.pid === process.pid;
      await Promise.all(impatient.map((each) => assert.rejects(each, told)));
      return 'out';
    });
    assert.equal(await take(50, async () => 'mine'), 'mine');
    assert.deepEqual(await readdir(folder), []);
  });

  it('keeps as many drafts for the locks of a folder as it holds at the same time, and tells of each since when', async () => {
    const file = (name: string) => path.join(folder, `${name}.lock`);
    const take = <T>(name: string, work: () => Promise<T>) =>
      withLock(file(name), work, { wait: 'no', what: `issue ${name}`, often: 'issue' }, signal);
    await take('a', async () => {
      const before = await lockHolder(file('a'));
      assert.equal(before?.what, 'issue');
      for (const name of ['b', 'c', 'b']) {
        await sleep(5);
        assert.equal(await take(name, async () => (await lockHolder(file(name)))?.pid), process.pid);
        assert.deepEqual(await lockHolder(file('a')), before);
      }
      await assert.rejects(
        take('a', async () => undefined),
        LockHeld,
      );
    });
    assert.equal(await take('a', async () => 'mine'), 'mine');
    assert.deepEqual(
      (await readdir(folder)).map((name) => name.replace(/lock\..*\.draft$/, 'lock.DRAFT')),
      ['kept.lock.DRAFT', 'kept.lock.DRAFT'],
    );
  });

  it('leaves the lock of another computer alone, and says how to get past one that is gone', async () => {
    const file = path.join(folder, 'a.lock');
    const holder = {
      token: '1-2.3',
      pid: 1,
      where: 'elsewhere',
      start: 'x',
      host: 'build-7',
      since: '2026-01-01T00:00:00.000Z',
      what: 'issue',
    };
    await writeFile(file, JSON.stringify(holder));
    const wanted = withLock(file, async () => undefined, { wait: 10, what: 'renew' }, signal);
    await assert.rejects(wanted, { what: /process 1 on build-7/, hint: new RegExp(`gone, delete ${file}$`) });
    assert.equal(await readFile(file, 'utf8'), JSON.stringify(holder));
  });

  it('takes over a lock file that a power loss emptied', async () => {
    const file = path.join(folder, 'a.lock');
    await writeFile(file, '');
    assert.equal(await withLock(file, async () => 'mine', { wait: 'no', what: 'x' }, signal), 'mine');
    assert.deepEqual(await readdir(folder), []);
  });

  it('notices that a process id was given to another process', async () => {
    const holder = runChild(child.program, ['holdLock', folder, '0']);
    const file = path.join(folder, 'a.lock');
    while (!(await readFile(file, 'utf8').catch(() => ''))) await sleep(5);
    const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    holder.kill();
    await holder.ended;
    // As if this very process had got the dead one's id.
    await writeFile(file, JSON.stringify({ ...content, pid: process.pid }));
    assert.equal(await withLock(file, async () => 'mine', { wait: 'no', what: 'x' }, signal), 'mine');
  });
});

async function lines(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}
