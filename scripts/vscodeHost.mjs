// A real VS Code from the npm registry alone: the server that the package code-server carries, the Node release it wants, and
// what drives a browser for the tests. `npm start` shows it where no desktop VS Code is; the tests run in it.
//
//   node scripts/vscodeHost.mjs     puts it into $IDAC_VSCODE_HOST (default ~/.cache/idac-vscode-host); again costs nothing
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const CODE_SERVER = '4.139.1'; // VS Code 1.139.1
const NODE = '24.21.0'; // as code-server's package.json asks for
const PLAYWRIGHT = '1.65.1';
const STAMP = `code-server ${CODE_SERVER} · node ${NODE} · playwright-core ${PLAYWRIGHT}`;

export const hostFolder =
  process.env.IDAC_VSCODE_HOST ??
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'idac-vscode-host');

/** Node, and the program that it runs. */
export const hostProgram = [
  path.join(hostFolder, 'bin/node'),
  path.join(hostFolder, 'vscode/out/server-main.js'),
];

export function isInstalled() {
  const stamp = path.join(hostFolder, 'installed');
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === STAMP;
}

/** Made beside its place and put there when it is whole, so that two may install at once and none sees half of it. */
export function installHost(say) {
  if (isInstalled()) return;
  mkdirSync(path.dirname(hostFolder), { recursive: true });
  const fresh = mkdtempSync(`${hostFolder}-new-`);
  try {
    fill(fresh, say);
    if (isInstalled()) return;
    rmSync(hostFolder, { recursive: true, force: true });
    renameSync(fresh, hostFolder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function fill(folder, say) {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const nodePackage = `node-${system}-${process.arch}`;
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  npm(folder, [
    ...['install', '--ignore-scripts', '--no-bin-links', '--save-exact'],
    ...[`playwright-core@${PLAYWRIGHT}`, `${nodePackage}@${NODE}`],
  ]);
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(`../node_modules/${nodePackage}/bin/node`, path.join(folder, 'bin/node'));

  // Of code-server only lib/vscode is wanted. Its login page and proxy need native modules that nothing here loads.
  npm(folder, ['pack', `code-server@${CODE_SERVER}`, '--silent']);
  const archive = `code-server-${CODE_SERVER}.tgz`;
  execFileSync('tar', ['-xzf', archive, '--no-same-owner', 'package/lib/vscode'], { cwd: folder });
  const vscode = path.join(folder, 'vscode');
  renameSync(path.join(folder, 'package/lib/vscode'), vscode);
  rmSync(path.join(folder, 'package'), { recursive: true });
  rmSync(path.join(folder, archive));

  npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);
  try {
    // The one that writes logs to files, and the one that notices that its parent has gone. VS Code does without them.
    npm(vscode, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
      PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env.PATH}`,
      npm_config_nodedir: path.join(folder, 'node_modules', nodePackage),
    });
  } catch {
    say(
      'VS Code keeps no log files here: there is no C++ compiler with make and Python for the module that writes them.',
    );
  }
  writeFileSync(path.join(folder, 'installed'), `${STAMP}\n`);
}

/** A registry that stalls gets a second try, not the whole of the time there is. */
function npm(cwd, args, env = {}) {
  const run = () =>
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 240_000,
      shell: process.platform === 'win32',
    });
  try {
    run();
  } catch {
    run();
  }
}

if (process.argv[1] === import.meta.filename) {
  installHost(console.error);
  console.log(`VS Code host in ${hostFolder}: ${STAMP}`);
}
