import * as vscode from 'vscode';
import {
  DashboardRequest,
  type Dependents,
  DependentsRequest,
  SubjectsRequest,
} from '../dashboardProtocol.ts';
import { type DashboardWords, dashboardWords } from '../dashboardWords.ts';
import { latest } from '../latest.ts';
import { panelIcon } from '../panelIcon.ts';
import type { Feature, Session } from '../session.ts';
import type { Errand, FromPage, Grouping, Look, ToPage } from '../webview/dashboard/messages.ts';
import { readFromPage } from '../webview/dashboard/messages.ts';
import { showPage } from '../webviewPage.ts';

const VIEW = 'identity.dashboard';
/** So many of a layer fit on a screen; the others are in groups. */
const BOXES = 8;

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

function show(panel: vscode.WebviewPanel, session: Session): vscode.Disposable {
  const { client, context, log, sealedStore } = session;
  let look: Look = { on: null, project: null };
  let subject: { readonly root: string; readonly id: string } | undefined;
  let impact: Dependents | null = null;

  const figures = latest(async () => {
    if (!client.isRunning()) return page.send({ type: 'waiting', for: 'start' });
    // Records are read again once the store is open: what is asked before that is asked in vain.
    await sealedStore.settled();
    const { on, project } = look;
    const answer = await client.sendRequest(DashboardRequest, {
      ...(on === null ? {} : { on }),
      ...(project === null ? {} : { uri: project }),
    });
    page.send({ type: 'figures', figures: answer, restricted: !vscode.workspace.isTrusted });
  }, failed);
  const dependents = latest(async () => {
    if (subject === undefined || !client.isRunning()) return;
    const { root, id } = subject;
    const [kind = '', ...rest] = id.split('/');
    const name = rest.pop() ?? '';
    impact = await client.sendRequest(DependentsRequest, {
      uri: root,
      of: { kind, namespace: rest.join('/'), name },
      limit: BOXES,
    });
    page.send({ type: 'impact', of: id, impact });
  }, failed);
  const find = async (query: string): Promise<void> => {
    if (!client.isRunning()) return;
    const { project } = look;
    const subjects = await client.sendRequest(SubjectsRequest, {
      query,
      ...(project === null ? {} : { uri: project }),
    });
    page.send({ type: 'subjects', query, subjects });
  };
  const all = (): void => {
    figures();
    dependents();
  };
  function failed(error: unknown): void {
    log.error(`The dashboard could not be filled: ${String(error)}`);
  }
  const received = (message: FromPage): void => {
    switch (message.type) {
      case 'look':
        look = { on: message.on, project: message.project };
        figures();
        break;
      case 'find':
        find(message.query).catch(failed);
        break;
      case 'impact':
        subject = { root: message.root, id: message.id };
        dependents();
        break;
      case 'openManifest':
        openManifest(impact, message.id).catch(failed);
        break;
      case 'inventory':
        showInInventory(message.by, message.value).then(undefined, failed);
        break;
      case 'errand':
        void run(message.what);
        break;
      default:
        message satisfies never;
    }
  };
  const page = showPage<ToPage, FromPage>(panel.webview, context.extensionUri, {
    name: 'dashboard',
    title: title(),
    strings: words(),
    read: readFromPage,
    received,
    ready: () => page.send({ type: 'waiting', for: 'server' }),
  });
  panel.iconPath = panelIcon(context.extensionUri);
  return vscode.Disposable.from(
    page,
    // Not from the client itself: it gives a notification to one listener, and that is the inventory.
    session.inventory.onDidChange(all),
    client.onDidChangeState(all),
    vscode.workspace.onDidGrantWorkspaceTrust(all),
  );
}

/** By the filter that a person could type there, too. */
async function showInInventory(by: Grouping, value: string | null): Promise<void> {
  await vscode.commands.executeCommand('identity.inventory.focus');
  const wanted = value === null ? 'none' : `"${value.replaceAll('"', '')}"`;
  await vscode.commands.executeCommand('identity.filterInventory', `${by}:${wanted}`);
}

/** Only places that the server named: the page says which box was meant, never a file. */
async function openManifest(impact: Dependents | null, id: string): Promise<void> {
  const node = impact?.layers.flatMap(({ nodes }) => nodes).find((each) => each.id === id);
  if (impact === null || node === undefined || node.declaredAt === null) return;
  const { file, range } = node.declaredAt;
  await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.parse(impact.root), file), {
    selection: new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character),
  });
}

function run(errand: Errand): Thenable<unknown> {
  switch (errand) {
    case 'newManifest':
      return vscode.commands.executeCommand('identity.newManifest');
    case 'restartServer':
      return vscode.commands.executeCommand('identity.restartServer');
    case 'manageTrust':
      return vscode.commands.executeCommand('workbench.trust.manage');
    default:
      return errand satisfies never;
  }
}

function title(): string {
  return vscode.l10n.t('Identity Dashboard');
}

function words(): DashboardWords {
  return dashboardWords(vscode.l10n.t);
}
