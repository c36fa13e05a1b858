// `npm start`: the extension on a copy of the samples, to be tried out. In the desktop VS Code where `code` starts one,
// otherwise in a VS Code in the browser: on loopback, behind a random token. Nothing of it stays when it has ended.
//
//   npm start -- --browser       in the browser, also where `code` is there
//   npm start -- --port 8123     the browser's port (default: any free one)
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hostProgram, installHost, isInstalled } from './vscodeHost.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const FIRST_FILE = 'tracking/tracking.identity.yaml';
const { values: options } = parseArgs({
  options: { browser: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
});

if (!existsSync(path.join(repository, 'server/dist/server.mjs'))) {
  console.error('The extension is not built yet: run `npm ci` first (it builds it), or `npm run build`.');
  process.exit(2);
}

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-start-')));
const workspace = path.join(base, 'fernweh-freight');
/** Keys and logins of this trial go with it; yours are not touched. */
const environment = { ...process.env, IDAC_STATE_HOME: path.join(base, 'state') };
/** What runs, and what it is told to end with. */
let running;
let stopped = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
// A signal to npm alone ends npm and the shell between, and does not reach this.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) stop();
}, 1000).unref();
try {
  copySamples();
  process.exitCode = options.browser || !hasDesktop() ? await inBrowser() : await onDesktop();
} catch (error) {
  if (!stopped) {
    console.error(error.message);
    process.exitCode = 2;
  }
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function copySamples() {
  cpSync(path.join(repository, 'samples'), workspace, { recursive: true });
  // As the folder of a team: private keys are delivered only where git ignores them.
  const git = (...args) => spawnSync('git', ['-C', workspace, ...args], { stdio: 'ignore' });
  git('init', '--quiet');
  git('add', '--all');
  git(
    '-c',
    'user.name=Trial',
    '-c',
    'user.email=trial@fernweh.example',
    'commit',
    '--quiet',
    '-m',
    'Samples',
  );
}

/** In a terminal of a remote window `code` opens files in that window, and starts nothing. */
function hasDesktop() {
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined) return false;
  const { status } = spawnSync('code', ['--version'], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

async function onDesktop() {
  console.log(
    'VS Code opens a copy of the samples. Close its window, or press Ctrl-C here, to end; the copy is removed.',
  );
  return ended([
    'code',
    '--wait',
    '--new-window',
    ...['--user-data-dir', userData()],
    ...['--extensions-dir', emptyFolder('extensions')],
    `--extensionDevelopmentPath=${repository}`,
    ...['--disable-workspace-trust', '--disable-telemetry', '--skip-welcome', '--skip-release-notes'],
    workspace,
    path.join(workspace, FIRST_FILE),
  ]);
}

async function inBrowser() {
  if (!isInstalled()) {
    console.log(
      'There is no VS Code here that `code` starts. One for the browser is taken from the npm registry: once, about a minute, 0.8 GB.',
    );
    install();
  }
  const folders = [
    ...['--server-data-dir', emptyFolder('server')],
    ...['--user-data-dir', userData()],
    ...['--extensions-dir', emptyFolder('extensions')],
  ];
  run([...hostProgram, ...folders, '--install-extension', await packageExtension()]);

  // In a file: an argument could be read by everybody on this machine.
  const token = randomBytes(24).toString('base64url');
  const tokenFile = path.join(base, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const server = [
    ...hostProgram,
    ...['--host', '127.0.0.1', '--port', options.port, '--connection-token-file', tokenFile],
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-workspace-trust'],
    ...folders,
  ];
  return ended(server, (port) => {
    const file = `vscode-remote://127.0.0.1:${port}${path.join(workspace, FIRST_FILE)}`;
    const query = new URLSearchParams({
      tkn: token,
      folder: workspace,
      payload: JSON.stringify([['openFile', file]]),
    });
    console.log(
      `VS Code with a copy of the samples, for this machine alone:\n\n  http://127.0.0.1:${port}/?${query}\n`,
    );
    console.log('Ctrl-C ends it and removes the copy.');
  });
}

function install() {
  try {
    installHost(console.log);
  } catch (error) {
    throw new Error(
      `VS Code for the browser could not be installed: ${error.message}\n` +
        'Give npm a registry that it can reach, or install the desktop VS Code with its command `code`. ' +
        '`npm run tour` shows the same engine in the terminal and needs neither.',
    );
  }
}

async function packageExtension() {
  const folder = emptyFolder('package');
  run([process.execPath, path.join(repository, 'scripts/package.mjs'), '--out', folder]);
  const packages = readdirSync(folder).filter((file) => file.endsWith('.vsix'));
  // The one for this platform has more, where it could be made; its name is the longer one.
  const [best] = packages.sort((a, b) => b.length - a.length);
  return path.join(folder, best);
}

/** Without anything that would go to the network, or lie over the samples. */
function userData() {
  const folder = emptyFolder('user');
  for (const part of ['User', 'Machine']) mkdirSync(path.join(folder, part));
  const settings = {
    'chat.disableAIFeatures': true,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.startupEditor': 'none',
  };
  writeFileSync(path.join(folder, 'User/settings.json'), JSON.stringify(settings, null, 2));
  return folder;
}

function emptyFolder(name) {
  const folder = path.join(base, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function run([program, ...args]) {
  execFileSync(program, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Starts it, and gives its exit code; one that was stopped on purpose ended well. */
async function ended([program, ...args], listening) {
  if (stopped) return 0;
  running = spawn(program, args, {
    cwd: base,
    // A group of its own: what it started ends with it.
    detached: process.platform !== 'win32',
    env: { ...environment, EXTENSIONS_GALLERY: '{}' },
    shell: process.platform === 'win32',
    stdio: listening === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [running.stdout, running.stderr]) {
    stream?.on('data', (bytes) => {
      if (said === undefined) return;
      said += bytes;
      const port = /listening on (\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      said = undefined;
      listening(port);
    });
  }
  const [code] = await once(running, 'exit');
  if (!stopped && code !== 0)
    console.error(`VS Code ended (${code}).${said === undefined ? '' : `\n${said}`}`);
  return stopped ? 0 : (code ?? 1);
}

function stop() {
  stopped = true;
  if (running === undefined || running.exitCode !== null) return;
  const end = (signal) => {
    try {
      process.kill(process.platform === 'win32' ? running.pid : -running.pid, signal);
    } catch {
      // It has ended by itself.
    }
  };
  end('SIGTERM');
  setTimeout(() => end('SIGKILL'), 5000).unref();
}
