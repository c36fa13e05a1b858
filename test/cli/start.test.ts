import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPOSITORY } from '../support/idac.ts';
import { needs } from '../support/needs.ts';
import { isInstalled, launchBrowser } from '../vscode/host.mjs';

describe('npm start', function () {
  this.timeout(180_000);
  let folder: string;
  let started: ChildProcess | undefined;
  let said: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'idac-start-test-'));
    said = '';
  });
  afterEach(() => {
    started?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  /** Its temporary files go into this test's folder, so that it can be seen what is left of them. */
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
    mkdirSync(path.join(folder, 'tmp'));
    const child = spawn(process.execPath, [path.join(REPOSITORY, 'scripts/start.mjs'), ...args], {
      env: { ...process.env, TMPDIR: path.join(folder, 'tmp'), ...env },
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        said += bytes.toString('utf8');
      });
    started = child;
    return child;
  };
  const left = (): boolean => existsSync(workspace());
  const workspace = (): string => /folder=([^&\s]+)/.exec(decodeURIComponent(said))?.[1] ?? folder;

  it('shows the samples in a browser behind a token, and Ctrl-C ends all of it', async function () {
    needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
    const child = start(['--browser']);
    await Promise.race([address(child), failed(child)]);
    const [url = ''] = /http:\/\/127\.0\.0\.1:\S+/.exec(said) ?? [];
    assert.match(url, /tkn=[\w-]{32}/);
    assert.ok(left(), 'the copy of the samples is there');

    // Nobody else on this machine gets in, and nothing that a page elsewhere makes a browser send.
    const bare = new URL('/', url);
    assert.equal((await fetch(bare)).status, 403);
    assert.equal((await fetch(new URL('/?tkn=guess', url))).status, 403);

    const browser = await launchBrowser(path.join(folder, 'chromium'), { width: 1280, height: 800 });
    try {
      const [page] = browser.pages();
      assert.ok(page);
      await page.goto(url);
      await page.locator('.codelens-decoration a:text-is("Issue")').first().waitFor({ timeout: 120_000 });
    } finally {
      await browser.close();
    }

    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0, said);
    assert.ok(!left(), 'the copy is gone');
    await assert.rejects(fetch(bare), 'nothing listens any more');
  });

  /** In the place of VS Code's own `code`: it writes down what it is started with, and goes on as it is told. */
  const standIn = (then: string): NodeJS.ProcessEnv => {
    const code = path.join(folder, 'code');
    const told = JSON.stringify(path.join(folder, 'told.json'));
    const body = `require('fs').writeFileSync(${told}, JSON.stringify(process.argv.slice(2))); ${then}`;
    writeFileSync(code, `#!${process.execPath}\nif (!process.argv.includes('--version')) { ${body} }\n`);
    chmodSync(code, 0o755);
    return { PATH: `${folder}${path.delimiter}${process.env['PATH'] ?? ''}` };
  };
  const told = (): readonly string[] => JSON.parse(readFileSync(path.join(folder, 'told.json'), 'utf8'));

  it('opens the desktop VS Code where there is one, with a profile of its own, and waits for it', async () => {
    const child = start([], standIn(''));
    const [status] = await once(child, 'exit');
    assert.equal(status, 0, said);
    const args = told();
    assert.ok(args.includes(`--extensionDevelopmentPath=${path.resolve(REPOSITORY)}`), args.join(' '));
    for (const option of ['--wait', '--user-data-dir', '--extensions-dir']) assert.ok(args.includes(option));
    assert.match(args.at(-1) ?? '', /tracking\.identity\.yaml$/);
    assert.ok(!existsSync(path.dirname(args.at(-2) ?? '')), 'the copy is gone');
  });

  it('ends when npm alone is told to end', async () => {
    mkdirSync(path.join(folder, 'tmp'));
    const env = {
      ...process.env,
      ...standIn('setInterval(() => {}, 1000);'),
      TMPDIR: path.join(folder, 'tmp'),
    };
    const npm = spawn('npm', ['start'], { cwd: REPOSITORY, env, stdio: 'ignore' });
    const copies = (): readonly string[] =>
      readdirSync(path.join(folder, 'tmp')).filter((name) => name.startsWith('idac-start-'));
    await until(() => existsSync(path.join(folder, 'told.json')));
    assert.equal(copies().length, 1);
    npm.kill('SIGTERM');
    await until(() => copies().length === 0);
  });

  it('says what to do where VS Code can be had from nowhere', async () => {
    const child = start(['--browser'], {
      IDAC_VSCODE_HOST: path.join(folder, 'host'),
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
      npm_config_cache: path.join(folder, 'cache'),
    });
    const [status] = await once(child, 'exit');
    assert.equal(status, 2);
    assert.match(said, /could not be installed/);
    assert.match(said, /npm run tour/);
  });

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await delay(50);
  };
  const address = async (child: ChildProcess): Promise<void> => {
    while (!said.includes('Ctrl-C')) await once(child.stdout ?? child, 'data');
  };
  const failed = async (child: ChildProcess): Promise<never> => {
    const [code] = await once(child, 'exit');
    throw new Error(`it ended (${String(code)}):\n${said}`);
  };
});
