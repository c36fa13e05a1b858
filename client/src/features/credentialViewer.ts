import * as vscode from 'vscode';
import { type Subject, showCredentials } from '../credentialView.ts';
import { panelIcon } from '../panelIcon.ts';
import { pickRow } from '../pickRow.ts';
import { type RowAddress, rowAddress } from '../rowAddress.ts';
import type { Feature, Session } from '../session.ts';
import { readAbout } from '../webview/viewer/pageState.ts';

/**
 * Two names of one editor, since a priority belongs to a name: what is binary opens in it, what is text stays with the text
 * editor, in which people edit and compare it, and is opened in it when they ask.
 */
const VIEW = 'identity.credential';
const VIEW_OF_TEXT = 'identity.credentialText';
/** Of what is recorded of an identity: a panel that is no file. */
const PANEL = 'identity.certificate';

/** Files of certificates and keys, and what is recorded of an identity, as something to read. Nothing is ever written. */
export const credentialViewer: Feature = (session) => {
  const panels = createPanels(session);
  return vscode.Disposable.from(
    ...[VIEW, VIEW_OF_TEXT].map((view) =>
      vscode.window.registerCustomEditorProvider(view, editorOf(session), {
        supportsMultipleEditorsPerDocument: true,
      }),
    ),
    vscode.commands.registerCommand('identity.openCredential', async (given?: vscode.Uri) => {
      const uri = given ?? vscode.window.activeTextEditor?.document.uri ?? (await pickFile());
      if (uri !== undefined) await vscode.commands.executeCommand('vscode.openWith', uri, viewOf(uri));
    }),
    vscode.commands.registerCommand('identity.showCertificate', async (given?: RowAddress) => {
      const row = given ?? (await pickRow(session.inventory, undefined));
      if (row !== undefined) panels.show(rowAddress(row));
    }),
    vscode.window.registerWebviewPanelSerializer(PANEL, {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        const address = readAbout(kept);
        // Of whom it was is not known any more, and a page that stays empty helps nobody.
        if (address === undefined) panel.dispose();
        else panels.adopt(panel, address);
      },
    }),
    panels,
  );
};

function editorOf(session: Session): vscode.CustomReadonlyEditorProvider {
  return {
    openCustomDocument: (uri) => ({ uri, dispose: () => {} }),
    resolveCustomEditor: ({ uri }, panel) => fill(panel, session, { is: 'file', uri }),
  };
}

/** One panel for each share of an identity; it comes back with the window. */
interface Panels extends vscode.Disposable {
  show(address: RowAddress): void;
  adopt(panel: vscode.WebviewPanel, address: RowAddress): void;
}

function createPanels(session: Session): Panels {
  const panels = new Map<string, vscode.WebviewPanel>();
  const keyOf = ({ uri, identity, machine }: RowAddress): string => [uri, identity, machine ?? ''].join('\n');
  const adopt = (panel: vscode.WebviewPanel, address: RowAddress): void => {
    const key = keyOf(address);
    const title = [address.identity, ...(address.machine === undefined ? [] : ['on', address.machine])];
    panels.set(key, panel);
    panel.onDidDispose(() => {
      if (panels.get(key) === panel) panels.delete(key);
    });
    fill(panel, session, { is: 'identity', address, title: title.join(' ') });
  };
  return {
    show(address) {
      const open = panels.get(keyOf(address));
      if (open !== undefined) {
        open.reveal();
        return;
      }
      const name = address.identity.split('/').at(-1) ?? address.identity;
      adopt(vscode.window.createWebviewPanel(PANEL, name, vscode.ViewColumn.Active), address);
    },
    adopt,
    dispose() {
      for (const panel of panels.values()) panel.dispose();
    },
  };
}

function fill(panel: vscode.WebviewPanel, session: Session, subject: Subject): void {
  const shown = showCredentials(panel.webview, session, subject);
  panel.onDidDispose(() => shown.dispose());
  panel.iconPath = panelIcon(session.context.extensionUri);
}

/** As package.json has it: by the name under which the editor is offered for such a file. */
function viewOf({ path }: vscode.Uri): string {
  return /\.(?:der|cer|p12|pfx|p7[bcs]|crl|krl|jks|keystore|truststore)$/i.test(path) ? VIEW : VIEW_OF_TEXT;
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Which file?') })) ?? [];
  return file;
}
