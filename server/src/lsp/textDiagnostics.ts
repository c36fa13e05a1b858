import type { Diagnostic } from 'vscode-languageserver/node';
import { certificateDiagnostics } from './certificates/certificateDiagnostics.ts';
import { secretDiagnostics } from './secrets/secretDiagnostics.ts';
import type { Session } from './session.ts';

/** What is said of any text that is open, manifest or not. */
export async function textDiagnostics(session: Session, uri: string): Promise<Diagnostic[]> {
  const [secrets, certificates] = await Promise.all([
    secretDiagnostics(session, uri),
    certificateDiagnostics(session, uri),
  ]);
  return [...secrets, ...certificates];
}
