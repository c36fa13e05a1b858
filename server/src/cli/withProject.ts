import path from 'node:path';
import type { Project } from '../app/api.ts';
import { projectRoots } from '../lsp/projectRoot.ts';
import type { Surroundings } from './command.ts';
import { clockOf } from './sharedOptions.ts';
import { unlockFor } from './unlock.ts';

/**
 * Opens the project around the current folder (or `-C`), lends it to `work`, and closes it whatever happens. Commands
 * that use no key do not ask for what opens the key store.
 */
export async function withProject<T>(
  invocation: Surroundings & {
    readonly options: {
      readonly root: string | undefined;
      readonly now?: string | undefined;
      readonly 'passphrase-file'?: string | undefined;
    };
  },
  needs: { readonly unlocks: boolean; readonly start?: string },
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const { options, environment, cwd } = invocation;
  const clock = clockOf(options.now);
  const { openProject } = await import('../app/openProject.ts');
  const unlock = needs.unlocks
    ? await unlockFor(invocation, options['passphrase-file'])
    : { how: 'none' as const };
  const project = await openProject({
    root: projectRoots().of(path.resolve(cwd, options.root ?? needs.start ?? '.'), []),
    trusted: true,
    unlock,
    ...(clock === undefined ? {} : { clock }),
  });
  try {
    return await work(project);
  } finally {
    await project.close();
  }
}
