import * as vscode from 'vscode';
import { isRefusal, type OutcomeOfAll, type Refusal } from '../protocol.ts';
import type { Session } from '../session.ts';
import { offer, openFiles, showRefusal } from './outcome.ts';

/** One message for all of them; how each ended is in the log, which it opens. */
export async function showOutcomeOfAll(
  session: Session,
  outcome: OutcomeOfAll | Refusal,
  again: () => Promise<unknown>,
): Promise<void> {
  const { t } = vscode.l10n;
  const { log } = session;
  if (isRefusal(outcome)) {
    log.info(outcome.what);
    // Who gave up knows.
    if (outcome.code !== 'refused/not-confirmed' && outcome.code !== 'cancelled') await showRefusal(outcome);
    return;
  }
  const { message, severity, parts, files, resume, signIn } = outcome;
  log.info(message);
  for (const { subject, state, message: said } of parts)
    log.info(`  ${state.padEnd(10)} ${subject} – ${said}`);
  const resumeAs = (how: 'forward' | 'undo') =>
    vscode.commands.executeCommand('idac.resumeAll', { actions: resume?.actions, how });
  const isDirty = parts.some(({ code }) => code === 'refused/dirty-manifest');
  await offer(severity, message, [
    ...(resume === null ? [] : [{ title: t('Resume'), run: () => resumeAs('forward') }]),
    ...(resume?.undoable ? [{ title: t('Undo'), run: () => resumeAs('undo') }] : []),
    ...(signIn === null
      ? []
      : [{ title: t('Sign In…'), run: () => vscode.commands.executeCommand('idac.login', signIn) }]),
    ...(isDirty
      ? [
          {
            title: t('Save and Try Again'),
            run: async () => {
              if (await vscode.workspace.saveAll(false)) await again();
            },
          },
        ]
      : []),
    ...(files.length > 0 ? [{ title: t('Open'), run: () => openFiles(files) }] : []),
    { title: t('Show Details'), run: () => log.show() },
  ]);
}
