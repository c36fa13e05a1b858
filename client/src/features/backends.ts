import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { ExecuteCommandRequest } from 'vscode-languageclient/node';
import type { BackendArgument, BackendCheck, DeclaredBackend, Refusal, SignInOutcome } from '../protocol.ts';
import { isRefusal } from '../protocol.ts';
import { runQuietly, runWithProgress } from '../runWithProgress.ts';
import type { Feature, Session } from '../session.ts';
import type { TreeRow } from '../treeProtocol.ts';
import { offer, showRefusal } from './outcome.ts';

/** From a row of the expiry tree for its backend; from the palette which one is asked, those without a login first. */
export const backends: Feature = ({ client }) =>
  vscode.Disposable.from(
    onBackend(client, 'identity.signInToBackend', 'idac.login', vscode.l10n.t('Sign in to which backend?')),
    onBackend(
      client,
      'identity.checkConnection',
      'idac.checkConnection',
      vscode.l10n.t('Check the connection to which backend?'),
    ),
  );

/** Every sign-in passes here, also from a lens. Not awaited: a message that nobody answers must not keep the caller. */
export async function logIn(session: Session, argument: BackendArgument): Promise<SignInOutcome> {
  const outcome = (await runWithProgress(session.client, 'idac.login', argument)) as SignInOutcome;
  const message = `${outcome.what} ${outcome.hint}`.trim();
  session.log.info(message);
  void session.inventory.refresh();
  if (outcome.code === 'refused/not-confirmed') return outcome;
  const again = { title: vscode.l10n.t('Try Again'), run: () => logIn(session, argument) };
  void offer(outcome.ok ? 'info' : 'error', message, outcome.ok ? [] : [again]);
  return outcome;
}

export async function checkConnection(
  session: Session,
  argument: BackendArgument,
): Promise<BackendCheck | Refusal> {
  const { log } = session;
  const check = await lookAt(session, argument, runWithProgress);
  if (isRefusal(check)) {
    void showRefusal(check);
    return check;
  }
  const wrong = check.checks.filter(({ ok }) => !ok);
  const first = wrong[0];
  const message =
    first === undefined
      ? vscode.l10n.t('{0}: {1} checks, all good.', check.title, check.checks.length)
      : vscode.l10n.t('{0}: {1}: {2}', check.title, first.what, first.detail);
  void offer(check.ok ? 'info' : 'warning', message, [
    ...(check.signIn ? [{ title: vscode.l10n.t('Sign In…'), run: () => logIn(session, argument) }] : []),
    { title: vscode.l10n.t('Show Checks'), run: () => log.show() },
  ]);
  return check;
}

/** The row of a login is one of its backend. */
type BackendAddress = { readonly uri: string } & ({ readonly backend: string } | { readonly row: TreeRow });

/** One of several: what it came to is shown by whoever asked. */
export function checkQuietly(session: Session, argument: BackendArgument): Promise<BackendCheck | Refusal> {
  return lookAt(session, argument, runQuietly);
}

/** What was seen goes to the log and to the view. */
async function lookAt(
  { client, inventory, log }: Session,
  argument: BackendArgument,
  run: typeof runQuietly,
): Promise<BackendCheck | Refusal> {
  const check = (await run(client, 'idac.checkConnection', argument)) as BackendCheck | Refusal;
  if (isRefusal(check)) return check;
  log.info(check.title);
  for (const { what, ok, detail, hint = '' } of check.checks)
    log.info(`  ${ok ? 'ok     ' : 'failed '} ${what} – ${`${detail} ${hint}`.trim()}`);
  for (const note of check.notes) log.info(`  note    ${note}`);
  void inventory.refresh();
  return check;
}

function onBackend(client: LanguageClient, name: string, command: string, title: string): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (given?: BackendAddress) => {
    const chosen = given ?? (await pickBackend(client, title));
    if (chosen === undefined) return;
    const { uri, ...named } = chosen;
    const backend = 'row' in named ? named.row.identity.name : named.backend;
    await vscode.commands.executeCommand(command, { backend, uri });
  });
}

async function pickBackend(client: LanguageClient, title: string): Promise<BackendAddress | undefined> {
  const declared = (await client.sendRequest(ExecuteCommandRequest.type, {
    command: 'idac.backends',
    arguments: [{}],
  })) as readonly DeclaredBackend[];
  if (declared.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No backend is declared in this workspace.'));
    return undefined;
  }
  const items = declared.map((each) => ({
    label: each.backend,
    description: each.signIn ? vscode.l10n.t('{0}, not signed in', each.type) : each.type,
    each,
  }));
  items.sort((one, other) => Number(other.each.signIn) - Number(one.each.signIn));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen === undefined ? undefined : { backend: chosen.each.backend, uri: chosen.each.root };
}
