import * as vscode from 'vscode';
import { isRefusal, type Refusal, type SecretsReport } from '../protocol.ts';
import { isStopped, runWithProgress } from '../runWithProgress.ts';
import type { Feature, Session } from '../session.ts';
import { showRefusal } from './outcome.ts';
import { secretsPages } from './secretsPage.ts';

/** Secrets in a whole folder, or in all that git ever had: only when somebody asks, with progress and a way to stop. */
export const secrets: Feature = (session) => {
  const problems = foundProblems(session);
  const pages = secretsPages();
  return vscode.Disposable.from(
    problems,
    pages,
    vscode.commands.registerCommand('identity.findSecrets', async (root?: unknown) => {
      const report = await find(session, 'folder', root);
      if (report === undefined) return;
      problems.show(report);
      await tell(report);
    }),
    vscode.commands.registerCommand('identity.findSecretsInHistory', async (root?: unknown) => {
      const report = await find(session, 'history', root);
      if (report !== undefined) await pages.show(report);
    }),
  );
};

/** Undefined: stopped, refused, or no folder was chosen. */
async function find(
  { client, log }: Session,
  where: SecretsReport['where'],
  given: unknown,
): Promise<SecretsReport | undefined> {
  const root = typeof given === 'string' ? given : await chosenFolder();
  if (root === undefined) return undefined;
  try {
    const answer = (await runWithProgress(client, 'idac.findSecrets', { where, uri: root })) as
      | SecretsReport
      | Refusal;
    if (!isRefusal(answer)) return answer;
    await showRefusal(answer);
  } catch (error) {
    if (!isStopped(error)) {
      log.error(`Secrets: ${String(error)}`);
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }
  return undefined;
}

async function chosenFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const only = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (folders.length === 0)
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder to look for secrets in it.'));
  return only?.uri.toString();
}

async function tell({ secrets: found, looked, skipped, aside }: SecretsReport): Promise<void> {
  const { t } = vscode.l10n;
  const left = skipped.length === 0 ? '' : ` ${t('{0} could not be looked at.', skipped.length)}`;
  const judged = aside === 0 ? '' : ` ${t('{0} more judged to be no secret.', aside)}`;
  if (found.length === 0) {
    void vscode.window.showInformationMessage(`${t('No secret in {0}.', looked)}${judged}${left}`);
    return;
  }
  const show = t('Show Problems');
  const said = `${t('Secrets: {0} findings in {1}.', found.length, looked)}${judged}${left}`;
  if ((await vscode.window.showWarningMessage(said, show)) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}

interface FoundProblems extends vscode.Disposable {
  show(report: SecretsReport): void;
}

/** In *Problems*, for files that are not open: of those that are the server tells what stands there now. */
function foundProblems({ client }: Session): FoundProblems {
  const collection = vscode.languages.createDiagnosticCollection('identity-found-secrets');
  const byUri = new Map<string, vscode.Diagnostic[]>();
  const isLive = (): boolean =>
    vscode.workspace.getConfiguration('idac').get<boolean>('secrets.whileTyping') !== false;
  const isOpen = (uri: string): boolean =>
    vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri);
  const put = (uri: string): void => {
    const hidden = isLive() && isOpen(uri);
    collection.set(vscode.Uri.parse(uri), hidden ? [] : byUri.get(uri));
  };
  const putAgain = ({ uri }: vscode.TextDocument): void => {
    if (byUri.has(uri.toString())) put(uri.toString());
  };
  const parts = vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(putAgain),
    vscode.workspace.onDidCloseTextDocument(putAgain),
    // What was saved may be gone; it is known while the file is open.
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (isLive()) byUri.delete(uri.toString());
    }),
  );
  return {
    show({ secrets: found }) {
      collection.clear();
      byUri.clear();
      for (const { uri, diagnostic } of found) {
        const key = vscode.Uri.parse(uri).toString();
        const shown = client.protocol2CodeConverter.asDiagnostic(diagnostic);
        byUri.set(key, [...(byUri.get(key) ?? []), shown]);
      }
      for (const uri of byUri.keys()) put(uri);
    },
    dispose: () => parts.dispose(),
  };
}
