/** `idac inspect` as a shell calls it. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { REPOSITORY, runIdac, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

interface Item {
  readonly file: string;
  readonly type: string;
  readonly spkiSha256: string | null;
  readonly findings: readonly { rule: string; range: { start: { line: number; column: number } } }[];
}

describe('idac inspect', function () {
  this.timeout(120_000);
  let project: Sandbox;
  let files: CredentialFolder;
  const password = `p ${crypto.randomUUID()}`;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    project = sandbox({ git: false });
    files = credentialFolder();
    files.run(
      'openssl',
      'req -x509 -newkey ed25519 -nodes -keyout key.pem -out leaf.pem -subj /CN=a -days 30'.split(' '),
    );
    files.run('openssl', [
      'pkcs12',
      '-export',
      '-in',
      'leaf.pem',
      '-inkey',
      'key.pem',
      '-passout',
      `pass:${password}`,
      '-out',
      'a.p12',
    ]);
  });
  after(() => {
    project?.remove();
    files?.remove();
  });
  it('names what it leaves out of a folder, each with its reason', async () => {
    writeFileSync(path.join(project.folder, 'notes.txt'), 'nothing here');
    const { out, err } = await project.idac(['inspect', project.folder]);
    assert.match(
      `${out}${err}`.replaceAll(/\s+/g, ' '),
      /left out, without a credential \(\d+\) .*notes\.txt/,
    );
    const { data } = await project.json(['inspect', project.folder]);
    assert.deepEqual(
      (data['leftOut'] as { file: string; why: string }[]).filter(({ file }) => file.endsWith('notes.txt')),
      [{ file: path.join(project.folder, 'notes.txt'), why: 'noCredential' }],
    );
    rmSync(path.join(project.folder, 'notes.txt'));
  });
  const itemsOf = (data: Record<string, unknown>) => data['items'] as readonly Item[];

  it('gives every root of Node from standard input, and exits clean before any of them expires', async () => {
    const run = await project.json(['inspect', '-', '--now', '2024-06-01T00:00:00Z'], {
      input: rootCertificates.join('\n'),
    });
    assert.equal(itemsOf(run.data).length, rootCertificates.length);
    assert.deepEqual([run.code, run.data['schemaVersion']], [0, 1]);
    assert.ok(itemsOf(run.data).every(({ file, type }) => file === '-' && type === 'certificate'));
  });

  it('exits with findings where a file is damaged, and names the line', async () => {
    const lines = (rootCertificates[0] ?? '').split('\n');
    lines[2] = '!';
    writeFileSync(path.join(project.folder, 'bad.pem'), lines.join('\n'));
    const run = await project.json(['inspect', 'bad.pem', '--now', '2024-06-01T00:00:00Z']);
    const [item] = itemsOf(run.data);
    assert.deepEqual(
      [run.code, item?.type, item?.findings[0]?.rule, item?.findings[0]?.range.start.line],
      [1, 'certificate', 'credential/damaged', 3],
    );
    const text = await project.idac(['inspect', 'bad.pem']);
    assert.match(text.out, /credential\/damaged/);
  });

  it('opens PKCS#12 by a variable, and shows neither the password nor a private key', async () => {
    const env = { IDAC_PKCS12_PASSWORD: password };
    const run = await project.json(['inspect', files.path], { env });
    assert.deepEqual(
      itemsOf(run.data).map(({ type }) => type),
      ['certificate', 'private-key', 'private-key', 'certificate'],
    );
    assert.equal(new Set(itemsOf(run.data).map(({ spkiSha256 }) => spkiSha256)).size, 1);
    assert.equal((run.data['shared'] as readonly { files: readonly string[] }[])[0]?.files.length, 3);
    const text = await project.idac(['inspect', files.path], { env });
    const secret = readFileSync(files.at('key.pem'), 'utf8').split('\n')[1] ?? '';
    for (const shown of [run.out, run.err, text.out, text.err]) {
      assert.equal(shown.includes(password) || shown.includes(secret.slice(-40)), false);
    }
  });

  it('says that a file stays locked without its password', async () => {
    const run = await project.json(['inspect', files.at('a.p12')]);
    assert.ok(
      itemsOf(run.data).some(({ findings }) => findings.some(({ rule }) => rule === 'credential/locked')),
    );
  });

  it('answers for a file that is not there', async () => {
    const run = await project.idac(['inspect', 'missing.pem']);
    assert.equal(run.code, 1);
    assert.match(run.out, /there is no such file/);
  });

  it('ends at the first signal while it waits for a pipe', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'idac-pipe-'));
    const pipe = path.join(folder, 'pipe');
    try {
      execFileSync('mkfifo', [pipe]);
      const child = spawn(process.execPath, [path.join(REPOSITORY, 'server/bin/idac.mjs'), 'inspect', pipe]);
      const ended = once(child, 'exit');
      const again = setInterval(() => child.kill('SIGTERM'), 500);
      const [code, signal] = await ended;
      clearInterval(again);
      assert.ok(code === 143 || signal === 'SIGTERM', `${code} ${signal}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes no variable in source code for the label of a PEM block', async () => {
    const source = ['const pem = `', '-----BEGIN $', '{label}-----', '`;\n'].join('');
    const { code, out } = await runIdac(['inspect', '-', '--format', 'json'], { input: source });
    assert.doesNotMatch(out, /credential\/damaged/);
    assert.notEqual(code, 2);
  });
});
