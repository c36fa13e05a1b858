import { BackendError } from '../../backends/errors.ts';
import { openHooks, type PreCommit } from '../../platform/git/hooks.ts';
import { noWorkTree } from './noWorkTree.ts';

export type HookRequest = 'install' | 'remove' | 'status';

/** `changed`: something was written or removed. */
export interface HookAnswer {
  readonly now: PreCommit;
  readonly changed: boolean;
}

/** `program`: what runs the command line here, without its arguments. Throws where the hook is somebody else's. */
export async function preCommitHook(
  request: HookRequest,
  folder: string,
  program: readonly string[],
  signal: AbortSignal,
): Promise<HookAnswer> {
  const hooks = await openHooks(folder, signal);
  if (hooks === undefined) throw noWorkTree(folder, '-C names another folder');
  const before = await hooks.preCommit(signal);
  if (request === 'status') return { now: before, changed: false };
  if (before.state === 'elsewhere')
    throw foreign(`git looks for its hooks in ${before.folder} (core.hooksPath)`);
  if (before.state === 'others') throw foreign(`${before.file} is not of idac`);
  if (request === 'install') {
    await hooks.write(before.file, [...program, 'scan', '--staged']);
    return { now: { ...before, state: 'ours' }, changed: true };
  }
  if (before.state === 'ours') await hooks.remove(before.file);
  return { now: { ...before, state: 'absent' }, changed: before.state === 'ours' };
}

function foreign(what: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${what}, and nothing of it was changed`,
    hint: 'add the line `idac scan --staged || exit 1` to the hook that runs before a commit',
  });
}
