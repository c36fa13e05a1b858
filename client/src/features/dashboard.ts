import * as vscode from 'vscode';
import type { Feature, Session } from '../session.ts';
import type { DashboardStrings, FromPage, ToPage } from '../webview/dashboard/messages.ts';
import { readFromPage } from '../webview/dashboard/messages.ts';
import { showPage } from '../webviewPage.ts';

const VIEW = 'identity.dashboard';

/** One panel for all projects of the window. It comes back with the window, and is drawn anew when something changed. */
export const dashboard: Feature = (session) => {
  let open: vscode.WebviewPanel | undefined;
  const adopt = (panel: vscode.WebviewPanel): void => {
    open = panel;
    const shown = show(panel, session);
    panel.onDidDispose(() => {
      shown.dispose();
      if (open === panel) open = undefined;
    });
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('identity.openDashboard', () => {
      if (open !== undefined) return open.reveal();
      adopt(vscode.window.createWebviewPanel(VIEW, title(), vscode.ViewColumn.Active));
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW, {
      deserializeWebviewPanel: async (panel) => adopt(panel),
    }),
    { dispose: () => open?.dispose() },
  );
};

function show(panel: vscode.WebviewPanel, { context, inventory }: Session): vscode.Disposable {
  const send = (): void => page.send({ type: 'figures', identities: inventory.summary?.total ?? 0 });
  const page = showPage<ToPage, FromPage>(panel.webview, context.extensionUri, {
    name: 'dashboard',
    title: title(),
    strings: strings(),
    read: readFromPage,
    received: () => void inventory.refresh(),
    ready: send,
  });
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'identity.svg');
  return vscode.Disposable.from(page, inventory.onDidChange(send));
}

function title(): string {
  return vscode.l10n.t('Identity Dashboard');
}

function strings(): DashboardStrings {
  const { t } = vscode.l10n;
  return { heading: t('Machine identities'), identities: t('{0} identities') };
}
