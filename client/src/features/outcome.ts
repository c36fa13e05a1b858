import * as vscode from 'vscode';
import type { Outcome, Refusal, VerifyReport } from '../protocol.ts';
import { formatIdentity, formatSubject, isRefusal } from '../protocol.ts';
import type { Session } from '../session.ts';

interface Choice {
  readonly title: string;
  run(): unknown;
}

/** Says how an action ended, and offers what can be done next. */
export async function showOutcome(
  session: Session,
  outcome: Outcome,
  action: { readonly uri: string | undefined; again(): Promise<unknown> },
): Promise<void> {
  session.log.info(outcome.message);
  if (isRefusal(outcome.result) && outcome.result.code === 'refused/not-confirmed') return;
  if (!isRefusal(outcome.result) && outcome.result.state === 'cancelled') return;
  await offer(outcome.severity, outcome.message, choices(outcome, action));
}

export async function showRefusal(refusal: Refusal): Promise<void> {
  await vscode.window.showWarningMessage(`${refusal.what} ${refusal.hint}`.trim());
}

export function showVerifyReport(session: Session, report: VerifyReport | Refusal): void {
  if (isRefusal(report)) {
    void showRefusal(report);
    return;
  }
  const { name, checks } = logVerifyReport(session, report);
  const wrong = checks.filter(({ outcome }) => outcome !== 'ok');
  const first = wrong[0];
  const message =
    first === undefined
      ? vscode.l10n.t('{0}: {1} checks, all good.', name, checks.length)
      : vscode.l10n.t(
          '{0}: {1} of {2} checks are not good. {3}: {4}',
          name,
          wrong.length,
          checks.length,
          first.what,
          first.detail,
        );
  void offer(report.ok ? 'info' : 'warning', message, [
    { title: vscode.l10n.t('Show Checks'), run: () => session.log.show() },
  ]);
}

/** What was looked at stays in the log. */
export function logVerifyReport(
  { log }: Session,
  report: VerifyReport,
): {
  readonly name: string;
  readonly checks: readonly (VerifyReport['machines'][number]['checks'][number] & {
    readonly machine: string | null;
  })[];
} {
  const [only, ...others] = report.machines;
  const name = formatSubject(report.identity, others.length === 0 ? only?.machine : null);
  const checks = report.machines.flatMap(({ machine, checks }) =>
    checks.map((check) => ({ machine, ...check })),
  );
  log.info(`verify ${name}`);
  for (const { machine, what, outcome, detail } of checks) {
    log.info(`  ${outcome.padEnd(7)} ${machine === null ? '' : `${machine}: `}${what} – ${detail}`);
  }
  return { name, checks };
}

function choices(
  { result, files, resume, signIn }: Outcome,
  { uri, again }: { readonly uri: string | undefined; again(): Promise<unknown> },
): readonly Choice[] {
  const resumeAs = (how: 'forward' | 'undo') =>
    vscode.commands.executeCommand('idac.resume', { planId: resume?.planId, how, uri });
  return [
    ...(files.length > 0 ? [{ title: vscode.l10n.t('Open'), run: () => openFiles(files) }] : []),
    ...(resume === null ? [] : [{ title: vscode.l10n.t('Resume'), run: () => resumeAs('forward') }]),
    ...(resume?.undoable ? [{ title: vscode.l10n.t('Undo'), run: () => resumeAs('undo') }] : []),
    ...(resume?.abandonable
      ? [
          {
            title: vscode.l10n.t('Abandon…'),
            run: () => vscode.commands.executeCommand('idac.abandon', { planId: resume.planId, uri }),
          },
        ]
      : []),
    ...(isRefusal(result) || uri === undefined
      ? []
      : [{ title: vscode.l10n.t('Show Audit'), run: () => showAudit(result, uri) }]),
    ...(signIn === null
      ? []
      : [
          {
            title: vscode.l10n.t('Sign In…'),
            run: () => vscode.commands.executeCommand('idac.login', { backend: signIn.backend, uri }),
          },
        ]),
    ...(isRefusal(result) && result.code === 'refused/dirty-manifest'
      ? [
          {
            title: vscode.l10n.t('Save and Try Again'),
            run: async () => {
              if (await vscode.workspace.saveAll(false)) await again();
            },
          },
        ]
      : []),
    ...(isRefusal(result) && result.code === 'refused/untrusted'
      ? [
          {
            title: vscode.l10n.t('Manage Workspace Trust'),
            run: () => vscode.commands.executeCommand('workbench.trust.manage'),
          },
        ]
      : []),
  ];
}

/** Of the share that it was about. */
function showAudit(
  { identity, machine }: Exclude<Outcome['result'], Refusal>,
  uri: string,
): Thenable<unknown> {
  return vscode.commands.executeCommand('identity.showAudit', {
    identity: formatIdentity(identity),
    ...(machine === undefined ? {} : { machine }),
    uri,
  });
}

export async function offer(
  severity: Outcome['severity'],
  message: string,
  offered: readonly Choice[],
): Promise<void> {
  const show = {
    info: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[severity];
  const title = await show(message, ...offered.map((choice) => choice.title));
  await offered.find((choice) => choice.title === title)?.run();
}

export async function openFiles(files: readonly string[]): Promise<void> {
  const uris = files.map((file) => vscode.Uri.parse(file));
  const chosen =
    uris.length === 1
      ? uris[0]
      : (
          await vscode.window.showQuickPick(
            uris.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
            { title: vscode.l10n.t('Open which file?') },
          )
        )?.uri;
  if (chosen !== undefined) await vscode.window.showTextDocument(chosen);
}
