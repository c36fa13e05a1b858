import { mkdir } from 'node:fs/promises';
import { BackendError } from '../../backends/errors.ts';
import { findProgram } from './findProgram.ts';
import { type GitAnswer, gitFetching, type RunGit, runnerOf } from './runGit.ts';

export interface FetchedFile {
  /** In the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface CommitToFetch {
  readonly repository: string;
  readonly protocol: 'https' | 'file';
  readonly commit: string;
  /** Empty: all of it. */
  readonly path: string;
}

/**
 * Files of another repository at one commit. `folder` is new, and made a bare repository: what is asked for is asked by its
 * hash, and git checks all that it is given against that.
 */
export async function fetchCommit(
  { repository, protocol, commit, path }: CommitToFetch,
  folder: string,
  wanted: (name: string) => boolean,
  most: { readonly files: number; readonly bytes: number },
  signal: AbortSignal,
): Promise<readonly FetchedFile[]> {
  const program = await findProgram('git', folder, process.env, process.platform);
  if (program === undefined) throw failed('git is not installed', 'install git');
  await mkdir(folder, { recursive: true });
  const git: RunGit = runnerOf(gitFetching(folder, program, protocol));
  const run = async (args: readonly string[], what: string): Promise<GitAnswer> => {
    const answer = await git(args, signal);
    if (answer.code !== 0)
      throw failed(
        `${what} (${answer.complaint || 'git gave no reason'})`,
        'check the address and the commit; a private repository is cloned by you, and the clone is named',
      );
    return answer;
  };
  const own = ['--git-dir', folder];
  await run(['init', '-q', '--bare', folder], 'no folder could be made for it');
  const fetch = ['fetch', '-q', '--no-tags', '--no-recurse-submodules', '--depth', '1'];
  await run([...own, ...fetch, '--', repository, commit], `${repository} does not give the commit ${commit}`);
  const listed = await run(
    [
      ...own,
      '--literal-pathspecs',
      'ls-tree',
      '-r',
      '-z',
      '--full-tree',
      commit,
      '--',
      ...(path === '' ? [] : [path]),
    ],
    `the commit ${commit} cannot be listed`,
  );
  const blobs = listed.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((entry) => {
      const [, mode = '', , id = '', name = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      // No links, and no other repository.
      return mode.startsWith('100') && wanted(name) ? [{ id, name }] : [];
    });
  if (blobs.length > most.files)
    throw failed(`it holds more than ${most.files} files`, 'name a folder in it');
  const files: FetchedFile[] = [];
  let left = most.bytes;
  for (const { id, name } of blobs) {
    const { stdout } = await run([...own, 'cat-file', 'blob', id], `${name} cannot be read`);
    left -= stdout.length;
    if (left < 0) throw failed(`it holds more than ${most.bytes} octets`, 'name a folder in it');
    files.push({ path: name, text: stdout.toString('utf8') });
  }
  return files;
}

function failed(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'not-found', what, hint });
}
