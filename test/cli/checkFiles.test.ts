import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly message: string;
}

const KEY = 'secret/private-key';

describe('idac check, on the files of a project', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  afterEach(() => box.remove());

  const write = (file: string, content: string): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), content);
  };
  const pem = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const check = async (...args: readonly string[]) => {
    const { code, data } = await box.json(['check', ...args]);
    const findings = data['findings'] as readonly Finding[];
    return {
      code,
      findings,
      scanned: data['scanned'] as { files: number; skipped: { path: string; why: string }[] },
    };
  };
  const files = ({ findings }: { readonly findings: readonly Finding[] }): readonly string[] =>
    findings.filter(({ rule }) => rule === KEY).map(({ file }) => file);

  it('finds secrets in what git tracks or would take, and nothing in what it ignores', async () => {
    box = sandbox();
    write('.gitignore', 'tls/\n*.log\n');
    write('tls/web.key', pem());
    write('debug.log', pem());
    write('notes.txt', pem());
    write('deep/tracked.log', pem());
    execFileSync('git', ['add', '-f', 'deep/tracked.log'], { cwd: box.folder });
    const all = await check();
    assert.equal(all.code, 1);
    assert.deepEqual(files(all), ['deep/tracked.log', 'notes.txt']);
    assert.equal(all.scanned.files, 3);
    assert.deepEqual(files(await check('deep')), ['deep/tracked.log']);
    const without = await check('--no-scan');
    assert.deepEqual([without.code, without.findings, without.scanned], [0, [], undefined]);
  });

  it('looks through all files where there is no git', async () => {
    box = sandbox({ git: false });
    write('tls/web.key', pem());
    assert.deepEqual(files(await check()), ['tls/web.key']);
  });

  it('looks through a folder that another repository ignores', async () => {
    box = sandbox();
    write('.gitignore', 'vendor/\n');
    write('vendor/shop/web.key', pem());
    write(
      'vendor/shop/shop.identity.yaml',
      'apiVersion: identity-as-code/v1\nkind: Project\nmetadata: { name: shop }\nspec: {}\n',
    );
    assert.deepEqual(files(await check('-C', 'vendor/shop')), ['web.key']);
  });

  it('names a repository of its own within, and does not go into it', async () => {
    box = sandbox();
    write('other/web.key', pem());
    execFileSync('git', ['init', '-q'], { cwd: path.join(box.folder, 'other') });
    const { findings, scanned } = await check();
    assert.deepEqual(findings, []);
    assert.deepEqual(
      scanned.skipped.map(({ why }) => why),
      ['it is a repository of its own'],
    );
  });

  it('does not go behind a link that took the place of a folder, and finds a file that did', async function () {
    if (process.platform === 'win32') this.skip();
    box = sandbox();
    const outside = path.join(path.dirname(box.folder), 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'web.key'), pem());
    for (const file of ['link/web.key', 'link/deep/web.key', 'file/web.key']) write(file, 'none\n');
    execFileSync('git', ['add', '-A'], { cwd: box.folder });
    for (const folder of ['link', 'file']) rmSync(path.join(box.folder, folder), { recursive: true });
    symlinkSync('../outside', path.join(box.folder, 'link'));
    write('file', pem());
    const all = await check();
    assert.deepEqual([all.code, files(all)], [1, ['file']]);
    assert.deepEqual(all.scanned.skipped.map((each) => `${each.path}: ${each.why}`).sort(), [
      'link/deep/web.key: it lies behind a link',
      'link/web.key: it lies behind a link',
      'link: it is a link',
    ]);
  });

  it('takes a judgement for stale where it looked, and not where git ignores the file', async () => {
    box = sandbox();
    write('.gitignore', '*.local\n');
    const accepted = ['a.env', 'b.env.local'];
    for (const [place, file] of accepted.entries()) {
      write(
        file,
        `DATABASE=postgres://app:${randomBytes(12).toString('hex')}@db.shop.internal/app${place}\n`,
      );
      const because = ['--because', 'made up', '--until', '2999-12-31'];
      const { code, err } = await box.idac(['accept', `${file}:1`, ...because]);
      assert.equal(code, 0, err);
    }
    const stale = async (...args: readonly string[]) =>
      (await check(...args)).findings.flatMap(({ rule, message }) =>
        rule === 'not-a-secret/stale' ? accepted.filter((file) => message.includes(file)) : [],
      );
    assert.deepEqual(await stale(), []);
    write('a.env', 'DATABASE=none\n');
    assert.deepEqual(await stale(), ['a.env']);
    for (const file of accepted) rmSync(path.join(box.folder, file));
    assert.deepEqual(await stale(), accepted);
    write('sub/a.txt', 'none\n');
    assert.deepEqual(await stale('sub'), []);
  });

  it('tells shared keys, and of both in every format', async () => {
    box = sandbox();
    const key = pem();
    write('a.key', key);
    write('b.key', key);
    const { findings } = await check();
    assert.deepEqual(findings.map(({ rule }) => rule).toSorted(), ['key/shared', KEY, KEY]);
    const sarif = JSON.parse((await box.idac(['check', '--format', 'sarif'])).out) as {
      runs: { tool: { driver: { rules: { id: string }[] } } }[];
    };
    const rules = sarif.runs[0]?.tool.driver.rules.map(({ id }) => id) ?? [];
    assert.ok(rules.includes(KEY) && rules.includes('key/shared'));
    assert.match((await box.idac(['check'])).out, /2 files looked through for secrets and keys$/m);
  });
});
