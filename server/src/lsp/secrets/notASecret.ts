/** The judgement that a finding is no secret, as an edit of the project's file. The value stays here: only its keyed hash is written. */
import type { Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import { projectFileEdit, projectFileText } from '../projectFileEdit.ts';
import type { Session } from '../session.ts';

export interface JudgedFinding {
  readonly uri: string;
  readonly rule: string;
  readonly range: Range;
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: string;
}

/**
 * Undefined: it stands in no project, or the client makes no files. `nothing`: the rule finds nothing there any more.
 * `unreadable`: what is wrong with the file of judgements is put right first.
 */
export async function notASecretEdit(
  session: Session,
  { uri, rule, range, reason, until }: JudgedFinding,
): Promise<WorkspaceEdit | 'nothing' | 'unreadable' | undefined> {
  const opened = session.projects.around(uri);
  const path = opened?.pathOf(uri);
  if (opened === undefined || path === undefined) return undefined;
  const { withJudgement } = await import('../../app/scan/notSecretsOf.ts');
  const read = projectFileText(session, opened, NOT_SECRETS_FILE);
  if (read.kind === 'refused') return 'unreadable';
  const before = read.kind === 'text' ? read.text : undefined;
  const value = await session.texts.valueAt(uri, rule, range);
  if (value === undefined) return 'nothing';
  const after = withJudgement(before, value, { rule, path, reason, until });
  return after === undefined
    ? 'unreadable'
    : projectFileEdit(session, opened, NOT_SECRETS_FILE, before, after);
}
