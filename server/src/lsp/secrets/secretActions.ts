/** What can be done about a secret that was found, besides rotating what it belongs to. */
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import { DAY_MS } from '../../core/text/instant.ts';
import type { Session } from '../session.ts';
import { ignoreFileActions } from './ignoreFile.ts';
import { keepActions } from './keepActions.ts';
import { notASecretEdit } from './notASecret.ts';

/** Proposed where the client has nobody to ask. */
const DAYS = 365;

/** What these find is a file that git should not take along; of others the value should go, and the file stay. */
const KEY_FILES: ReadonlySet<string> = new Set([
  'secret/private-key',
  'secret/encrypted-private-key',
  'secret/credential-file',
  'secret/kubeconfig',
]);
const ENVIRONMENT = /(?:^|\/)\.env(?:\.[\w-]+)?$/;

export function isOfSecret({ code }: Diagnostic): boolean {
  return typeof code === 'string' && code.startsWith('secret/');
}

export async function secretActions(
  session: Session,
  uri: string,
  diagnostics: readonly Diagnostic[],
  signal: AbortSignal,
): Promise<CodeAction[]> {
  const opened = session.projects.around(uri);
  const path = opened?.pathOf(uri);
  if (opened === undefined || path === undefined || diagnostics.length === 0) return [];
  const ofKeyFile = diagnostics.filter(({ code }) => KEY_FILES.has(String(code)) || ENVIRONMENT.test(path));
  const ignoring = ofKeyFile.length === 0 ? [] : await ignoreFileActions(session, opened, path, signal);
  const judging = await Promise.all(diagnostics.map((each) => judgeAction(session, uri, each)));
  const keeping = keepActions(session, opened, uri, path, diagnostics);
  return [
    ...keeping,
    ...ignoring.map((action) => ({ ...action, diagnostics: ofKeyFile })),
    // To look away is always offered last.
    ...judging.flat(),
  ];
}

async function judgeAction(session: Session, uri: string, diagnostic: Diagnostic): Promise<CodeAction[]> {
  if (!session.trusted()) return [];
  const title = 'Not a secret…';
  const { range } = diagnostic;
  const rule = String(diagnostic.code);
  const action = { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: false };
  if (session.client.asksForJudgements)
    return [{ ...action, command: { title, command: 'idac.notASecret', arguments: [{ uri, rule, range }] } }];
  const until = new Date(session.now().getTime() + DAYS * DAY_MS).toISOString().slice(0, 10);
  // Without its reason the entry has no effect, and says so where it stands.
  const edit = await notASecretEdit(session, { uri, rule, range, reason: '', until });
  return typeof edit === 'object' ? [{ ...action, edit }] : [];
}
