// A VS Code in the browser with no machine behind it, as vscode.dev is: the workbench that ./install put in place, served as
// files, with the extension served beside it. Extensions run in the browser's own extension host, or not at all.
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { hostFolder } from '../../scripts/vscodeHost.mjs';
import { launchBrowser } from './host.mjs';

const WORKBENCH = 'out/vs/code/browser/workbench';
const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

export async function openWebOnly({ extension, viewport }) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'idac-web-'));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const body = contents(decodeURIComponent(pathname), extension, request.headers.host);
    const type =
      TYPES[path.extname(pathname)] ?? (pathname === '/' ? 'text/html' : 'application/octet-stream');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = await launchBrowser(profile, viewport);
  const close = async () => {
    await browser.close().catch(() => {});
    server.closeAllConnections();
    server.close();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  const page = browser.pages()[0];
  const logged = [];
  page.on('console', (message) => {
    if (message.type() === 'error') logged.push(message.text());
  });
  try {
    await page.goto(`http://localhost:${server.address().port}/`);
    await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 120_000 });
  } catch (error) {
    await close();
    throw new Error(`VS Code did not open: ${error.message}\n${logged.join('\n')}`, { cause: error });
  }
  return {
    page,
    close,
    // It ends when the script does.
    ended: new Promise(() => {}),
    logs: () => logged.join('\n'),
    errors: () => logged.filter((line) => line.includes('identity-as-code')),
  };
}

function contents(pathname, extension, host) {
  if (pathname === '/') return startPage(host);
  const [, root, rest] = /^\/(vscode|extension)\/(.+)$/.exec(pathname) ?? [];
  const file = path.join(root === 'vscode' ? path.join(hostFolder, 'vscode') : extension, rest ?? '');
  if (root === undefined || !fs.existsSync(file) || !fs.statSync(file).isFile()) return undefined;
  if (rest !== `${WORKBENCH}/workbench.js`) return fs.readFileSync(file);
  // code-server has a machine behind its window, always. This puts back what VS Code does where there is none.
  return fs
    .readFileSync(file, 'utf8')
    .replace(',remoteAuthority:location.host', '')
    .replace(/(?<=\.file\(this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote/, 'vscodeUserData');
}

/** The workbench's own page, filled in as VS Code's server would. */
function startPage(host) {
  const configuration = {
    userDataPath: '/',
    isEnabledFileDownloads: true,
    isEnabledCoderGettingStarted: false,
    isEnabledFileUploads: true,
    developmentOptions: { extensions: [{ scheme: 'http', authority: host, path: '/extension' }] },
  };
  const values = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('"', '&quot;'),
    WORKBENCH_WEB_BASE_URL: '/vscode',
    WORKBENCH_NLS_FALLBACK_URL: '/vscode/out/nls.messages.js',
    WORKBENCH_NLS_URL: '/vscode/out/nls.messages.js',
    VS_BASE: '/vscode',
  };
  return fs
    .readFileSync(path.join(hostFolder, 'vscode', WORKBENCH, 'workbench.html'), 'utf8')
    .replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? '');
}
