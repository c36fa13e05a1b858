import type { RunGit } from './runGit.ts';

/** How git takes a file: a tracked one is committed whatever .gitignore says. */
export type FileStanding = 'tracked' | 'ignored' | 'untracked';

/** Paths in one question: far below what a command line may hold. */
const AT_ONCE = 100;

/** Of many files with few questions; undefined for what git cannot tell of, as behind a link. */
export async function standingOfFiles(
  git: RunGit,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileStanding>> {
  const standing = new Map<string, FileStanding>();
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    const tracked = await git(['--literal-pathspecs', 'ls-files', '-z', '--', ...some], signal);
    const isTracked = new Set(listed(tracked.stdout));
    const rest = some.filter((path) => !isTracked.has(path));
    // After "./" no ":" starts a magic word.
    const input = rest.map((path) => `./${path}\0`).join('');
    const ignored =
      rest.length === 0 ? undefined : await git(['check-ignore', '-z', '--stdin'], signal, input);
    const isIgnored = new Set(listed(ignored?.stdout ?? Buffer.alloc(0)).map((path) => path.slice(2)));
    if (tracked.code !== 0) continue;
    for (const path of some) {
      if (isTracked.has(path)) standing.set(path, 'tracked');
      else if (isIgnored.has(path)) standing.set(path, 'ignored');
      else if (ignored?.code === 0 || ignored?.code === 1) standing.set(path, 'untracked');
    }
  }
  return standing;
}

function listed(output: Buffer): readonly string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}
