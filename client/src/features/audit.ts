import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import { AuditRequest } from '../messages.ts';
import { pickRow } from '../pickRow.ts';
import type { Audit } from '../protocol.ts';
import { type RowAddress, rowAddress } from '../rowAddress.ts';
import type { Feature, Session } from '../session.ts';
import { partsOf } from '../textParts.ts';
import type { TreeRow } from '../treeProtocol.ts';

const SCHEME = 'identity-audit';
const LANGUAGE = 'identity-audit';
/** As many as somebody may still have open. */
const KEPT = 20;

/** The record of an identity as a read-only document, with links to its files; it follows the record while it is open. */
export const audit: Feature = (session) => {
  const { inventory } = session;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const pages = new Map<string, Audit>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      async provideTextDocumentContent(uri) {
        const page = await read(session, uri);
        if (page === undefined) return vscode.l10n.t('The record cannot be read now. Try again.');
        pages.delete(uri.toString());
        pages.set(uri.toString(), page);
        for (const oldest of pages.keys()) {
          if (pages.size <= KEPT) break;
          pages.delete(oldest);
        }
        return page.text;
      },
    }),
    vscode.languages.registerDocumentLinkProvider(
      { scheme: SCHEME },
      { provideDocumentLinks: ({ uri }) => linksOf(pages.get(uri.toString())) },
    ),
    vscode.languages.registerDocumentSymbolProvider(
      { scheme: SCHEME },
      { provideDocumentSymbols: partsOf },
      { label: vscode.l10n.t('Audit') },
    ),
    inventory.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === SCHEME) changed.fire(uri);
    }),
    vscode.commands.registerCommand('identity.showAudit', async (given?: RowAddress | TreeRow) => {
      const row = given ?? (await pickRow(inventory, undefined));
      if (row !== undefined) await show(rowAddress(row));
    }),
  );
};

async function show(address: RowAddress): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uriOf(address));
  await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  await vscode.window.showTextDocument(document, { preview: true });
}

/** What it is about stands in its address, so whoever has that can have it shown anew. */
function uriOf(address: RowAddress): vscode.Uri {
  const { identity, machine } = address;
  const name = [identity.replaceAll('/', ' '), ...(machine === undefined ? [] : [machine])].join(' ');
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${vscode.l10n.t('Audit of {0}', name)}`,
    query: JSON.stringify(address),
  });
}

/** Undefined: the server does not run, or the address is none of ours. */
async function read({ client, log }: Session, uri: vscode.Uri): Promise<Audit | undefined> {
  try {
    const { identity, machine, uri: root } = JSON.parse(uri.query) as RowAddress;
    if (client.state !== State.Running) await client.start();
    return await client.sendRequest(
      AuditRequest,
      rowAddress({ identity, uri: root, ...(machine === undefined ? {} : { machine }) }),
    );
  } catch (error) {
    log.error(`The record could not be read: ${String(error)}`);
    return undefined;
  }
}

function linksOf(page: Audit | undefined): vscode.DocumentLink[] {
  return (page?.links ?? []).map(
    ({ range: { start, end }, uri }) =>
      new vscode.DocumentLink(
        new vscode.Range(start.line, start.character, end.line, end.character),
        vscode.Uri.parse(uri),
      ),
  );
}
