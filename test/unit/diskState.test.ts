import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { canonicalJson } from '../../server/src/core/text/canonicalJson.ts';
import { openAppendLog } from '../../server/src/platform/disk/appendLog.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { projectStateFolder, userStateFolder } from '../../server/src/platform/disk/userState.ts';

const signal = new AbortController().signal;

describe('state of the user', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'idac-state-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('lies where the platform keeps such things', () => {
    assert.equal(userStateFolder({ HOME: '/home/ada' }, 'linux'), '/home/ada/.local/state/idac');
    assert.equal(userStateFolder({ HOME: '/home/ada', XDG_STATE_HOME: '/state' }, 'linux'), '/state/idac');
    assert.equal(
      userStateFolder({ HOME: '/home/ada', XDG_STATE_HOME: 'relative' }, 'linux'),
      '/home/ada/.local/state/idac',
    );
    assert.equal(
      userStateFolder({ HOME: '/Users/ada' }, 'darwin'),
      '/Users/ada/Library/Application Support/idac',
    );
    assert.ok(userStateFolder({ LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, 'win32').endsWith('idac'));
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      assert.equal(userStateFolder({ IDAC_STATE_HOME: '/chosen' }, platform), path.resolve('/chosen'));
    }
  });

  it('has one folder per project root, found by its real path', async () => {
    const direct = await projectStateFolder('/state', home);
    await symlink(home, path.join(home, 'link'));
    assert.equal(await projectStateFolder('/state', path.join(home, 'link')), direct);
    assert.match(direct, /^\/state\/projects\/idac-state-[a-z0-9-]*-[0-9a-f]{32}$/);
    assert.notEqual(await projectStateFolder('/state', os.tmpdir()), direct);
  });

  describe('state folder', () => {
    it('keeps small files, readable by their owner alone', async () => {
      const folder = openStateFolder(path.join(home, 'state'));
      assert.equal(await folder.read('a/b.json'), undefined);
      assert.deepEqual(await folder.list(''), []);
      await folder.write('a/b.json', Buffer.from('one'));
      await folder.write('a/b.json', Buffer.from('two'));
      await folder.write('c', Buffer.from('three'));
      assert.equal(Buffer.from((await folder.read('a/b.json')) ?? []).toString(), 'two');
      assert.deepEqual(await folder.list(''), ['a/b.json', 'c']);
      assert.deepEqual(await folder.list('a'), ['a/b.json']);
      if (process.platform !== 'win32') {
        assert.equal((await stat(path.join(home, 'state/a/b.json'))).mode & 0o777, 0o600);
        assert.equal((await stat(path.join(home, 'state/a'))).mode & 0o777, 0o700);
      }
      await folder.remove('a/b.json');
      await folder.remove('a/b.json');
      assert.deepEqual(await folder.list(''), ['c']);
      for (const bad of ['../c', '/c', 'a\\c', 'C:c', '']) {
        await assert.rejects(folder.read(bad), { kind: 'invalid-request' });
      }
    });

    it('says what to do when the disk refuses', async () => {
      if (process.platform === 'win32' || process.getuid?.() === 0) {
        await writeFile(path.join(home, 'file'), '');
        await assert.rejects(openStateFolder(path.join(home, 'file')).write('a', Buffer.from('x')), {
          kind: 'conflict',
          hint: /move it away/,
        });
        return;
      }
      await chmod(home, 0o500);
      await assert.rejects(openStateFolder(path.join(home, 'state')).write('a', Buffer.from('x')), {
        kind: 'forbidden',
        hint: /permissions/,
      });
      await chmod(home, 0o700);
    });

    it('runs one holder of a lock after the other, also when work fails', async () => {
      const folder = openStateFolder(home);
      let inside = 0;
      const work = async (fails: boolean) => {
        inside += 1;
        assert.equal(inside, 1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        if (fails) throw new Error('as planned');
      };
      const all = Array.from({ length: 9 }, (_, n) => folder.locked('x', () => work(n % 3 === 0), signal));
      const outcomes = await Promise.allSettled(all);
      assert.equal(outcomes.filter((outcome) => outcome.status === 'rejected').length, 3);
      assert.deepEqual(await readdir(home), []);
    });

    it('stops waiting for a lock when it is cancelled', async () => {
      const folder = openStateFolder(home);
      const abort = new AbortController();
      await folder.locked(
        'x',
        async () => {
          const waiting = folder.locked('x', async () => assert.fail('two holders'), abort.signal);
          setTimeout(() => abort.abort(), 20);
          await assert.rejects(waiting, { name: 'AbortError' });
        },
        signal,
      );
      assert.deepEqual(await readdir(home), []);
    });
  });

  describe('append log', () => {
    const fileOf = () => path.join(home, 'deep/journal.jsonl');

    it('gives back what was appended, in order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), async (entries) => {
          await rm(fileOf(), { force: true });
          const log = openAppendLog<unknown>(fileOf());
          assert.deepEqual(await log.entries(), []);
          await Promise.all(entries.map((entry) => log.append(entry)));
          await log.close();
          assert.deepEqual(await openAppendLog(fileOf()).entries(), JSON.parse(JSON.stringify(entries)));
        }),
        { numRuns: 15 },
      );
    });

    it('takes a file cut anywhere as its whole lines, and goes on behind them', async () => {
      const log = openAppendLog<{ n: number }>(fileOf());
      for (const n of [1, 2, 3]) await log.append({ n });
      await log.close();
      const whole = await readFile(fileOf());
      for (let length = 0; length <= whole.length; length += 1) {
        const rest = Buffer.from(whole.subarray(0, length));
        await writeFile(fileOf(), rest);
        const kept = rest.toString().split('\n').length - 1;
        assert.equal((await log.entries()).length, kept);
        await log.append({ n: 9 });
        assert.deepEqual(
          (await log.entries()).map((entry) => entry.n),
          [...[1, 2, 3].slice(0, kept), 9],
        );
        await log.close();
      }
    });

    it('writes several lines at once, and stays open in between', async () => {
      const log = openAppendLog<{ n: number }>(fileOf());
      await log.append({ n: 1 }, { n: 2 });
      await log.append({ n: 3 });
      await log.close();
      await log.append({ n: 4 });
      assert.deepEqual(
        (await log.entries()).map((entry) => entry.n),
        [1, 2, 3, 4],
      );
      await log.close();
      await log.close();
    });

    it('does not skip a damaged line in the middle', async () => {
      const log = openAppendLog(fileOf());
      await log.append({ n: 1 });
      await log.close();
      await writeFile(fileOf(), '{"n":1}\n\0\0\0\n{"n":3}\n');
      await assert.rejects(log.entries(), { kind: 'corrupt', what: /line 2 .*journal\.jsonl/ });
      await assert.rejects(log.append({ n: 4 }), { kind: 'corrupt' });
    });
  });

  describe('canonical JSON', () => {
    it('is the example of RFC 8785, 3.2.2', () => {
      const value = JSON.parse(
        '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
      );
      assert.equal(
        canonicalJson(value),
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
      );
    });

    it('does not depend on the order of members, and parses to the same value', () => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          const plain: unknown = JSON.parse(JSON.stringify(value));
          assert.deepEqual(JSON.parse(canonicalJson(plain)), plain);
          assert.equal(canonicalJson(reversed(plain)), canonicalJson(plain));
        }),
      );
    });
  });
});

/** The same value with the members of all objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
