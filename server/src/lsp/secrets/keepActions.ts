import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import { configuredRoles } from '../../app/configuredRoles.ts';
import type { BackendResource } from '../../core/manifest/resource.ts';
import { referenceAt } from '../../core/secrets/references/referenceAt.ts';
import type { OpenedProject } from '../projects.ts';
import type { Session } from '../session.ts';

/** Others are reached by their names on the command line of the store. */
const MOST_STORES = 3;

/** The value into a store of the project, and a reference in its place, where who reads the file knows one. */
export function keepActions(
  session: Session,
  opened: OpenedProject,
  uri: string,
  path: string,
  diagnostic: Diagnostic,
): CodeAction[] {
  const { range } = diagnostic;
  const text = session.texts.text(uri);
  if (!session.trusted() || !session.client.appliesEdits || text === undefined) return [];
  const found = referenceAt(path, text, range);
  if (found === undefined) return [];
  return storesOf(opened)
    .slice(0, MOST_STORES)
    .map(({ name: backend }) => {
      const title = `Put the value into ${backend}, and a reference of ${found.form.reader} in its place…`;
      const argument = { uri, rule: String(diagnostic.code), range, backend };
      return {
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: false,
        command: { title, command: 'idac.keepSecret', arguments: [argument] },
      };
    });
}

/** References are those of Vault and OpenBao. */
function storesOf({ project }: OpenedProject): readonly BackendResource[] {
  return project.workspace
    .index()
    .backends()
    .filter(
      (each) => each.usable && each.spec.type === 'vault' && configuredRoles(each).includes('SecretStore'),
    );
}
