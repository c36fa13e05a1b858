import { gitFailed, type RunGit } from './runGit.ts';

/** Every file below the folder that is tracked or that git would take, by name. A folder among them is a repository of its own. */
export async function workTreeFiles(git: RunGit, signal: AbortSignal): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const answer = await git(args, signal);
  if (answer.code !== 0) throw gitFailed(args, answer);
  return answer.stdout
    .toString('utf8')
    .split('\0')
    .filter((file) => file !== '');
}
