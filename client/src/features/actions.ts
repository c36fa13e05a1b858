import * as vscode from 'vscode';
import type { ExecuteCommandSignature } from 'vscode-languageclient/node';
import type { PlacedRow } from '../inventory.ts';
import { declarationOf, placedRows } from '../inventory.ts';
import type {
  BackendArgument,
  Outcome,
  Plan,
  Refusal,
  RunArgument,
  Verb,
  VerifyReport,
  WritingVerb,
} from '../protocol.ts';
import { formatIdentity, formatSubject, isRefusal } from '../protocol.ts';
import { rowAddress } from '../rowAddress.ts';
import { runWithProgress } from '../runWithProgress.ts';
import type { Feature, Session } from '../session.ts';
import { checkConnection, logIn } from './backends.ts';
import { showOutcome, showRefusal, showVerifyReport } from './outcome.ts';
import { showStoreFailure } from './signIn.ts';

/** Verbs that the command palette and the tree's menu offer, each as `identity.<verb>`. */
const WRITING_VERBS: readonly WritingVerb[] = ['issue', 'renew', 'rotate', 'restore', 'revoke', 'destroy'];

/** Commands for identities: with a row of the tree they act on it, from the palette they ask which one. */
export const actions: Feature = (session) =>
  vscode.Disposable.from(
    ...WRITING_VERBS.map((verb) =>
      onRow(session, `identity.${verb}`, verb, (placed) =>
        vscode.commands.executeCommand('idac.run', { verb, ...rowAddress(placed) }),
      ),
    ),
    onRow(session, 'identity.verify', 'verify', (placed) =>
      vscode.commands.executeCommand('idac.verify', rowAddress(placed)),
    ),
    onRow(session, 'identity.plan', undefined, (placed) => planOnly(session, placed)),
    onRow(session, 'identity.openManifest', undefined, openManifest),
    onRow(session, 'identity.copyFingerprint', undefined, async ({ row }) => {
      if (row.fingerprintSha256 !== null) await vscode.env.clipboard.writeText(row.fingerprintSha256);
    }),
  );

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
      return act(session, command, argument);
    case 'idac.verify': {
      if (!(await readyToAct(session))) return undefined;
      const report = (await runWithProgress(session.client, command, argument)) as VerifyReport | Refusal;
      showVerifyReport(session, report);
      return report;
    }
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

/** In restricted mode the server refuses and says so: its words are better than silence. */
async function readyToAct({ sealedStore }: Session): Promise<boolean> {
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
async function withReason(argument: RunArgument): Promise<RunArgument | undefined> {
  if (argument.verb !== 'revoke' || argument.reason !== undefined) return argument;
  const chosen = await vscode.window.showQuickPick(revocationReasons(), {
    title: vscode.l10n.t('Why is it revoked?'),
    placeHolder: vscode.l10n.t('The reason is published with the revocation.'),
    ignoreFocusOut: true,
  });
  return chosen === undefined ? undefined : { ...argument, reason: chosen.reason };
}

async function planOnly({ client, plans }: Session, placed: PlacedRow): Promise<void> {
  const verbs = placed.row.verbs.filter((verb) => verb !== 'verify');
  const verb = await vscode.window.showQuickPick(verbs, {
    title: vscode.l10n.t('Plan what for {0}?', formatSubject(placed.row, placed.row.machine)),
    placeHolder: vscode.l10n.t('The plan is shown; nothing is changed.'),
  });
  if (verb === undefined) return;
  const answer = (await runWithProgress(client, 'idac.plan', { verb, ...rowAddress(placed) })) as
    | Plan
    | Refusal;
  if (isRefusal(answer)) await showRefusal(answer);
  else await plans.show(answer);
}

async function openManifest(placed: PlacedRow): Promise<void> {
  const declaration = declarationOf(placed);
  if (declaration === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'No manifest declares {0} any more; only its record is left.',
        formatIdentity(placed.row),
      ),
    );
    return;
  }
  await vscode.window.showTextDocument(declaration.uri, { selection: declaration.range });
}

function onRow(
  session: Session,
  command: string,
  verb: Verb | undefined,
  run: (placed: PlacedRow) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (given?: PlacedRow) => {
    const placed = given ?? (await pickRow(session, verb));
    if (placed !== undefined) await run(placed);
  });
}

async function pickRow({ inventory }: Session, verb: Verb | undefined): Promise<PlacedRow | undefined> {
  await inventory.refresh();
  const rows = placedRows(inventory).filter(({ row }) =>
    verb === undefined ? row.login === undefined : row.verbs.includes(verb),
  );
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      verb === undefined
        ? vscode.l10n.t('No identity is declared in this workspace.')
        : vscode.l10n.t('There is no identity here for which this can be done now.'),
    );
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(
    rows.map((placed) => ({
      label: formatIdentity(placed.row),
      description: [placed.row.machine, placed.row.status].filter((part) => part !== null).join(' · '),
      placed,
    })),
    { title: vscode.l10n.t('Which identity?'), matchOnDescription: true },
  );
  return chosen?.placed;
}
