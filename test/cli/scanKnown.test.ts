import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { foundInFiles, keyTraces } from '../support/memory.ts';
import { withUsage } from '../support/processUsage.ts';

interface Report {
  readonly files: number;
  readonly unchanged: number;
  readonly bytes: number;
  readonly findings: readonly { readonly file: string; readonly message: string }[];
  readonly skipped: readonly unknown[];
}

/** What changed within the last two seconds may change once more without a trace. */
const SETTLED_MS = 2100;
const MIB = 1024 * 1024;

describe('idac scan: what did not change', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const at = (file: string): string => path.join(box.folder, file);
  const write = (file: string, content: string): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
  };
  const scan = async (...args: readonly string[]): Promise<Report> => {
    const { code, data, err } = await box.json(['scan', ...args]);
    assert.ok(code === 0 || code === 1, err);
    return data as unknown as Report;
  };
  const key = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = (of: KeyObject = key()): string => of.export({ type: 'pkcs8', format: 'pem' }).toString();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: box.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const kept = (): readonly string[] =>
    readdirSync(path.join(box.stateHome, 'scans')).map((name) => path.join(box.stateHome, 'scans', name));
  const without = ({ unchanged: _, ...report }: Report): Omit<Report, 'unchanged'> => report;

  it('is not read again, and what was found in it is told as before', async () => {
    write('a.txt', 'nothing\n');
    write('deploy/key.pem', pem());
    write('large.img', 'x');
    truncateSync(at('large.img'), 300 * MIB);
    await sleep(SETTLED_MS);
    const usage = async (): Promise<{ report: Report; readMiB: number | undefined }> => {
      const ran = await withUsage(box.start(['scan', '--format', 'json']));
      return { report: JSON.parse(ran.out) as Report, readMiB: ran.readMiB };
    };
    const first = await usage();
    const second = await usage();
    assert.deepEqual([first.report.files, first.report.unchanged], [3, 0]);
    assert.deepEqual([second.report.files, second.report.unchanged], [3, 3]);
    assert.deepEqual(without(second.report), without(first.report));
    assert.equal(second.report.findings.length, 1);
    if (process.platform === 'linux') {
      assert.ok((first.readMiB ?? 0) > 300, `${first.readMiB} MiB were read`);
      assert.ok((second.readMiB ?? 0) < 100, `${second.readMiB} MiB were read`);
    }
    const { out } = await box.idac(['scan']);
    assert.match(out, /in 3 files, .*3 of them unchanged since an earlier scan/);
    assert.equal((await scan('--no-cache')).unchanged, 0);
  });

  it('is told from what was edited, renamed, replaced or given the time that it had', async () => {
    const text = `${'x'.repeat(pem().length - 1)}\n`;
    for (const name of ['edited', 'forged', 'replaced', 'moved', 'same']) write(name, text);
    await sleep(SETTLED_MS);
    await scan();
    assert.equal((await scan()).unchanged, 5);
    const { atime, mtime } = statSync(at('forged'));
    write('forged', pem());
    utimesSync(at('forged'), atime, mtime);
    write('edited', `${text}${pem()}`);
    write('other', pem());
    utimesSync(at('other'), atime, mtime);
    renameSync(at('other'), at('replaced'));
    renameSync(at('moved'), at('moved.txt'));
    const { unchanged, findings } = await scan();
    assert.deepEqual(
      findings.map(({ file }) => file),
      ['edited', 'forged', 'replaced'],
    );
    assert.equal(unchanged, 1);
  });

  it('is only what changed some time ago: what changes twice in a moment is read twice', async () => {
    write('a.txt', 'nothing\n');
    await scan();
    assert.equal((await scan()).unchanged, 0);
  });

  it('goes for contents of a history, whose lives are told as they are now', async () => {
    write('key.pem', pem());
    write('a.txt', 'a\n');
    git('add', '-A');
    git('commit', '-qm', 'one');
    const [before] = (await scan('--history')).findings;
    assert.match(before?.message ?? '', /stands here since/);
    git('rm', '-q', 'key.pem');
    write('b.txt', 'b\n');
    git('add', '-A');
    git('commit', '-qm', 'two');
    const { files, unchanged, findings } = await scan('--history');
    assert.deepEqual([files, unchanged], [3, 2]);
    assert.match(findings[0]?.message ?? '', /is in the history since .*, taken away by/);
    git('mv', 'a.txt', 'c.txt');
    git('commit', '-qm', 'three');
    // Its name may be the first or the second; whichever it is, the content is known by one of them or read.
    assert.deepEqual(without(await scan('--history')), without(await scan('--history', '--no-cache')));
  });

  it('is kept where a part of the folder is scanned', async () => {
    write('a/one.txt', '1\n');
    write('b/two.txt', '2\n');
    await sleep(SETTLED_MS);
    await scan();
    assert.equal((await scan('a')).unchanged, 1);
    assert.equal((await scan()).unchanged, 2);
  });

  it('is kept for the user alone, without any part of a secret', async () => {
    const secret = key();
    write('key.pem', pem(secret));
    git('add', '-A');
    git('commit', '-qm', 'one');
    await sleep(SETTLED_MS);
    await scan();
    await scan('--history');
    const forms = keyTraces(secret);
    const { searched, found } = foundInFiles([box.stateHome], forms);
    assert.ok(searched >= 2);
    assert.deepEqual(found, []);
    if (process.platform !== 'win32')
      for (const file of kept()) assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('counts for nothing where what was kept is damaged, cut or of another scanner', async () => {
    write('a.txt', 'nothing\n');
    write('key.pem', pem());
    await sleep(SETTLED_MS);
    const first = await scan();
    const [file = ''] = kept();
    const good = readFileSync(file);
    const middle = Math.floor(good.length / 2);
    const flipped = Buffer.from(good);
    flipped[middle] = (flipped[middle] ?? 0) ^ 1;
    for (const bad of [
      flipped,
      good.subarray(0, middle),
      Buffer.from(''),
      Buffer.from('idac scan 1\n'),
      Buffer.from(good.toString().replace(/[0-9a-f]{64}/, '0'.repeat(64))),
    ]) {
      writeFileSync(file, bad);
      const again = await scan();
      assert.equal(again.unchanged, 0);
      assert.deepEqual(without(again), without(first));
      assert.equal((await scan()).unchanged, 2);
    }
    rmSync(file);
    mkdirSync(file);
    assert.deepEqual(without(await scan()), without(first));
  });

  it('stays as it was where a scan is killed', async () => {
    for (let each = 0; each < 300; each += 1) write(`f/${each}.txt`, `${each}\n`);
    await sleep(SETTLED_MS);
    await scan();
    for (let each = 300; each < 600; each += 1) write(`f/${each}.txt`, `${each}\n`);
    await sleep(SETTLED_MS);
    for (const wait of [150, 200, 250, 300, 350, 400, 500]) {
      const running = box.start(['scan']);
      await sleep(wait);
      running.kill('SIGKILL');
      await running.ended;
      assert.equal(kept().filter((file) => !path.basename(file).includes('idac-')).length, 1);
    }
    const { files, unchanged } = await scan();
    assert.equal(files, 600);
    assert.ok(unchanged === 300 || unchanged === 600, `${unchanged} were known`);
    assert.equal(kept().length, 1);
  });
});
