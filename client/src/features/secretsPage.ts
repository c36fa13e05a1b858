import * as vscode from 'vscode';
import type { FoundSecret, SecretsReport, WritingVerb } from '../protocol.ts';
import { type SecretsPage, secretsText } from '../secretsText.ts';
import { verbLabel } from '../verbLabel.ts';

const SCHEME = 'identity-secrets';
/** Shown as the record is. */
const LANGUAGE = 'identity-audit';

export interface SecretsPages extends vscode.Disposable {
  show(report: SecretsReport): Promise<void>;
}

interface Shown {
  readonly page: SecretsPage;
  readonly report: SecretsReport;
}

/** Secrets of a history as a read-only page: links to what the commit has, and above the key of an identity what ends it. */
export function secretsPages(): SecretsPages {
  const { t } = vscode.l10n;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const lensesChanged = new vscode.EventEmitter<void>();
  const pages = new Map<string, Shown>();
  const selector = { scheme: SCHEME };
  const parts = vscode.Disposable.from(
    changed,
    lensesChanged,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) =>
        pages.get(uri.toString())?.page.text ??
        t('This was found in another session. Look through the history again.'),
    }),
    vscode.languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: ({ uri }) => linksOf(pages.get(uri.toString())),
    }),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: ({ uri }) => lensesOf(pages.get(uri.toString())),
    }),
  );
  return {
    async show(report) {
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${t('Secrets in the history of {0}', report.name)}`,
        query: report.root,
      });
      pages.set(uri.toString(), { page: secretsText(report, t), report });
      changed.fire(uri);
      lensesChanged.fire();
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
      await vscode.window.showTextDocument(document, { preview: false });
    },
    dispose: () => parts.dispose(),
  };
}

function linksOf(shown: Shown | undefined): vscode.DocumentLink[] {
  return (shown?.page.places ?? []).map(
    ({ line, length, secret }) =>
      new vscode.DocumentLink(new vscode.Range(line, 0, line, length), targetOf(secret)),
  );
}

/** What the commit has, which VS Code's own git support opens; without a commit the file. */
function targetOf({ uri, commit, diagnostic }: FoundSecret): vscode.Uri {
  const file = vscode.Uri.parse(uri);
  const fragment = `L${diagnostic.range.start.line + 1}`;
  if (commit === null) return file.with({ fragment });
  return file.with({ scheme: 'git', query: JSON.stringify({ path: file.fsPath, ref: commit }), fragment });
}

function lensesOf(shown: Shown | undefined): vscode.CodeLens[] {
  if (shown === undefined) return [];
  const { t } = vscode.l10n;
  const { root } = shown.report;
  const lens = (line: number, title: string, command: string, argument: unknown): vscode.CodeLens =>
    new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      // A plain space beside an icon is not drawn.
      title: title.replace(') ', ')\u00a0'),
      command,
      arguments: [argument],
    });
  const verbs = shown.page.places.flatMap(({ line, secret: { acts } }) => {
    if (acts === null || !vscode.workspace.isTrusted) return [];
    const { verbs: offered, ...subject } = acts;
    const title = (verb: WritingVerb): string =>
      subject.former ? t('{0} what was replaced…', verbLabel(verb)) : t('{0}…', verbLabel(verb));
    return offered.map((verb) => lens(line, title(verb), 'idac.run', { ...subject, verb, uri: root }));
  });
  return [lens(0, t('$(refresh) Look again'), 'identity.findSecretsInHistory', root), ...verbs];
}
