import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
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
