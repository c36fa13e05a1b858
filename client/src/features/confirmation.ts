import * as vscode from 'vscode';
import { ConfirmRequest } from '../messages.ts';
import type { ConfirmAnswer, ConfirmParams, Plan } from '../protocol.ts';
import type { Feature } from '../session.ts';
import { askForText } from '../typedConfirmation.ts';
import { verbLabel } from '../verbLabel.ts';

/** Nothing is done before the person has said yes to what is on the screen: identity, backend, consequence. */
export const confirmation: Feature = ({ client, plans }) =>
  client.onRequest(ConfirmRequest, async (params, cancel) => {
    await plans.show(params.plan);
    const answer = await ask(params, cancel);
    if (answer.confirmed) await plans.close(params.plan);
    return answer;
  });

async function ask(params: ConfirmParams, cancel: vscode.CancellationToken): Promise<ConfirmAnswer> {
  const yes =
    params.typedName === undefined
      ? verbLabel(params.plan.verb)
      : vscode.l10n.t('{0}…', verbLabel(params.plan.verb));
  const chosen = await vscode.window.showWarningMessage(
    params.title,
    { modal: true, detail: detail(params) },
    yes,
  );
  if (chosen !== yes) return { confirmed: false };
  return params.typedName === undefined
    ? { confirmed: true }
    : askForText(params.title, params.consequence, params.typedName, cancel);
}

function detail({ consequence, plan }: ConfirmParams): string {
  return [
    `${plan.summary.slice(0, 1).toUpperCase()}${plan.summary.slice(1)}`,
    [consequence, ...plan.warnings].join('\n'),
    [...backends(plan), ...outage(plan)].join('\n'),
  ].join('\n\n');
}

function outage({ reach }: Plan): readonly string[] {
  return reach.flatMap(({ what, detail }) =>
    what === 'outage' ? [vscode.l10n.t('Outage: {0}', detail)] : [],
  );
}

/** All that the steps reach, with what each is to do and whose it is: the key may be made in one, the certificate in another. */
function backends({ reach }: Plan): readonly string[] {
  return reach.flatMap(({ what, name, detail }) =>
    what === 'backend' ? [vscode.l10n.t('Backend: {0} ({1})', name, detail)] : [],
  );
}
