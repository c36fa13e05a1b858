import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PATIENCE } from '../support/idac.ts';
import { makePackages, type Packages } from '../support/packages.ts';

describe('the npm package', function () {
  this.timeout(PATIENCE);
  let packages: Packages;
  let folder: string;
  let project: string;
  const asked: string[] = [];
  // A registry that has nothing: what the package needs besides itself cannot come from there.
  const registry = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end('{}');
  });

  before(async () => {
    packages = makePackages();
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac npm – é ')));
    project = path.join(folder, 'project');
    mkdirSync(project);
    registry.listen(0, '127.0.0.1');
    await once(registry, 'listening');
    const { port } = registry.address() as AddressInfo;
    const install = spawn(
      'npm',
      [
        ...['install', packages.npm, '--no-audit', '--no-fund', '--fetch-retries=0'],
        ...[`--registry=http://127.0.0.1:${port}/`, `--cache=${path.join(folder, 'cache')}`],
      ],
      { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' },
    );
    let said = '';
    for (const stream of [install.stdout, install.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
    const [code] = await once(install, 'close');
    assert.equal(code, 0, said);
  });
  after(() => {
    registry.close();
    packages?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const bin = (): string => path.join(project, 'node_modules/.bin/idac');
  const env = () => ({
    ...process.env,
    IDAC_STATE_HOME: path.join(folder, 'state'),
    IDAC_PASSPHRASE: `test ${folder}`,
  });
  const npx = (...args: readonly string[]) =>
    spawnSync('npx', ['--no-install', 'idac', ...args], { cwd: project, encoding: 'utf8', env: env() });

  it('asks a registry for nothing but pkcs11js, which it can do without', () => {
    assert.deepEqual([...new Set(asked)], ['/pkcs11js']);
    assert.deepEqual(
      readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['idac'],
    );
  });

  it('has licence, page, notices and the pages of rules, and no sources or maps', () => {
    const installed = path.join(project, 'node_modules/idac');
    for (const file of ['LICENSE', 'README.md', 'dist/THIRD-PARTY-NOTICES.txt', 'dist/rules/key/shared.md'])
      assert.ok(existsSync(path.join(installed, file)), file);
    const strange = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(ts|map)$|actor-/.test(file),
    );
    assert.deepEqual(strange, []);
    const manifest: Record<string, unknown> = JSON.parse(
      readFileSync(path.join(installed, 'package.json'), 'utf8'),
    );
    assert.equal(manifest['dependencies'], undefined);
  });

  it('tells its version, checks, plans and issues, as its page says', () => {
    const version = npx('--version');
    assert.match(version.stdout, /^(idac )?\d+\.\d+\.\d+/, version.stderr);
    spawnSync('git', ['init', '-q', project]);
    const page = readFileSync(path.join(project, 'node_modules/idac/README.md'), 'utf8');
    const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];
    const lines = block.trim().split('\n');
    assert.ok(lines.length > 4);
    for (const line of lines) {
      const [program, idac, ...args] = line.split(' ');
      assert.deepEqual([program, idac], ['npx', 'idac']);
      const { status, stdout, stderr } = npx(...args);
      assert.equal(status, 0, `${line}: ${stdout}${stderr}`);
    }
    assert.ok(existsSync(path.join(project, '.identity/records/default/Certificate/web')));
  });

  it('is a language server', async () => {
    const server = spawn(bin(), ['lsp', '--stdio'], { cwd: project, env: env() });
    const send = (message: object): void => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    let heard = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard.includes('"id":1') && !heard.includes('"id":2')) send({ id: 2, method: 'shutdown' });
      if (heard.includes('"id":2')) send({ method: 'exit' });
    });
    send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    const [code] = await once(server, 'exit');
    assert.equal(code, 0);
    assert.match(heard, /"capabilities":\{/);
  });
});
