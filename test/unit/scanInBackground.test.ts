import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scanHistory } from '../../server/src/app/scan/scanHistory.ts';
import { scanInBackground } from '../../server/src/app/scan/scanInBackground.ts';
import { type Scanned, scanTree } from '../../server/src/app/scan/scanTree.ts';
import { PATIENCE } from '../support/idac.ts';

const MIB = 1024 * 1024;

describe('a scan in the background', function () {
  this.timeout(PATIENCE);
  let root: string;
  const never = new AbortController().signal;
  const quiet = { told: () => undefined };
  const plain = ({ octetsOf: _, ...scanned }: Scanned): Omit<Scanned, 'octetsOf'> => scanned;

  before(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-test-')));
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    mkdirSync(path.join(root, 'deploy'));
    writeFileSync(path.join(root, 'deploy/key.pem'), pem);
    writeFileSync(path.join(root, 'a.txt'), 'nothing\n');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
        cwd: root,
        stdio: 'ignore',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'x');
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('gives what a scan here gives, of files and of a history, and the octets of what was found', async () => {
    const tree = await scanInBackground({ kind: 'tree', root, starts: [''] }, quiet.told, never);
    const here = await scanTree(root, [''], quiet, never);
    assert.equal(tree.findings.length, 1);
    assert.deepEqual(plain(tree), plain(here));
    const history = await scanInBackground({ kind: 'history', root, starts: [''] }, quiet.told, never);
    assert.deepEqual(plain(history), plain(await scanHistory(root, [''], quiet, never)));
    for (const scanned of [tree, history]) {
      const [found] = scanned.findings;
      assert.ok(found !== undefined);
      assert.match(String(await scanned.octetsOf(found)), /^-----BEGIN PRIVATE KEY-----/);
    }
  });

  it('tells what goes wrong there as it is told here', async () => {
    const elsewhere = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-test-')));
    await assert.rejects(
      scanInBackground({ kind: 'history', root: elsewhere, starts: [''] }, quiet.told, never),
      { name: 'BackendError', kind: 'invalid-request', what: /is in no work tree of git/ },
    );
    rmSync(elsewhere, { recursive: true });
  });

  it('keeps nobody waiting, and ends when it is told to, also in the middle of a file', async () => {
    const large = path.join(root, 'large.img');
    writeFileSync(large, 'x');
    truncateSync(large, 8 * 1024 * MIB);
    const stop = new AbortController();
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
      if (turns === 20) stop.abort(new Error('enough'));
    }, 10);
    try {
      await assert.rejects(
        scanInBackground({ kind: 'tree', root, starts: [''] }, quiet.told, stop.signal),
        /enough/,
      );
      assert.ok(turns >= 20);
    } finally {
      clearInterval(ticking);
    }
  });
});
