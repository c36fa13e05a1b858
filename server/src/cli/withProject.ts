import path from 'node:path';
import type { Project, Unlock } from '../app/api.ts';
import { projectRoots } from '../app/projectRoot.ts';
import type { Surroundings } from './command.ts';
import { clockOf } from './sharedOptions.ts';
import { unlockFor } from './unlock.ts';

type ProjectInvocation = Surroundings & {
  readonly options: {
    readonly root: string | undefined;
    readonly now?: string | undefined;
    readonly policy?: readonly string[] | undefined;
    readonly 'passphrase-file'?: string | undefined;
  };
};

interface Needs {
  /** Keys are used: what opens the key store is looked for, and asked for at a terminal. */
  readonly unlocks: boolean;
  /** Where to look for the project from, instead of the current folder. */
  readonly start?: string;
}

/** Opens the project around the current folder (or `-C`), lends it to `work`, and closes it whatever happens. */
export async function withProject<T>(
  invocation: ProjectInvocation,
  needs: Needs,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const unlock: Unlock = needs.unlocks
    ? await lend(invocation, needs, { how: 'none' }, async ({ logins }) =>
        unlockFor(invocation, invocation.options['passphrase-file'], await logins.peek()),
      )
    : { how: 'none' };
  return lend(invocation, needs, unlock, work);
}

/** Opening is cheap: nothing is read before it is asked for. */
export async function lend<T>(
  { options, cwd }: ProjectInvocation,
  { start }: Pick<Needs, 'start'>,
  unlock: Unlock,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const clock = clockOf(options.now);
  const { openProject } = await import('../app/openProject.ts');
  const project = await openProject({
    root: projectRoots().of(path.resolve(cwd, options.root ?? start ?? '.'), []),
    // Running a command in a folder is the person's own act; a folder that is only opened is another matter.
    trusted: true,
    unlock,
    ...(clock === undefined ? {} : { clock }),
    ...(options.policy === undefined ? {} : { policies: { references: options.policy, base: cwd } }),
  });
  try {
    return await work(project);
  } finally {
    await project.close();
  }
}
