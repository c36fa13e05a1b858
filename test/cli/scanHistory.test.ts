import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Report {
  readonly root: string;
  readonly files: number;
  readonly commits?: number;
  readonly findings: readonly { readonly file: string; readonly message: string }[];
}

describe('idac scan: history and stage', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), text);
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: box.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const commit = (author: string, day: string): string => {
    const when = `${day}T12:00:00Z`;
    git('add', '-A');
    execFileSync(
      'git',
      ['-c', `user.name=${author}`, '-c', 'user.email=x@example.com', 'commit', '-qm', day, '--allow-empty'],
      { cwd: box.folder, env: { ...process.env, GIT_AUTHOR_DATE: when, GIT_COMMITTER_DATE: when } },
    );
    return git('rev-parse', 'HEAD').slice(0, 10);
  };
  const key = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const scan = async (...args: readonly string[]): Promise<Report & { code: number }> => {
    const { code, data } = await box.json(['scan', ...args, '--format', 'json']);
    return { code, ...(data as unknown as Report) };
  };

  it('finds a key that was deleted, and says who brought it and who took it away', async () => {
    write('a.txt', 'a\n');
    commit('Ann', '2026-01-01');
    write('deploy/key.pem', key());
    const since = commit('Bea', '2026-01-02');
    write('a.txt', 'b\n');
    commit('Ann', '2026-01-03');
    git('mv', 'deploy/key.pem', 'moved.pem');
    commit('Ann', '2026-01-04');
    git('rm', '-q', 'moved.pem');
    const until = commit('Cem', '2026-01-05');

    assert.deepEqual((await scan()).findings, []);
    const report = await scan('--history');
    assert.deepEqual([report.code, report.files, report.commits], [1, 3, 5]);
    assert.equal(report.findings.length, 1);
    const [found] = report.findings;
    assert.match(
      found?.message ?? '',
      new RegExp(
        `^an ECDSA-P256 private key \\(PKCS#8\\) is in the history since ${since} \\(Bea, 2026-01-02\\), taken away by ${until} \\(Cem, 2026-01-05\\)`,
      ),
    );
  });

  it('says of what stands there still, and of what only another branch has', async () => {
    write('still.pem', key());
    const since = commit('Ann', '2026-01-01');
    git('checkout', '-q', '-b', 'other');
    write('other.pem', key());
    const other = commit('Bea', '2026-01-02');
    git('checkout', '-q', '-');
    const { findings } = await scan('--history');
    assert.deepEqual(
      findings.map(({ file, message }) => `${file}: ${/\) ((?:stands|is) .*);/.exec(message)?.[1]}`),
      [
        `other.pem: is on another branch since ${other} (Bea, 2026-01-02)`,
        `still.pem: stands here since ${since} (Ann, 2026-01-01)`,
      ],
    );
  });

  it('knows what came back as standing there', async () => {
    const text = key();
    write('key.pem', text);
    const since = commit('Ann', '2026-01-01');
    rmSync(path.join(box.folder, 'key.pem'));
    commit('Ann', '2026-01-02');
    write('key.pem', text);
    commit('Ann', '2026-01-03');
    const [found] = (await scan('--history')).findings;
    assert.match(found?.message ?? '', new RegExp(`stands here since ${since} `));
  });

  it('reads what is staged and not what the work tree says by now, before the first commit and after it', async () => {
    write('key.pem', key());
    git('add', 'key.pem');
    write('key.pem', 'taken out again\n');
    const first = await scan('--staged');
    assert.deepEqual([first.code, first.findings.map(({ file }) => file)], [1, ['key.pem']]);
    commit('Ann', '2026-01-01');
    assert.deepEqual((await scan('--staged')).findings, []);
    write('below/next.pem', key());
    git('add', '-A');
    assert.deepEqual(
      (await scan('--staged')).findings.map(({ file }) => file),
      ['below/next.pem'],
    );
    assert.deepEqual((await scan('below', '--staged')).files, 1);
    assert.deepEqual((await scan('key.pem', '--staged')).files, 0);
  });

  it('from a folder of the work tree looks at what is below it, with paths from the top', async () => {
    write('a/key.pem', key());
    write('b/key.pem', key());
    commit('Ann', '2026-01-01');
    const report = await scan('-C', 'a', '--history');
    assert.deepEqual([report.root, report.findings.map(({ file }) => file)], [box.folder, ['a/key.pem']]);
  });

  it('finds below a folder what stands elsewhere, too, and says what became of it there', async () => {
    const text = key();
    write('a/k.pem', text);
    write('deploy/[x]/k.pem', text);
    // The same folder at two places, of which one alone lies on the way to a start.
    write('both/x/one.pem', key());
    write('both/y/both/x/two.pem', key());
    const since = commit('Ann', '2026-01-01');
    git('mv', 'both', 'old');
    git('mv', 'old/y/both', 'both');
    write('both/x/one.pem', 'taken out\n');
    commit('Ann', '2026-01-02');
    git('rm', '-q', 'deploy/[x]/k.pem');
    const until = commit('Cem', '2026-01-03');
    for (const [name, value] of [
      ['log.showRoot', 'false'],
      ['log.follow', 'true'],
      ['diff.relative', 'true'],
    ])
      git('config', name ?? '', value ?? '');

    mkdirSync(path.join(box.folder, 'deploy/[x]'), { recursive: true });
    const { findings } = await scan('--history', 'deploy/[x]');
    assert.deepEqual(
      findings.map(({ file }) => file),
      ['deploy/[x]/k.pem'],
    );
    assert.match(
      findings[0]?.message ?? '',
      new RegExp(`in the history since ${since} .*, taken away by ${until} `),
    );
    assert.deepEqual((await scan('--history', 'both/x')).findings.map(({ file }) => file).sort(), [
      'both/x/one.pem',
      'both/x/two.pem',
    ]);
    assert.deepEqual((await scan('-C', 'a', '--history')).findings.length, 1);
    assert.equal((await scan('--history')).findings.length, 3);
  });

  it('reads each content again once for all values in it, whatever their number', async function () {
    if (process.platform === 'win32') this.skip();
    const value = (place: number): string =>
      randomBytes(12 + (place % 5))
        .toString('base64url')
        .replaceAll(/[-_]/g, 'x');
    const values = Array.from({ length: 40 }, (_, place) => value(place));
    for (const file of ['a.env', 'b.env'])
      write(
        file,
        values.map((each, place) => `${file}${place}=postgres://app:${each}@db.example.com/x\n`).join(''),
      );
    commit('Ann', '2026-01-01');
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const aside = path.join(path.dirname(box.folder), 'counting');
    const log = path.join(aside, 'log');
    mkdirSync(aside);
    writeFileSync(
      path.join(aside, 'git'),
      `#!/bin/sh\ncase " $* " in *" cat-file "*) echo read >> '${log}';; esac\nexec '${real}' "$@"\n`,
      { mode: 0o755 },
    );
    const PATH = `${aside}${path.delimiter}${process.env['PATH']}`;
    const { data } = await box.json(['scan', '--history', '--format', 'json'], { env: { PATH } });
    const { findings } = data as unknown as Report;
    assert.ok(findings.length > values.length, `${findings.length}`);
    for (const { message } of findings) assert.match(message, /the same value stands in 1 more file/);
    // To scan them, and to compare what was found.
    assert.equal(readFileSync(log, 'utf8'), 'read\n'.repeat(2));
  });

  it('runs nothing that the repository configures', async function () {
    if (process.platform === 'win32') this.skip();
    write('key.pem', key());
    commit('Ann', '2026-01-01');
    const trap = path.join(box.folder, '.git', 'trap.sh');
    const sprung = path.join(box.folder, '.git', 'sprung');
    writeFileSync(trap, `#!/bin/sh\ntouch "${sprung}"\ncat "$@"\n`);
    chmodSync(trap, 0o755);
    write('.gitattributes', '* diff=trap filter=trap\n');
    for (const [name, value] of [
      ['core.fsmonitor', trap],
      ['core.hooksPath', path.dirname(trap)],
      ['diff.external', trap],
      ['diff.trap.command', trap],
      ['diff.trap.textconv', trap],
      ['filter.trap.smudge', trap],
      ['filter.trap.clean', trap],
      ['core.pager', trap],
    ])
      git('config', name ?? '', value ?? '');
    assert.equal((await scan('--history')).findings.length, 1);
    await scan('--staged');
    assert.equal(existsSync(sprung), false);
  });

  it('says that there is no work tree, and that both at once make no sense', async () => {
    const alone = sandbox({ git: false });
    try {
      const { code, err } = await alone.idac(['scan', '--history']);
      assert.notEqual(code, 0);
      assert.match(err, /no work tree of git/);
    } finally {
      alone.remove();
    }
    assert.equal((await box.idac(['scan', '--history', '--staged'])).code, 2);
  });
});
