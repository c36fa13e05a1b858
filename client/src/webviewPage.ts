/** The frame of every page that this extension shows: one policy, one way to give it words, one channel. */
import * as vscode from 'vscode';

export interface PageOptions<FromPage> {
  /** Of the folder in webview/ whose main.ts runs in it. */
  readonly name: string;
  readonly title: string;
  /** Every word that the page shows, in the editor's language. Arguments stand as `{0}`. */
  readonly strings: object;
  /** A page may show what a repository says, so nothing that comes from it is taken as it is. Undefined: not understood. */
  readonly read: (message: unknown) => FromPage | undefined;
  readonly received: (message: FromPage) => void;
  /** The page listens: at first, and again whenever it was hidden and is shown once more. */
  readonly ready: () => void;
}

export interface Page<ToPage> extends vscode.Disposable {
  /** Nothing is sent before the page listens; then `ready` is called, and tells it all. */
  send(message: ToPage): void;
}

/** Fills a webview: that of a panel, of a view or of a custom editor. */
export function showPage<ToPage, FromPage>(
  webview: vscode.Webview,
  extension: vscode.Uri,
  { name, title, strings, read, received, ready }: PageOptions<FromPage>,
): Page<ToPage> {
  const folder = vscode.Uri.joinPath(extension, 'client', 'dist', 'webview');
  let listens = false;
  const subscription = webview.onDidReceiveMessage((message: unknown) => {
    if (isReady(message)) {
      listens = true;
      ready();
      return;
    }
    const known = read(message);
    if (known !== undefined) received(known);
  });
  webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [folder] };
  webview.html = html({
    title,
    strings,
    nonce: crypto.randomUUID(),
    source: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.js`)).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.css`)).toString(),
  });
  return {
    send: (message) => {
      if (listens) void webview.postMessage(message);
    },
    dispose: () => subscription.dispose(),
  };
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';
}

interface Frame {
  readonly title: string;
  readonly strings: object;
  readonly nonce: string;
  /** Where VS Code serves the extension's own files from. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
}

/** No inline script or style, no eval, nothing from elsewhere; no form, no frame, no base that moves the addresses. */
function html({ title, strings, nonce, source, script, style }: Frame): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body>
<main id="page"></main>
<script type="application/json" id="strings">${JSON.stringify(strings).replaceAll('<', '\\u003c')}</script>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
