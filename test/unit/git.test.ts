import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from '../../server/src/platform/git/findProgram.ts';
import { type Git, openGit } from '../../server/src/platform/git/git.ts';
import { hasProgram, needs } from '../support/needs.ts';

const signal = new AbortController().signal;
const RECORD = '.identity/records/default/Certificate/api';

describe('git', function () {
  this.timeout(120_000);
  let home: string;
  let root: string;

  before(function () {
    needs(this, 'git', hasProgram('git'));
  });
  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'idac-git-'));
    root = path.join(home, 'root');
    await mkdir(root);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const run = (cwd: string, args: readonly string[], input?: string) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd,
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_SYSTEM: os.devNull },
      },
    ).trim();
  const commit = (message: string) => {
    run(root, ['add', '-A']);
    run(root, ['commit', '-q', '-m', message]);
  };
  const put = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  const opened = async (at = root): Promise<Git> => {
    const git = await openGit(at, { trusted: true });
    assert.ok(git);
    return git;
  };

  it('is not there without trust or without a work tree', async () => {
    assert.equal(await openGit(root, { trusted: true }), undefined);
    run(root, ['init', '-q', '-b', 'main']);
    assert.equal(await openGit(root, { trusted: false }), undefined);
    assert.ok(await openGit(root, { trusted: true }));
    assert.equal(await openGit(path.join(root, '.git'), { trusted: true }), undefined);
  });

  it('says what is ignored: never a tracked file, also from a folder below the top', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    await put('.gitignore', '*.key\n/only/this.pem\n');
    await put('tracked.key', 'x');
    await put('sub/other.txt', 'x');
    run(root, ['add', '-f', 'tracked.key']);
    const git = await opened();
    const ignored: Readonly<Record<string, boolean>> = {
      'a.key': true,
      'not/yet/there/a.key': true,
      'only/this.pem': true,
      'only/that.pem': false,
      'tracked.key': false,
      ':(exclude)a.key': true,
      '[x].key': true,
    };
    for (const [file, expected] of Object.entries(ignored)) {
      assert.equal(await git.isIgnored(file, signal), expected, file);
    }
    const standing = await git.standingOf([...Object.keys(ignored), 'tracked.key'], signal);
    for (const [file, expected] of Object.entries(ignored))
      assert.equal(standing.get(file) === 'ignored', expected, `${file} among others`);
    assert.equal(standing.get('tracked.key'), 'tracked');
    assert.equal((await git.standingOf([], signal)).size, 0);
    const many = Array.from({ length: 250 }, (_, at) => `made/${at}.txt`);
    assert.deepEqual(
      [...(await git.standingOf(many, signal)).values()],
      many.map(() => 'untracked'),
    );
    assert.equal(await git.isTracked('tracked.key', signal), true);
    assert.equal(await git.isTracked('*.key', signal), false, 'a path is no pattern');
    const below = await opened(path.join(root, 'sub'));
    assert.equal(await below.isIgnored('b.key', signal), true);
    assert.equal(await below.isIgnored('other.txt', signal), false);
  });

  it('knows who removed a file, the head and the user', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    const git = await opened();
    assert.equal(await git.head(signal), undefined);
    run(root, ['config', 'user.name', 'Grace']);
    assert.equal(await git.user(signal), 'Grace');
    await put('api.identity.yaml', 'x');
    commit('add it');
    assert.equal(await git.removedBy('api.identity.yaml', signal), undefined);
    await rm(path.join(root, 'api.identity.yaml'));
    assert.equal(await git.removedBy('api.identity.yaml', signal), undefined, 'not committed yet');
    commit('Retire the API\n\nlong text');
    const head = run(root, ['rev-parse', 'HEAD']);
    await put('later.txt', 'x');
    commit('later');
    const removal = await git.removedBy('api.identity.yaml', signal);
    assert.deepEqual([removal?.commit, removal?.author, removal?.subject], [head, 'Ada', 'Retire the API']);
    assert.ok(!Number.isNaN(Date.parse(removal?.date ?? '')));
    assert.equal(await git.removedBy('never.yaml', signal), undefined);
    assert.equal(await git.head(signal), run(root, ['rev-parse', 'HEAD']));
  });

  it('finds events on branches, remotes and tags, each once', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    await put(`${RECORD}/1-here.json`, 'here');
    commit('one');
    run(root, ['switch', '-q', '-c', 'side']);
    await put(`${RECORD}/2-side.json`, 'side');
    commit('two');
    run(root, ['tag', '-a', '-m', 'annotated', 'v1']);
    await put(`${RECORD}/3-remote.json`, 'remote');
    await put(`${RECORD}/4-big.json`, 'x'.repeat(1024 * 1024 + 1));
    commit('three');
    run(root, ['update-ref', 'refs/remotes/origin/x', 'HEAD']);
    run(root, ['switch', '-q', 'main']);
    run(root, ['branch', '-q', '-D', 'side']);
    const git = await opened();
    const read = async (at: Git, folder: string) =>
      (await at.eventsOnOtherRefs([folder, `${folder}-other`], signal))
        .map((each) => `${each.ref} ${path.posix.basename(each.file)} ${Buffer.from(each.bytes)}`)
        .sort();
    assert.deepEqual(await read(git, RECORD), [
      'refs/remotes/origin/x 2-side.json side',
      'refs/remotes/origin/x 3-remote.json remote',
    ]);
    run(root, ['update-ref', '-d', 'refs/remotes/origin/x']);
    assert.deepEqual(await read(git, RECORD), ['refs/tags/v1 2-side.json side']);
    const below = await opened(path.join(root, '.identity'));
    assert.equal((await read(below, RECORD.slice('.identity/'.length))).length, 1);
  });

  it('sees each change of a ref at once, wherever git keeps it', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    await put('a.txt', 'x');
    commit('one');
    const git = await opened();
    const read = async () =>
      (await git.eventsOnOtherRefs([RECORD], signal)).map(({ file }) => path.posix.basename(file)).sort();
    for (let n = 1; n <= 5; n += 1) {
      run(root, ['switch', '-q', '-c', `side-${n}`]);
      await put(`${RECORD}/${n}.json`, `event ${n}`);
      commit(`event ${n}`);
      run(root, ['switch', '-q', 'main']);
      if (n === 3) run(root, ['pack-refs', '--all']);
      assert.equal((await read()).length, n);
    }
    for (let n = 5; n >= 1; n -= 1) {
      run(root, ['branch', '-q', '-D', `side-${n}`]);
      assert.equal((await read()).length, n - 1);
    }
    git.close();
    assert.deepEqual(await read(), [], 'a question after the end starts it again');
    git.close();
  });

  it("answers many at once, and one that waits no longer is in nobody else's way", async () => {
    run(root, ['init', '-q', '-b', 'main']);
    const folders = Array.from({ length: 20 }, (_, n) => `.identity/records/default/Certificate/c${n}`);
    run(root, ['commit', '-q', '--allow-empty', '-m', 'empty']);
    run(root, ['switch', '-q', '-c', 'side']);
    for (const [n, folder] of folders.entries()) await put(`${folder}/1.json`, `event ${n}`.repeat(n * 3000));
    commit('all');
    run(root, ['switch', '-q', 'main']);
    const git = await opened();
    const stopped = new AbortController();
    const impatient = git.eventsOnOtherRefs(folders, stopped.signal);
    const all = folders.map((folder) =>
      git.eventsOnOtherRefs([`${folder}\nHEAD`, folder], new AbortController().signal),
    );
    stopped.abort(new Error('stop'));
    await assert.rejects(impatient, /stop/);
    for (const [n, files] of (await Promise.all(all)).entries())
      assert.deepEqual(
        files.map(({ file, bytes }) => [file, Buffer.from(bytes).toString()]),
        [[`${folders[n]}/1.json`, `event ${n}`.repeat(n * 3000)]],
      );
    git.close();
  });

  it('reads a thousand refs with a handful of processes', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    await put(`${RECORD}/1.json`, 'one');
    commit('one');
    const tree = run(root, ['rev-parse', 'HEAD^{tree}']);
    const stream: string[] = [];
    for (let n = 0; n < 1000; n += 1) {
      const data = `event ${n % 10}`;
      stream.push(`commit refs/heads/b${n}`, 'committer Ada <a@b> 1700000000 +0000', 'data 1', 'm');
      stream.push(
        `M 040000 ${tree} `,
        `M 100644 inline ${RECORD}/x${n % 10}.json`,
        `data ${data.length}`,
        data,
        '',
      );
    }
    run(root, ['fast-import', '--quiet'], `${stream.join('\n')}\n`);
    const files = await (await opened()).eventsOnOtherRefs([RECORD], signal);
    assert.equal(files.length, 10);
  });

  it('ends when it is cancelled', async () => {
    run(root, ['init', '-q', '-b', 'main']);
    const git = await opened();
    await assert.rejects(git.head(AbortSignal.abort(new Error('stop'))), /stop/);
  });

  it('runs nothing that a hostile repository configures', async function () {
    if (process.platform === 'win32') this.skip();
    run(root, ['init', '-q', '-b', 'main']);
    await put('a.txt', 'one');
    await put('gone.txt', 'x');
    commit('one');
    await rm(path.join(root, 'gone.txt'));
    commit('two');
    const nest = path.join(home, 'nest');
    await mkdir(nest);
    const trap = async (name: string) => {
      const file = path.join(home, `trap-${name}`);
      await writeFile(file, `#!/bin/sh\ntouch '${path.join(nest, name)}'\ncat\n`);
      await chmod(file, 0o755);
      return file;
    };
    const settings: Readonly<Record<string, string>> = {
      'core.fsmonitor': await trap('fsmonitor'),
      'core.sshCommand': await trap('ssh'),
      'core.pager': await trap('pager'),
      'core.editor': await trap('editor'),
      'core.askPass': await trap('askpass'),
      'core.alternateRefsCommand': await trap('alternates'),
      'diff.external': await trap('external'),
      'diff.evil.textconv': await trap('textconv'),
      'diff.evil.command': await trap('diffcommand'),
      'filter.evil.clean': await trap('clean'),
      'filter.evil.smudge': await trap('smudge'),
      'filter.evil.process': await trap('process'),
      'gpg.program': await trap('gpg'),
      'log.showSignature': 'true',
      'credential.helper': await trap('credential'),
      'core.hooksPath': path.join(home, 'hooks'),
      'remote.origin.url': 'ext::sh -c "touch ext"',
      'remote.origin.promisor': 'true',
      'remote.origin.uploadpack': await trap('uploadpack'),
      'protocol.ext.allow': 'always',
      'protocol.file.allow': 'always',
      'extensions.partialClone': 'origin',
      'alias.log': `!${await trap('alias')}`,
    };
    await mkdir(path.join(home, 'hooks'));
    for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'pre-auto-gc']) {
      await writeFile(path.join(home, 'hooks', hook), `#!/bin/sh\ntouch '${path.join(nest, hook)}'\n`, {
        mode: 0o755,
      });
    }
    await put('.gitattributes', '* filter=evil diff=evil\n');
    for (const [name, value] of Object.entries(settings)) run(root, ['config', name, value]);

    // A commit whose tree the repository lacks, as in a partial clone: it must not be fetched.
    run(root, ['update-ref', 'refs/heads/hollow', hollowCommit()]);
    // The trap works where nothing guards against it, or this test would prove nothing.
    run(root, ['status']);
    assert.ok((await readdir(nest)).includes('fsmonitor'));
    for (const name of await readdir(nest)) await rm(path.join(nest, name));

    await writeFile(path.join(root, 'a.txt'), 'changed');
    const git = await opened();
    await git.isIgnored('a.txt', signal);
    await git.isTracked('a.txt', signal);
    await git.eventsOnOtherRefs([RECORD], signal);
    assert.equal((await git.removedBy('gone.txt', signal))?.subject, 'two');
    await git.head(signal);
    await git.user(signal);
    assert.deepEqual(await readdir(nest), []);
  });

  function hollowCommit(): string {
    const text = `tree ${'1'.repeat(40)}\nauthor A <a@b> 1700000000 +0000\ncommitter A <a@b> 1700000000 +0000\n\nhollow\n`;
    return run(root, ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], text);
  }

  it('takes git from absolute folders of PATH outside the repository alone', async function () {
    if (process.platform === 'win32') this.skip();
    const bin = path.join(root, 'bin');
    const good = path.join(home, 'good');
    for (const folder of [bin, good]) {
      await mkdir(folder);
      await writeFile(path.join(folder, 'git'), '#!/bin/sh\n', { mode: 0o755 });
    }
    const found = (PATH: string) => findProgram('git', root, { PATH }, process.platform);
    assert.equal(await found(`bin:.:${bin}:${good}`), path.join(good, 'git'));
    assert.equal(await found(`bin:.::${bin}`), undefined);
  });
});
