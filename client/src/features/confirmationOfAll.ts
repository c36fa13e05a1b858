import * as vscode from 'vscode';
import { ConfirmAllRequest } from '../messages.ts';
import { plansText } from '../plansText.ts';
import { type ConfirmAllParams, type ConfirmAnswer, formatSubject } from '../protocol.ts';
import type { Feature } from '../session.ts';
import { partsOf } from '../textParts.ts';
import { tabsOf } from '../textTabs.ts';
import { askForText } from '../typedConfirmation.ts';
import { verbLabel } from '../verbLabel.ts';

const SCHEME = 'identity-plans';
const LANGUAGE = 'identity-plan';
/** A dialog that does not fit the screen is not read; the page beside it has all of them. */
const SHOWN = 12;

/** One question for all of a selection: which identities, what follows, at which backends. The plans stand beside it. */
export const confirmationOfAll: Feature = ({ client }) => {
  let page = '';
  let number = 0;
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ query }) =>
        query === String(number)
          ? page
          : vscode.l10n.t('This plan is no longer kept. Plan the action again.'),
    }),
    vscode.languages.registerDocumentSymbolProvider(
      { scheme: SCHEME },
      { provideDocumentSymbols: partsOf },
      { label: vscode.l10n.t('Plan') },
    ),
    client.onRequest(ConfirmAllRequest, async (params, cancel) => {
      page = plansText(params, vscode.l10n.t);
      number += 1;
      const uri = vscode.Uri.from({
        scheme: SCHEME,
        path: `/${params.title.replace(/\?$/, '')}`,
        query: String(number),
      });
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
      await vscode.window.showTextDocument(document, {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
        preview: true,
      });
      const answer = await ask(params, cancel);
      await close(uri);
      return answer;
    }),
  );
};

/** Once it is answered, what was asked is history: begun, or given up. */
async function close(uri: vscode.Uri): Promise<void> {
  await vscode.window.tabGroups.close(tabsOf(uri), true);
}

async function ask(params: ConfirmAllParams, cancel: vscode.CancellationToken): Promise<ConfirmAnswer> {
  const label = verbLabel(params.verb);
  const yes = params.typedText === undefined ? label : vscode.l10n.t('{0}…', label);
  const chosen = await vscode.window.showWarningMessage(
    params.title,
    { modal: true, detail: detail(params) },
    yes,
  );
  if (chosen !== yes) return { confirmed: false };
  const { title, consequences, typedText } = params;
  // The number is part of it: that more were selected than was meant is what happens.
  return typedText === undefined
    ? { confirmed: true }
    : askForText(title, consequences[0]?.text ?? '', typedText, cancel);
}

function detail({ plans, consequences, backends, leftAlone }: ConfirmAllParams): string {
  const { t } = vscode.l10n;
  const names = plans.map(({ identity, machine }) => formatSubject(identity, machine));
  const parts = [
    shortened(names),
    consequences.map(({ text, count }) => (consequences.length === 1 ? text : `${count} × ${text}`)),
    backends.map(({ name, detail: does, count }) => t('Backend: {0} ({1}; {2} of them)', name, does, count)),
    leftAlone.length === 0
      ? []
      : [
          t('Left as they are: {0}', leftAlone.length),
          ...shortened(leftAlone.map(({ subject, why }) => `${subject}: ${why}`)),
        ],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= SHOWN) return lines;
  return [...lines.slice(0, SHOWN), vscode.l10n.t('and {0} more, on the page beside', lines.length - SHOWN)];
}
