import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Declaration } from '../../core/lifecycle/declaration.ts';
import type { ActionRequest, Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import { identityIn } from '../declarations.ts';
import type { Workspace } from '../workspace.ts';

/** Reads the files again; refuses where an editor holds another text than the disk. */
export async function takeSaved(
  identity: IdentityId,
  files: Iterable<string>,
  workspace: Workspace,
): Promise<Refusal | undefined> {
  for (const file of new Set(files)) {
    if (await workspace.isDirty(file)) {
      return refusal(
        identity,
        'dirty-manifest',
        `${file} has changes that are not saved.`,
        'Save the file, look at the plan, then try again.',
      );
    }
    await workspace.reload(file);
  }
  return undefined;
}

/** Every backend that the manifest or the record names. */
export function backendsNamed(declaration: Declaration | null, record: IdentityRecord): ReadonlySet<string> {
  const names = record.generations.flatMap(({ issued, copies }) => [
    issued.backend,
    issued.key?.store ?? null,
    ...copies.map(({ backend }) => backend),
  ]);
  if (declaration !== null) {
    const { issuer, key, deliveries } = declaration;
    names.push(issuer, key?.store ?? null, ...deliveries.map(({ backend }) => backend));
  }
  return new Set(names.filter((name) => name !== null));
}

/** The manifest as it is saved, or why it cannot be acted on. Null: it is gone. */
export async function savedManifest(
  request: ActionRequest,
  workspace: Workspace,
): Promise<IdentityResource | Refusal | null> {
  const { identity } = request;
  const found = workspace.index().get(identity);
  if (found === undefined) return null;
  const unsaved = await takeSaved(identity, [found.file], workspace);
  if (unsaved !== undefined) return unsaved;
  const resource = identityIn(workspace.index(), identity);
  if (resource === undefined) return null;
  const error = (workspace.findings().get(resource.file) ?? []).find(
    (finding) =>
      finding.severity === 'error' &&
      // What policies ask for is asked again, for the very verb.
      finding.policy === undefined &&
      (finding.identity === undefined
        ? !resource.usable
        : formatIdentity(finding.identity) === formatIdentity(identity)),
  );
  if (!resource.usable || error !== undefined) {
    const where = error === undefined ? resource.file : `${error.file}:${error.range.start.line + 1}`;
    return refusal(
      identity,
      'manifest-has-errors',
      `${where}: ${error?.message ?? 'the manifest has errors.'}`,
      'Correct the manifest first.',
    );
  }
  return resource;
}
