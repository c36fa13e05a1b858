// A real VS Code, started for a test and ended with it: the VS Code server that ./install put in place (its extension
// host is Node, its `vscode` API the real one), shown in headless Chromium. Nothing of VS Code is replaced.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { hostFolder, hostProgram, isInstalled } from '../../scripts/vscodeHost.mjs';

export { isInstalled };

/** Quiet and the same everywhere: nothing that a gallery, an update or an assistant would put into the window. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** What the workbench itself prints while it starts; only noise in a test's output. */
const CHATTER =
  /^(Resolv\w+ connection token|Creating a socket|Ignoring fetching|Updating additional builtin|Creation of workbench|Loading development extension|Error while fetching the extension under development|\[)/;

/** What the extension host logs where a tree of an extension and what the window has of it do not fit together. */
const TREE_ERRORS = /No tree item with id|Failed to resolve tree node|Unable to refresh tree view/;

/**
 * Opens a workspace in VS Code with the extension under development, or with a package of it installed.
 *
 * `extension`: its folder; or `vsix`: its package, installed into a folder whose path has spaces and letters of the world.
 * `tests`: a module with `run(): Promise<void>`, given to the extension host; its end is the host's `ended`.
 * `trusted`: false keeps Workspace Trust on, so that the folder opens in restricted mode.
 * `calls`: a file to which strace writes whom any of its processes connects to.
 * `onOutput`: what the extension host prints. `errors`: what this extension's log calls an error; `treeErrors`: what VS Code
 * logs of trees whose nodes it does not know any more.
 */
export async function openVsCode({
  extension,
  vsix,
  workspace,
  tests,
  env = {},
  settings = {},
  machineSettings = {},
  trusted = true,
  calls,
  viewport = { width: 1440, height: 900 },
  onOutput = () => {},
}) {
  const scratch = fs.mkdtempSync(
    path.join(os.tmpdir(), vsix === undefined ? 'idac-vscode-' : "idac VS Code – d'été 試験 "),
  );
  const folder = (name) => {
    const full = path.join(scratch, name);
    fs.mkdirSync(full, { recursive: true });
    return full;
  };
  const ended = settleLater();
  ended.promise.catch(() => {});
  fs.writeFileSync(
    path.join(folder('user/User'), 'settings.json'),
    JSON.stringify({ ...SETTINGS, ...settings }),
  );
  // Where the folder lies elsewhere than the window, what is a machine's own is read there, and in no other file.
  fs.writeFileSync(path.join(folder('user/Machine'), 'settings.json'), JSON.stringify(machineSettings));

  const folders = [
    ...['--server-data-dir', folder('server')],
    ...['--user-data-dir', folder('user')],
    ...['--extensions-dir', folder('extensions')],
  ];
  const environment = { ...outsideEnvironment(), EXTENSIONS_GALLERY: '{}', ...env };
  if (vsix !== undefined)
    install(hostProgram, [...folders, '--install-extension', path.resolve(vsix)], environment);
  const watched =
    calls === undefined
      ? []
      : [
          'strace',
          '--follow-forks',
          '--quiet=all',
          '--seccomp-bpf',
          '--trace=connect,sendto',
          '--output',
          calls,
        ];
  const [program, ...rest] = [...watched, ...hostProgram];
  const server = spawn(
    program,
    [
      ...rest,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--disable-telemetry'],
      ...folders,
      ...(trusted ? ['--disable-workspace-trust'] : []),
    ],
    // A group of its own, so that ending it ends the extension host and the language server too.
    { cwd: scratch, detached: true, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let browser;

  const close = async () => {
    await Promise.race([browser?.close(), delay(5000)]).catch(() => {});
    await endGroup(server);
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };

  try {
    const port = await listeningPort(server);
    server.once('exit', (code) => ended.reject(new Error(`the VS Code server ended (${code})`)));
    const authority = `127.0.0.1:${port}`;
    browser = await launchBrowser(folder('chromium'), viewport);
    await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://${authority}` });
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.on('crash', () => ended.reject(new Error('the page crashed')));
    // The workbench looks for these two functions: one prints for the extension host, one tells the end of `run()`.
    await page.exposeFunction('codeAutomationLog', (_level, args) => {
      if (!CHATTER.test(String(args[0]))) onOutput(format(...args));
    });
    await page.exposeFunction('codeAutomationExit', (code) => ended.resolve(code));
    await page.addInitScript(developUnderTest, {
      ...(extension === undefined ? {} : { extensions: [remoteUri(authority, extension)] }),
      ...(tests === undefined ? {} : { extensionTestsPath: remoteUri(authority, tests) }),
    });
    const opened = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await page.goto(`http://${authority}/?${new URLSearchParams({ [opened]: path.resolve(workspace) })}`);
    await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 120_000 });
    return {
      page,
      ended: ended.promise,
      close,
      logs: () => extensionHostLogs(scratch),
      errors: () =>
        logFiles(scratch, /Identity as Code\.log$/)
          .flatMap(({ text }) => text.split('\n'))
          .filter((line) => line.includes('[error]')),
      treeErrors: () =>
        logFiles(scratch, /remoteexthost\.log$/)
          .flatMap(({ text }) => text.split('\n'))
          .filter((line) => TREE_ERRORS.test(line)),
    };
  } catch (error) {
    const logs = extensionHostLogs(scratch);
    await close();
    throw new Error(`VS Code did not open: ${error.message}\n${logs}`, { cause: error });
  }
}

/** Headless Chromium with a profile of its own. */
export function launchBrowser(profile, viewport) {
  const { chromium } = createRequire(path.join(hostFolder, 'package.json'))('playwright-core');
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    viewport,
    deviceScaleFactor: 1.5,
    // Chromium's own sandbox does not start for root. Names resolve to nothing: a test never leaves the machine.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

/** Runs inside the page, after it is parsed and before the workbench starts: names extension and suite to it. */
function developUnderTest(options) {
  const name = () => {
    const element = document.getElementById('vscode-workbench-web-configuration');
    if (!element) return;
    const configuration = JSON.parse(element.dataset.settings);
    configuration.developmentOptions = { ...configuration.developmentOptions, ...options };
    element.dataset.settings = JSON.stringify(configuration);
  };
  document.addEventListener('readystatechange', name, { once: true });
}

/** `Promise.withResolvers` for Node 20. */
function settleLater() {
  let resolve;
  let reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const remoteUri = (authority, file) => ({ scheme: 'vscode-remote', authority, path: path.resolve(file) });
const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref());

function install([node, main], args, env) {
  const { status, stdout, stderr } = spawnSync(node, [main, ...args], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`the package was not installed:\n${stdout}${stderr}`);
}

/** What an outer VS Code, Electron or debugger sets must not reach this one. */
function outsideEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_ENV$)/.test(name),
    ),
  );
}

async function listeningPort(server) {
  const { promise, resolve, reject } = settleLater();
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (bytes) => {
      output = `${output}${bytes}`.slice(-8000);
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  }
  server.once('exit', (code) => reject(new Error(`the VS Code server ended (${code}):\n${output}`)));
  server.once('error', reject);
  return promise;
}

async function endGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      return; // the group has ended by itself
    }
    if ((await Promise.race([gone.then(() => true), delay(4000)])) === true) break;
  }
}

const extensionHostLogs = (scratch) =>
  logFiles(scratch, /(remoteexthost|Identity as Code)\.log$/)
    .map(({ file, text }) => `--- ${file}\n${text.slice(-6000)}`)
    .join('\n');

function logFiles(scratch, name) {
  const root = path.join(scratch, 'user');
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true })
    .filter((file) => name.test(file))
    .map((file) => ({ file, text: fs.readFileSync(path.join(root, file), 'utf8') }))
    .filter(({ text }) => text !== '');
}
