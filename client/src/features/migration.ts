import * as vscode from 'vscode';
import { DashboardRequest, MigrationRequest } from '../dashboardProtocol.ts';
import type { Feature, Session } from '../session.ts';

const SCHEME = 'identity-migration';

interface Address {
  /** URI of the project. */
  readonly root: string;
  readonly rules: string;
}

/** The dated plan to algorithms that last, as a page; it follows manifests and records while it is open. */
export const migration: Feature = (session) => {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => read(session, uri),
    }),
    session.inventory.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === SCHEME) changed.fire(uri);
    }),
    vscode.commands.registerCommand('identity.migrationPlan', async () => {
      const project = await pickProject(session);
      const rules = project && (await pickRules());
      if (project === undefined || rules === undefined) return;
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${vscode.l10n.t('Migration of {0} by {1}', project.name, rules.label)}.md`,
        query: JSON.stringify({ root: project.root, rules: rules.id } satisfies Address),
      });
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    }),
  );
};

async function pickProject({
  client,
  sealedStore,
}: Session): Promise<{ readonly root: string; readonly name: string } | undefined> {
  await sealedStore.settled();
  const { projects } = await client.sendRequest(DashboardRequest, {});
  const [first, ...others] = projects;
  if (first === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No identity is declared in this workspace.'));
    return undefined;
  }
  if (others.length === 0) return first;
  const items = projects.map(({ root, name }) => ({ label: name, root, name }));
  return vscode.window.showQuickPick(items, { title: vscode.l10n.t('Of which project?') });
}

function pickRules(): Thenable<{ readonly label: string; readonly id: string } | undefined> {
  const { t } = vscode.l10n;
  return vscode.window.showQuickPick(
    [
      {
        label: 'NIST IR 8547',
        detail: t('112-bit keys until 2030, all that a quantum computer breaks until 2035 (a draft)'),
        id: 'nist-ir-8547',
      },
      {
        label: 'CNSA 2.0',
        detail: t('ML-DSA-87 alone: for signing software until 2030, for all else until 2033'),
        id: 'cnsa-2.0',
      },
    ],
    { title: t('By which deadlines?') },
  );
}

async function read({ client, log }: Session, uri: vscode.Uri): Promise<string> {
  try {
    const { root, rules } = JSON.parse(uri.query) as Address;
    const { text } = await client.sendRequest(MigrationRequest, { uri: root, rules });
    return text;
  } catch (error) {
    log.error(`The plan could not be made: ${String(error)}`);
    return vscode.l10n.t('The plan cannot be made now. Try again.');
  }
}
