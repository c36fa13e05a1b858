import * as vscode from 'vscode';
import { planText } from '../planText.ts';
import type { Plan } from '../protocol.ts';
import { formatIdentity } from '../protocol.ts';
import type { Feature } from '../session.ts';

const SCHEME = 'identity-plan';
const LANGUAGE = 'identity-plan';
/** As many as somebody may still have open. */
const KEPT = 20;

const texts = new Map<string, string>();

/** Plans are shown as read-only documents: they can be searched, copied, compared, and read by a screen reader. */
export const planPreview: Feature = () =>
  vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) =>
      texts.get(uri.query) ?? vscode.l10n.t('This plan is no longer kept. Plan the action again.'),
  });

/** Shows a plan beside the manifest; the focus stays where it was. */
export async function showPlan(plan: Plan): Promise<vscode.Uri> {
  texts.set(plan.id, planText(plan, vscode.l10n.t));
  for (const oldest of texts.keys()) {
    if (texts.size <= KEPT) break;
    texts.delete(oldest);
  }
  const uri = vscode.Uri.from({
    scheme: SCHEME,
    path: `/${plan.verb} ${formatIdentity(plan.identity).replaceAll('/', ' ')}`,
    query: plan.id,
  });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: true,
  });
  return uri;
}

/** Once the action has begun its plan is history. */
export async function closePlan(planId: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputText && input.uri.scheme === SCHEME && input.uri.query === planId,
    );
  await vscode.window.tabGroups.close(tabs, true);
}
