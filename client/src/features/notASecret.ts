import * as vscode from 'vscode';
import type { WorkspaceEdit } from 'vscode-languageclient/node';
import { isRefusal, type Refusal } from '../protocol.ts';
import type { Session } from '../session.ts';
import { showRefusal } from './outcome.ts';

interface Judged {
  readonly edit: WorkspaceEdit;
  readonly file: string;
}

const DAY_MS = 24 * 3_600_000;
const PROPOSED_DAYS = 365;

/** A finding is no secret: asks why and until when, and writes the entry, which one undo takes away again. */
export async function judgeNotASecret(
  session: Session,
  finding: object,
  ask: (complete: object) => unknown,
): Promise<unknown> {
  const { t } = vscode.l10n;
  const title = t('Not a secret');
  const reason = await vscode.window.showInputBox({
    title,
    prompt: t(
      'Why is it no secret? The reason is written to .identity/not-secrets.yaml, and everybody can read it.',
    ),
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? t('A judgement needs a reason.') : undefined),
  });
  if (reason === undefined) return undefined;
  const until = await vscode.window.showInputBox({
    title,
    prompt: t('Until which day does that hold? After it the finding shows again.'),
    value: dayAhead(PROPOSED_DAYS),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      isDayAhead(typed) ? undefined : t('A day from today on, as {0}.', dayAhead(PROPOSED_DAYS)),
  });
  if (until === undefined) return undefined;
  const answer = (await ask({ ...finding, reason, until })) as Judged | Refusal;
  if (isRefusal(answer)) await showRefusal(answer);
  else await write(session, answer);
  return answer;
}

/** Saved, so that the command line and everybody else count it. */
async function write({ client, log }: Session, { edit, file }: Judged): Promise<void> {
  const uri = vscode.Uri.parse(file);
  const isSaved = await applied(client, edit, uri).catch((error: unknown) => {
    log.error(`Not a secret: ${String(error)}`);
    return false;
  });
  if (!isSaved)
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0} was not written, so the finding still counts. Look whether it can be changed and saved, and judge again.',
        vscode.workspace.asRelativePath(uri),
      ),
    );
}

async function applied(
  { protocol2CodeConverter }: Session['client'],
  edit: WorkspaceEdit,
  uri: vscode.Uri,
): Promise<boolean> {
  if (!(await vscode.workspace.applyEdit(await protocol2CodeConverter.asWorkspaceEdit(edit)))) return false;
  const document = await vscode.workspace.openTextDocument(uri);
  return document.save();
}

function dayAhead(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

function isDayAhead(typed: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? Date.parse(typed) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(typed) && typed >= dayAhead(0);
}
