import * as vscode from 'vscode';
import type { ExecuteCommandSignature } from 'vscode-languageclient/node';
import type {
  BackendArgument,
  Outcome,
  OutcomeOfAll,
  Refusal,
  RunArgument,
  VerifyReport,
} from '../protocol.ts';
import { isStopped, runWithProgress } from '../runWithProgress.ts';
import type { Session } from '../session.ts';
import { checkConnection, logIn } from './backends.ts';
import { judgeNotASecret } from './notASecret.ts';
import { showOutcome, showVerifyReport } from './outcome.ts';
import { showOutcomeOfAll } from './outcomeOfAll.ts';
import { showStoreFailure } from './signIn.ts';

/**
 * Every command of the server passes here, also when a lens sent it: the store is opened first, what is missing is asked
 * for, and how it ended is shown. The answer goes back to whoever called.
 */
export async function runServerCommand(
  session: Session,
  command: string,
  args: readonly unknown[],
  next: ExecuteCommandSignature,
): Promise<unknown> {
  const argument = args[0];
  if (typeof argument !== 'object' || argument === null) return next(command, [...args]);
  switch (command) {
    case 'idac.run': {
      const complete = await withReason(argument as RunArgument);
      return complete === undefined ? undefined : act(session, command, complete);
    }
    case 'idac.execute':
    case 'idac.resume':
    case 'idac.abandon':
      return act(session, command, argument);
    case 'idac.runAll': {
      const complete = await withReason(argument as RunArgument);
      return complete === undefined ? undefined : actOnAll(session, command, complete);
    }
    case 'idac.resumeAll':
      return actOnAll(session, command, argument);
    case 'idac.verify': {
      const report = await verify(session, argument);
      if (report !== undefined) showVerifyReport(session, report);
      return report;
    }
    case 'idac.keepSecret':
      return keepSecret(session, argument);
    case 'idac.notASecret':
      return judgeNotASecret(session, argument, (complete) => next(command, [complete]));
    case 'idac.login':
      return (await readyToAct(session)) ? logIn(session, argument as BackendArgument) : undefined;
    case 'idac.checkConnection':
      return (await readyToAct(session)) ? checkConnection(session, argument as BackendArgument) : undefined;
    default:
      return next(command, [...args]);
  }
}

async function act(session: Session, command: string, argument: object): Promise<Outcome | undefined> {
  if (!(await readyToAct(session))) return undefined;
  const outcome = (await runWithProgress(session.client, command, argument)) as Outcome;
  const uri = 'uri' in argument && typeof argument.uri === 'string' ? argument.uri : undefined;
  // Not awaited: a message that nobody has answered yet must not keep the caller.
  void showOutcome(session, outcome, { uri, again: () => act(session, command, argument) });
  return outcome;
}

/** What comes of it the server tells. */
async function keepSecret(session: Session, argument: object): Promise<unknown> {
  if (!(await readyToAct(session))) return undefined;
  try {
    return await runWithProgress(session.client, 'idac.keepSecret', argument);
  } catch (error) {
    if (isStopped(error)) return undefined;
    throw error;
  }
}

async function actOnAll(
  session: Session,
  command: string,
  argument: object,
): Promise<OutcomeOfAll | Refusal | undefined> {
  if (!(await readyToAct(session))) return undefined;
  const outcome = (await runWithProgress(session.client, command, argument)) as OutcomeOfAll | Refusal;
  void showOutcomeOfAll(session, outcome, () => actOnAll(session, command, argument));
  return outcome;
}

export async function verify(
  session: Session,
  argument: object,
): Promise<VerifyReport | Refusal | undefined> {
  if (!(await readyToAct(session))) return undefined;
  return (await runWithProgress(session.client, 'idac.verify', argument)) as VerifyReport | Refusal;
}

/** In restricted mode the server refuses and says so: its words are better than silence. */
export async function readyToAct({ sealedStore }: Session): Promise<boolean> {
  if (!vscode.workspace.isTrusted || (await sealedStore.ensureOpen())) return true;
  showStoreFailure(sealedStore.state);
  return false;
}

/** RFC 5280, 5.3.1: the reasons that fit a machine's credential. The backend decides which of them it takes. */
function revocationReasons(): readonly (vscode.QuickPickItem & { readonly reason: string })[] {
  const { t } = vscode.l10n;
  return [
    {
      reason: 'superseded',
      label: t('Replaced'),
      description: 'superseded',
      detail: t('A newer one is in use.'),
    },
    {
      reason: 'cessationOfOperation',
      label: t('No longer needed'),
      description: 'cessationOfOperation',
      detail: t('The machine or service is gone.'),
    },
    {
      reason: 'keyCompromise',
      label: t('Key compromised'),
      description: 'keyCompromise',
      detail: t('The private key or the token is, or may be, in other hands.'),
    },
    {
      reason: 'affiliationChanged',
      label: t('Owner or name changed'),
      description: 'affiliationChanged',
      detail: t('What it says of its bearer no longer holds.'),
    },
    {
      reason: 'privilegeWithdrawn',
      label: t('Permission withdrawn'),
      description: 'privilegeWithdrawn',
      detail: t('The bearer may no longer do what it allows.'),
    },
    {
      reason: 'unspecified',
      label: t('No reason given'),
      description: 'unspecified',
    },
  ];
}

/** A revocation carries its reason for good, so it is asked for before the plan is made. Undefined: given up. */
async function withReason<T extends Pick<RunArgument, 'verb' | 'reason'>>(
  argument: T,
): Promise<T | undefined> {
  if (argument.verb !== 'revoke' || argument.reason !== undefined) return argument;
  const chosen = await vscode.window.showQuickPick(revocationReasons(), {
    title: vscode.l10n.t('Why is it revoked?'),
    placeHolder: vscode.l10n.t('The reason is published with the revocation.'),
    ignoreFocusOut: true,
  });
  return chosen === undefined ? undefined : { ...argument, reason: chosen.reason };
}
