import * as vscode from 'vscode';
import { planText } from './planText.ts';
import type { Plan } from './protocol.ts';
import { formatSubject } from './protocol.ts';

const SCHEME = 'identity-plan';
const LANGUAGE = 'identity-plan';
/** As many as somebody may still have open. */
const KEPT = 20;

/** Plans as read-only documents: they can be searched, copied, compared, and read by a screen reader. */
export interface Plans extends vscode.Disposable {
  /** Beside the manifest; the focus stays where it was. */
  show(plan: Plan): Promise<void>;
  /** Once the action has begun its plan is history. */
  close(plan: Plan): Promise<void>;
}

export function createPlans(): Plans {
  const texts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: (uri) =>
      texts.get(uri.query) ?? vscode.l10n.t('This plan is no longer kept. Plan the action again.'),
  });
  return {
    async show(plan) {
      texts.set(plan.id, planText(plan, vscode.l10n.t));
      for (const oldest of texts.keys()) {
        if (texts.size <= KEPT) break;
        texts.delete(oldest);
      }
      const document = await vscode.workspace.openTextDocument(uriOf(plan));
      await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
      await vscode.window.showTextDocument(document, {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
        preview: true,
      });
    },
    async close(plan) {
      const uri = uriOf(plan).toString();
      const tabs = vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri);
      await vscode.window.tabGroups.close(tabs, true);
    },
    dispose: () => void provider.dispose(),
  };
}

/** The path is what the tab shows. */
function uriOf(plan: Plan): vscode.Uri {
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${plan.verb} ${formatSubject(plan.identity, plan.machine).replaceAll('/', ' ')}`,
    query: plan.id,
  });
}
