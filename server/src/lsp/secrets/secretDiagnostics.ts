import type { Diagnostic, DiagnosticOptions } from 'vscode-languageserver/node';
import { rangesOverlap } from '../../core/text/lineIndex.ts';
import type { Client } from '../client.ts';
import { diagnosticOf } from '../diagnostics.ts';
import type { Session } from '../session.ts';
import { judgementFindings } from './judgementFindings.ts';
import { placeOf } from './openTexts.ts';

export const SECRETS = {
  identifier: 'identity-secrets',
  interFileDependencies: false,
  workspaceDiagnostics: false,
} as const satisfies DiagnosticOptions;

/** They are asked for by themselves, for all files; else they come with what is said of manifests. */
export function areAskedForApart({ registersDocuments, registersDiagnostics }: Client): boolean {
  return registersDocuments && registersDiagnostics;
}

/** What manifests' own rule says of secrets in them. */
const MANIFESTS_RULE = 'manifest/secret-in-manifest';

/** Secrets in a text that is open, as it is then. None where the setting says so. */
export async function secretDiagnostics(session: Session, uri: string): Promise<Diagnostic[]> {
  if (!session.settings().secrets.whileTyping || session.texts.version(uri) === undefined) return [];
  const findings = await session.texts.findings(uri);
  const { opened, path } = placeOf(session.projects, uri);
  const said = opened?.project.workspace.findingsOf(path).filter(({ rule }) => rule === MANIFESTS_RULE) ?? [];
  const about = opened === undefined ? [] : await judgementFindings(session, opened, path);
  const secrets = findings.filter(
    (finding) =>
      finding.identity !== undefined || !said.some((each) => rangesOverlap(each.range, finding.range)),
  );
  return [...secrets, ...about].map((finding) =>
    diagnosticOf(session, finding, (file) => (file === path ? uri : (opened?.uriOf(file) ?? uri))),
  );
}
