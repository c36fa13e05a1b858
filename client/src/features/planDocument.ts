import * as vscode from 'vscode';
import { PlanStateRequest } from '../messages.ts';
import type { ShownPlan } from '../plans.ts';
import { PLAN_SCHEME } from '../plans.ts';
import type { Plan, Refusal } from '../protocol.ts';
import { isRefusal } from '../protocol.ts';
import { runWithProgress } from '../runWithProgress.ts';
import type { Feature, Session } from '../session.ts';
import { partsOf } from '../textParts.ts';
import { verbLabel } from '../verbLabel.ts';
import { showRefusal } from './outcome.ts';
import { MANIFESTS } from './server.ts';

/** A pause in the typing: the plan need not follow each key. */
const PAUSE_MS = 400;

/** What can be done with a plan that is on the screen: run it, copy its command line, make it anew; and whether it is of now. */
export const planDocument: Feature = (session) => {
  const { plans } = session;
  const lensesChanged = new vscode.EventEmitter<void>();
  const watch = whetherOfNow(session);
  return vscode.Disposable.from(
    lensesChanged,
    watch,
    plans.onDidChange(() => lensesChanged.fire()),
    vscode.languages.registerCodeLensProvider(
      { scheme: PLAN_SCHEME },
      {
        onDidChangeCodeLenses: lensesChanged.event,
        provideCodeLenses: ({ uri }) => lensesOf(plans.at(uri), uri),
      },
    ),
    vscode.languages.registerDocumentSymbolProvider(
      { scheme: PLAN_SCHEME },
      { provideDocumentSymbols: partsOf },
      { label: vscode.l10n.t('Plan') },
    ),
    onPlan(session, 'identity.runPlan', ({ plan, now }) =>
      now.state === 'current'
        ? vscode.commands.executeCommand('idac.execute', {
            planId: plan.id,
            hash: plan.hash,
            uri: plan.again.uri,
          })
        : planAgain(session, plan),
    ),
    onPlan(session, 'identity.copyPlanCommand', async ({ plan }) => {
      await vscode.env.clipboard.writeText(plan.confirmation.commandLine);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Identity: the command line is copied'), 5000);
    }),
    onPlan(session, 'identity.planAgain', ({ plan }) => planAgain(session, plan)),
  );
};

/** From its lens or its title bar with the document's address; from the palette the plan in front. */
function onPlan({ plans }: Session, command: string, run: (shown: ShownPlan) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (given?: unknown) => {
    const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
    const shown = uri === undefined ? undefined : plans.at(uri);
    if (shown !== undefined) return run(shown);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no plan in front. Make one first: Identity: Show Plan…'),
    );
    return undefined;
  });
}

/** Nobody is asked for a reason again: what was asked for then is in the plan. */
async function planAgain({ client, plans }: Session, before: Plan): Promise<void> {
  const answer = (await runWithProgress(client, 'idac.plan', before.again)) as Plan | Refusal;
  if (isRefusal(answer)) await showRefusal(answer);
  else await plans.show(answer, before);
}

function lensesOf(shown: ShownPlan | undefined, uri: vscode.Uri): vscode.CodeLens[] {
  if (shown === undefined) return [];
  const { t } = vscode.l10n;
  const top = new vscode.Range(0, 0, 0, 0);
  const lens = (title: string, command: string): vscode.CodeLens =>
    // A plain space beside an icon is not drawn.
    new vscode.CodeLens(top, { title: title.replace(') ', ')\u00a0'), command, arguments: [uri] });
  const copy = lens(t('Copy command line'), 'identity.copyPlanCommand');
  return shown.now.state === 'current'
    ? [lens(t('$(play) {0}…', verbLabel(shown.plan.verb)), 'identity.runPlan'), copy]
    : [lens(t('$(refresh) Plan again'), 'identity.planAgain'), copy];
}

/** Asked for the plans on the screen when manifests or records changed; the server answers without contacting anybody. */
function whetherOfNow({ client, inventory, plans, log }: Session): vscode.Disposable {
  let pause: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    for (const { plan } of plans.open()) {
      if (!client.isRunning()) return;
      try {
        plans.update(plan.id, await client.sendRequest(PlanStateRequest, { planId: plan.id }));
      } catch (error) {
        log.error(`The state of a plan could not be read: ${String(error)}`);
      }
    }
  };
  const lookSoon = (): void => {
    clearTimeout(pause);
    pause = setTimeout(() => void look(), PAUSE_MS);
  };
  return vscode.Disposable.from(
    { dispose: () => clearTimeout(pause) },
    inventory.onDidChange(lookSoon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (plans.open().length > 0 && vscode.languages.match([...MANIFESTS], document) > 0) lookSoon();
    }),
  );
}
