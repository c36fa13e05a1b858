import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Refusal } from '../../app/api.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { plural } from '../../core/text/instant.ts';
import { diagnosticOf } from '../diagnostics.ts';
import { withProgress } from '../progress.ts';
import type { SecretsReport } from '../protocol.ts';
import { invalid, text } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';

/** Looks through a whole folder, or its history, because somebody asked for it. Nothing is changed. */
export const findSecretsIn: Command = {
  name: 'idac.findSecrets',
  async run(call): Promise<SecretsReport | Refusal> {
    const { session, args, progressToken, signal } = call;
    const where = text(args, 'where');
    if (where !== 'folder' && where !== 'history') throw invalid('"where" is "folder" or "history"');
    const refused = where === 'history' ? refusedUntrusted(session) : undefined;
    if (refused !== undefined) return refused;
    const opened = await projectOf(call);
    const { findSecrets } = await import('../../app/scan/findSecrets.ts');
    const { project } = opened;
    const title =
      where === 'folder' ? 'Looking for secrets in the folder' : 'Looking for secrets in the history';
    return withProgress(session, { title, token: progressToken, signal }, async (progress) => {
      const told = (done: number): void => progress.report(`${done} looked at`, 0);
      const found = await findSecrets(project, where, session.now(), told, progress.signal);
      const uriOf = (file: string): string => pathToFileURL(path.join(found.root, file)).href;
      return {
        root: opened.uri,
        name: project.name,
        where,
        looked: lookedText(found.files, found.commits),
        aside: found.aside,
        skipped: found.skipped,
        secrets: found.secrets.map(({ finding, commit }) => ({
          uri: uriOf(finding.file),
          file: finding.file,
          isThere: existsSync(path.join(found.root, finding.file)),
          commit,
          diagnostic: diagnosticOf(session, finding, uriOf),
          acts:
            finding.acts === undefined || finding.identity === undefined
              ? null
              : { ...finding.acts, identity: formatIdentity(finding.identity) },
        })),
      };
    });
  },
};

function lookedText(files: number, commits: number | null): string {
  return commits === null
    ? plural(files, 'file')
    : `${plural(files, 'content')} of ${plural(commits, 'commit')}`;
}
