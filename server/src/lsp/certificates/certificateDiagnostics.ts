/** What is wrong with certificates in a text that is open. What judges them is loaded once there is one. */
import type { Diagnostic } from 'vscode-languageserver/node';
import { isCertificateFile } from '../../core/credential/certificateFileName.ts';
import type { Finding } from '../../core/finding.ts';
import { diagnosticOf } from '../diagnostics.ts';
import { placeOf } from '../secrets/openTexts.ts';
import type { Session } from '../session.ts';

/** Beyond what any bundle has. */
const LONGEST = 4 * 1024 * 1024;

interface Judged {
  readonly text: string;
  readonly path: string;
  /** What is valid today may not be tomorrow. */
  readonly day: string;
  readonly giveUp: AbortController;
  readonly findings: Promise<readonly Finding[]>;
}

/** By session and address: what was judged last. */
const latest = new WeakMap<Session, Map<string, Judged>>();

export async function certificateDiagnostics(session: Session, uri: string): Promise<Diagnostic[]> {
  const { path } = placeOf(session.projects, uri);
  const text =
    session.settings().certificates.lint && isCertificateFile(path) ? session.texts.text(uri) : undefined;
  if (text === undefined || text.length > LONGEST || !text.includes('-----BEGIN ')) {
    forget(session, uri);
    return [];
  }
  const judged = judge(session, uri, path, text);
  try {
    return (await judged.findings).map((finding) => diagnosticOf(session, finding, () => uri));
  } catch (error) {
    // It was typed on meanwhile: the newer text is what is asked about.
    if (!judged.giveUp.signal.aborted) throw error;
    return certificateDiagnostics(session, uri);
  }
}

function judge(session: Session, uri: string, path: string, text: string): Judged {
  const known = latest.get(session) ?? new Map<string, Judged>();
  latest.set(session, known);
  const now = session.now();
  const day = now.toISOString().slice(0, 10);
  const before = known.get(uri);
  if (before?.text === text && before.path === path && before.day === day) return before;
  before?.giveUp.abort();
  for (const each of known.keys()) if (session.texts.version(each) === undefined) known.delete(each);
  const giveUp = new AbortController();
  const findings = import('../../app/lint/textLint.ts').then(({ lintText }) =>
    lintText(path, text, now, giveUp.signal),
  );
  const judged = { text, path, day, giveUp, findings };
  known.set(uri, judged);
  // What failed is tried again when it is asked for again.
  findings.catch(() => {
    if (known.get(uri) === judged) known.delete(uri);
  });
  return judged;
}

function forget(session: Session, uri: string): void {
  const known = latest.get(session);
  known?.get(uri)?.giveUp.abort();
  known?.delete(uri);
}
