import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { ProjectFiles } from '../../server/src/backends/contract.ts';
import { BackendError } from '../../server/src/backends/errors.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { isInternal, relativePathProblem } from '../../server/src/core/text/relativePath.ts';
import { withFolder } from '../../server/src/platform/disk/heldFolder.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { openGit } from '../../server/src/platform/git/git.ts';
import { hasProgram, needs } from '../support/needs.ts';

const secret = (text: string) => new Secret<Uint8Array>(Buffer.from(text));
const PUBLIC = { ifVersion: null, isPrivate: false } as const;
const PRIVATE = { ifVersion: null, isPrivate: true } as const;

describe('files of the project', () => {
  let home: string;
  let root: string;
  let outside: string;
  let files: ProjectFiles;

  beforeEach(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'idac-files-'));
    root = path.join(home, 'root');
    outside = path.join(home, 'outside');
    await mkdir(root);
    await mkdir(outside);
    files = openProjectFiles(root, { trusted: true, lockFolder: path.join(home, 'locks') });
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  describe('paths that are refused before any file call', () => {
    const refused = [
      '/etc/passwd',
      '//host/share/x',
      '\\\\host\\share\\x',
      'C:/x',
      'c:x',
      'C:\\x',
      '../x',
      'a/../../x',
      'a/..',
      './a',
      'a/./b',
      'a\\b',
      'a\0b',
      'a\nb',
      'a:b',
      'a.pem:stream',
      'CON',
      'con.pem',
      'a/NUL',
      'nul.tar.gz',
      'COM1',
      'lpt9.txt',
      'COM¹',
      'CONIN$',
      'a/aux /b',
      'a.',
      'a ',
      'a./b',
      'a /b',
      '',
      'a//b',
      'a/',
      'a*',
      'a?',
      'a|b',
      '"a"',
      '<a',
      'x'.repeat(241),
      'x/'.repeat(600),
      '.git/config',
      '.GIT/hooks/pre-commit',
      'sub/.git/config',
      'git~1/config',
      'GIT~2/x',
      '.g\u200cit/config',
      '.ｇit/config',
      '.identity/records/x',
      '.Identity/x',
      'IDENTI~1/x',
      '~/x\u007f',
    ];
    for (const wanted of refused) {
      it(JSON.stringify(wanted.slice(0, 40)), async () => {
        for (const call of [
          files.read(wanted),
          files.write(wanted, secret('x'), PUBLIC),
          files.remove(wanted, { ifVersion: 'x' }),
          files.preflight(wanted, { isPrivate: false }),
        ]) {
          await assert.rejects(
            call,
            (error) => error instanceof BackendError && error.kind === 'forbidden' && error.hint !== '',
          );
        }
        assert.deepEqual(await readdir(root), []);
      });
    }

    it('takes ordinary names', () => {
      for (const good of [
        'certs/api.pem',
        'a',
        '.env',
        '...a',
        'com10.txt',
        'console/nulls',
        'ümlaut/日本.pem',
        '.gitignore',
        '.github/x',
        'git/x',
      ]) {
        assert.equal(relativePathProblem(good) ?? isInternal(good), undefined, good);
      }
    });

    it('never lets a path out of its folder, whatever it is', () => {
      fc.assert(
        fc.property(
          fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ':', ' ', '\0', '~', 'C', '-') }),
          (wanted) => {
            if (relativePathProblem(wanted) !== undefined) return;
            for (const flavour of [path.posix, path.win32]) {
              const base = flavour === path.posix ? '/root' : 'C:\\root';
              assert.ok(flavour.resolve(base, wanted).startsWith(base + flavour.sep), wanted);
            }
          },
        ),
        { numRuns: 5000 },
      );
    });
  });

  it('reads, writes by version, and removes', async () => {
    assert.equal(await files.read('certs/api.pem'), undefined);
    const first = await files.write('certs/api.pem', secret('one'), PUBLIC);
    const read = await files.read('certs/api.pem');
    assert.equal(Buffer.from(read?.bytes.reveal() ?? []).toString(), 'one');
    assert.deepEqual([read?.version, read?.mode], [first.version, 0o644]);
    await assert.rejects(files.write('certs/api.pem', secret('two'), PUBLIC), {
      kind: 'conflict',
      what: /exists already/,
    });
    const second = await files.write('certs/api.pem', secret('two'), {
      ifVersion: first.version,
      isPrivate: false,
      mode: 0o640,
    });
    assert.equal((await stat(path.join(root, 'certs/api.pem'))).mode & 0o777, 0o640);
    const stale = { ifVersion: first.version, isPrivate: false };
    await assert.rejects(files.write('certs/api.pem', secret('three'), stale), { kind: 'conflict' });
    await assert.rejects(files.remove('certs/api.pem', stale), { kind: 'conflict' });
    await files.remove('certs/api.pem', { ifVersion: second.version });
    await files.remove('certs/api.pem', { ifVersion: second.version });
    assert.deepEqual(await readdir(path.join(root, 'certs')), []);
    await assert.rejects(files.write('certs/api.pem', secret('x'), stale), {
      kind: 'conflict',
      what: /is gone/,
    });
  });

  it('lets exactly one of several writers with the same version win', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((text) => files.write('f', secret(text), PUBLIC)),
    );
    assert.deepEqual(outcomes.map((outcome) => outcome.status).sort(), ['fulfilled', 'rejected', 'rejected']);
  });

  it('writes nothing in an untrusted workspace', async () => {
    const untrusted = openProjectFiles(root, { trusted: false, lockFolder: path.join(home, 'locks') });
    await assert.rejects(untrusted.write('a', secret('x'), PUBLIC), {
      kind: 'forbidden',
      what: /not trusted/,
    });
    await assert.rejects(untrusted.preflight('a', { isPrivate: false }), { kind: 'forbidden' });
    assert.equal(await untrusted.read('a'), undefined);
  });

  it('follows links inside the project and refuses those that leave it', async () => {
    await mkdir(path.join(root, 'real'));
    await symlink('real', path.join(root, 'inside'));
    await symlink(outside, path.join(root, 'out'));
    await symlink('../outside/secret', path.join(root, 'secret'));
    await symlink('nowhere', path.join(root, 'dangling'));
    await symlink('loop', path.join(root, 'loop'));
    await mkdir(path.join(root, '.git'));
    await symlink('.git', path.join(root, 'innocent'));
    await writeFile(path.join(outside, 'secret'), 'theirs');
    await writeFile(path.join(outside, 'other'), 'theirs');
    await files.write('inside/a', secret('one'), PUBLIC);
    assert.equal(await readFile(path.join(root, 'real/a'), 'utf8'), 'one');
    for (const wanted of [
      'out/other',
      'out/new',
      'secret',
      'dangling',
      'dangling/x',
      'loop',
      'loop/x',
      'innocent/config',
    ]) {
      await assert.rejects(files.read(wanted), { kind: 'forbidden' }, `read ${wanted}`);
      await assert.rejects(
        files.write(wanted, secret('mine'), PUBLIC),
        { kind: 'forbidden' },
        `write ${wanted}`,
      );
    }
    assert.deepEqual((await readdir(outside)).sort(), ['other', 'secret']);
  });

  it('does not hang on a pipe or read a folder', async function () {
    needs(this, 'mkfifo', process.platform !== 'win32' && hasProgram('mkfifo'));
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    await mkdir(path.join(root, 'folder'));
    for (const wanted of ['pipe', 'folder']) await assert.rejects(files.read(wanted), { kind: 'forbidden' });
  });

  for (const anchored of process.platform === 'linux' ? [true, false] : [false]) {
    it(`refuses a link that is swapped in on the way (${anchored ? 'by open folders' : 'by comparison'})`, async () => {
      await mkdir(path.join(root, 'a/b'), { recursive: true });
      const swap = async () => {
        await rename(path.join(root, 'a'), path.join(root, 'moved'));
        await symlink(outside, path.join(root, 'a'));
      };
      const write = withFolder(
        root,
        ['a', 'b'],
        null,
        async (folder) => {
          await swap();
          await folder.confirm();
          await writeFile(folder.at('key'), 'secret');
        },
        anchored,
      );
      if (anchored) {
        await write;
        assert.equal(await readFile(path.join(root, 'moved/b/key'), 'utf8'), 'secret');
      } else {
        await assert.rejects(write, { kind: 'forbidden' });
      }
      assert.deepEqual(await readdir(outside), []);
      await assert.rejects(
        withFolder(root, ['a', 'b'], { mode: 0o755 }, async () => undefined, anchored),
        { kind: 'forbidden' },
      );
    });
  }

  it('writes nothing outside while another process swaps a folder for a link', async function () {
    if (process.platform === 'win32') this.skip();
    this.timeout(120_000);
    await mkdir(path.join(root, 'real'));
    await mkdir(path.join(root, 'certs'));
    const racer = startRacer(root, outside);
    try {
      let refused = 0;
      let written = 0;
      for (let n = 0; n < 300 || refused === 0 || written === 0; n += 1) {
        try {
          await files.write(`certs/f${n}`, secret('key'), PRIVATE);
          written += 1;
        } catch (error) {
          assert.ok(error instanceof BackendError, String(error));
          assert.match(error.kind, /^(forbidden|conflict)$/, error.what);
          if (error.kind === 'forbidden') refused += 1;
        }
      }
    } finally {
      racer.kill('SIGKILL');
      await once(racer, 'exit');
    }
    assert.deepEqual(await readdir(outside), []);
  });

  describe('private keys and git', function () {
    this.timeout(120_000);
    before(function () {
      needs(this, 'git', hasProgram('git'));
    });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
    const inGit = async () => {
      git('init', '-q');
      return openProjectFiles(root, {
        trusted: true,
        lockFolder: path.join(home, 'locks'),
        git: await openGit(root, { trusted: true }),
      });
    };

    it('go only where git ignores them, with mode 0600; the error says which line to add', async () => {
      const guarded = await inGit();
      const refusal = {
        kind: 'forbidden',
        what: /git does not ignore it/,
        hint: /\.gitignore .*: \/certs\/api\.key$/,
      };
      await assert.rejects(guarded.preflight('certs/api.key', { isPrivate: true }), refusal);
      await assert.rejects(guarded.write('certs/api.key', secret('k'), PRIVATE), refusal);
      await writeFile(path.join(root, '.gitignore'), '/certs/api.key\n');
      await guarded.preflight('certs/api.key', { isPrivate: true });
      await guarded.write('certs/api.key', secret('k'), { ...PRIVATE, mode: 0o644 });
      assert.equal((await stat(path.join(root, 'certs/api.key'))).mode & 0o777, 0o600);
      assert.equal((await stat(path.join(root, 'certs'))).mode & 0o777, 0o700);
      await guarded.write('certs/api.pem', secret('public'), PUBLIC);
    });

    it('are refused where the file is tracked, whatever .gitignore says', async () => {
      const guarded = await inGit();
      await writeFile(path.join(root, '.gitignore'), '*.key\n');
      await writeFile(path.join(root, 'api.key'), 'old');
      git('add', '-f', 'api.key');
      await assert.rejects(guarded.preflight('api.key', { isPrivate: true }), {
        kind: 'forbidden',
        hint: /git rm --cached api\.key/,
      });
    });

    it('are refused through a link from an ignored name to one that is not', async () => {
      const guarded = await inGit();
      await writeFile(path.join(root, '.gitignore'), '/ignored\n');
      await mkdir(path.join(root, 'public'));
      await symlink('public', path.join(root, 'ignored'));
      await assert.rejects(guarded.write('ignored/k', secret('k'), PRIVATE), {
        kind: 'forbidden',
        what: /public\/k/,
      });
    });

    it('are refused when there is a repository and no git to ask', async () => {
      git('init', '-q');
      await assert.rejects(files.write('api.key', secret('k'), PRIVATE), {
        kind: 'forbidden',
        hint: /install git/,
      });
    });

    it('may lie in a folder that is no repository', async () => {
      await files.write('api.key', secret('k'), PRIVATE);
      assert.equal((await stat(path.join(root, 'api.key'))).mode & 0o777, 0o600);
    });
  });
});

/** Swaps root/certs between a folder and a link to `outside` as fast as it can, until it is killed. */
function startRacer(root: string, outside: string) {
  const program = `
    const fs = require('node:fs');
    const [root, outside] = process.argv.slice(1);
    process.chdir(root);
    fs.symlinkSync(outside, 'link');
    const attempt = (work) => { try { work(); } catch {} };
    for (let n = 0; n < 3000000; n += 1) {
      attempt(() => fs.renameSync('certs', 'spare'));
      attempt(() => fs.renameSync('link', 'certs'));
      attempt(() => fs.renameSync('certs', 'link'));
      attempt(() => fs.renameSync('spare', 'certs'));
      // The writer made the folder anew while it was away.
      attempt(() => fs.rmSync('spare', { recursive: true, force: true }));
    }`;
  return spawn(process.execPath, ['-e', program, root, outside], { stdio: 'ignore' });
}
