import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver/node';
import { configuredRoles } from '../../app/configuredRoles.ts';
import type { BackendResource } from '../../core/manifest/resource.ts';
import { referencesIn } from '../../core/secrets/references/referenceAt.ts';
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
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  if (!session.trusted() || !session.client.appliesEdits) return [];
  const stores = storesOf(opened).slice(0, MOST_STORES);
  if (stores.length === 0) return [];
  const replaceableAt = referencesIn(path, session.texts.text(uri) ?? '');
  return diagnostics.flatMap((diagnostic) => {
    const { range, code } = diagnostic;
    const found = replaceableAt?.(range);
    if (found === undefined) return [];
    return stores.map(({ name: backend }) => {
      const title = `Put the value into ${backend}, and a reference of ${found.form.reader} in its place…`;
      const argument = { uri, rule: String(code), range, backend };
      return {
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: false,
        command: { title, command: 'idac.keepSecret', arguments: [argument] },
      };
    });
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
