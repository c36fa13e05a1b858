/** What a plan was made of, told cheaply: whether one that is still on the screen is of now. Nothing is contacted for it. */
import type { IdentityId } from '../core/identity/identityId.ts';
import { policiesWithDefaults } from '../core/policy/defaults.ts';
import type { OpenedProject } from './projects.ts';

export interface PlanBasis {
  /** Of the manifest's file, with what is not saved yet. Undefined: no manifest declares it. */
  readonly manifest: string | undefined;
  /** Of the files that declare the backends which it names, of the project's, and of policies that fill something in. */
  readonly others: string;
  /** The newest event of its record. */
  readonly record: string | undefined;
}

export async function planBasis(
  { project }: OpenedProject,
  identity: IdentityId,
  signal: AbortSignal,
): Promise<PlanBasis> {
  const index = project.workspace.index();
  const textOf = (file: string | undefined) =>
    file === undefined ? undefined : project.workspace.files().get(file)?.text;
  const resource = index.get(identity);
  const named = (resource?.names ?? []).flatMap(({ kind, name }) =>
    kind === 'Backend' ? [index.backend(name)?.file] : [],
  );
  const inherited = policiesWithDefaults(index.policies()).map(({ file }) => file);
  const files = [...new Set([...named, index.project()?.file, ...inherited])].sort();
  return {
    manifest: textOf(resource?.file),
    others: JSON.stringify(files.map(textOf)),
    record: (await project.events(identity, signal)).at(-1)?.id,
  };
}

/** Undefined: what the plan rests on is as it was. What stands at targets and endpoints is looked at when it is executed. */
export function changedSince(before: PlanBasis, now: PlanBasis): string | undefined {
  if (before.manifest !== now.manifest) return 'its manifest changed since it was made';
  if (before.record !== now.record) return 'its record changed since it was made';
  return before.others === now.others
    ? undefined
    : 'the manifest of a backend, a policy or the project changed since it was made';
}
