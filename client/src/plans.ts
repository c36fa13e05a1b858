import * as vscode from 'vscode';
import { planText } from './planText.ts';
import type { Plan, PlanState } from './protocol.ts';
import { formatSubject } from './protocol.ts';
import { tabsOf } from './textTabs.ts';

export const PLAN_SCHEME = 'identity-plan';
const LANGUAGE = 'identity-plan';
/** As many as somebody may still have open. */
const KEPT = 20;

/** A plan, and whether it is still of now. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly now: PlanState;
}

/** Plans as read-only documents: they can be searched, copied, compared, and read by a screen reader. */
export interface Plans extends vscode.Disposable {
  /** Beside the manifest, or in the place of another plan or of itself; the focus stays where it was. */
  show(plan: Plan, insteadOf?: Plan): Promise<void>;
  /** Once the action has begun its plan is history. */
  close(plan: Plan): Promise<void>;
  /** Of a document; undefined: it is no plan, or one that is no longer kept. */
  at(uri: vscode.Uri): ShownPlan | undefined;
  /** Those whose documents are open. */
  open(): readonly ShownPlan[];
  /** The document says so. */
  update(planId: string, now: PlanState): void;
  readonly onDidChange: vscode.Event<void>;
}

export function createPlans(): Plans {
  const kept = new Map<string, ShownPlan>();
  const documentChanged = new vscode.EventEmitter<vscode.Uri>();
  const changed = new vscode.EventEmitter<void>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
    onDidChange: documentChanged.event,
    provideTextDocumentContent(uri) {
      const shown = kept.get(uri.query);
      return shown === undefined
        ? vscode.l10n.t('This plan is no longer kept. Plan the action again.')
        : planText(shown.plan, vscode.l10n.t, shown.now);
    },
  });
  const put = (shown: ShownPlan): void => {
    kept.set(shown.plan.id, shown);
    documentChanged.fire(uriOf(shown.plan));
    changed.fire();
  };
  return {
    async show(plan, insteadOf = plan) {
      const [before] = tabsOf(uriOf(insteadOf));
      put({ plan, now: { state: 'current' } });
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT) break;
        kept.delete(oldest);
      }
      const document = await vscode.workspace.openTextDocument(uriOf(plan));
      await vscode.languages.setTextDocumentLanguage(document, LANGUAGE);
      await vscode.window.showTextDocument(document, {
        viewColumn: before?.group.viewColumn ?? vscode.ViewColumn.Beside,
        preserveFocus: true,
        preview: true,
      });
      if (insteadOf.id !== plan.id) await vscode.window.tabGroups.close(tabsOf(uriOf(insteadOf)), true);
    },
    async close(plan) {
      await vscode.window.tabGroups.close(tabsOf(uriOf(plan)), true);
    },
    at: (uri) => (uri.scheme === PLAN_SCHEME ? kept.get(uri.query) : undefined),
    open: () =>
      vscode.workspace.textDocuments.flatMap(({ uri, isClosed }) => {
        const shown = uri.scheme === PLAN_SCHEME && !isClosed ? kept.get(uri.query) : undefined;
        return shown === undefined ? [] : [shown];
      }),
    update(planId, now) {
      const shown = kept.get(planId);
      // What has ended does not begin again.
      if (shown === undefined || shown.now.state === 'gone' || sameState(shown.now, now)) return;
      put({ plan: shown.plan, now });
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(provider, documentChanged, changed).dispose(),
  };
}

function sameState(a: PlanState, b: PlanState): boolean {
  return a.state === b.state && JSON.stringify(a) === JSON.stringify(b);
}

/** The path is what the tab shows. */
function uriOf(plan: Plan): vscode.Uri {
  return vscode.Uri.from({
    scheme: PLAN_SCHEME,
    path: `/${plan.verb} ${formatSubject(plan.identity, plan.machine).replaceAll('/', ' ')}`,
    query: plan.id,
  });
}
