import { branchesThatHold } from './branchesThatHold.ts';
import { filesOnOtherRefs, type RefFile } from './filesOnOtherRefs.ts';
import { gitAt } from './gitAt.ts';
import { openGitObjects } from './objects.ts';
import { refTipsOf } from './refTips.ts';
import { type GitAnswer, gitFailed } from './runGit.ts';
import { type FileStanding, standingOfFiles } from './standingOfFiles.ts';
import { workTreeFiles } from './workTreeFiles.ts';

interface Removal {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly date: string;
  readonly subject: string;
}

/** A path is a path: `*` and `:(exclude)` in it mean nothing. */
const LITERAL = '--literal-pathspecs';

/** What we ask git, read-only. Paths are relative to the folder that was opened, with forward slashes. */
export interface Git {
  /** Ignored and not tracked: a tracked file is committed whatever .gitignore says. */
  isIgnored(path: string, signal: AbortSignal): Promise<boolean>;
  isTracked(path: string, signal: AbortSignal): Promise<boolean>;
  /** Of many files at once; what git cannot tell of is left out. */
  standingOf(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, FileStanding>>;
  /** Tracked files, and those that git does not ignore: see `workTreeFiles`. */
  files(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Files in these folders on any branch, remote branch or tag, each content once, with one ref that has it. What lies
   * in the work tree under the same name is left out. For a record's folders: its events that this checkout lacks.
   */
  eventsOnOtherRefs(folders: readonly string[], signal: AbortSignal): Promise<readonly RefFile[]>;
  /** Other branches, by their full ref, at whose tip the file exists and holds the text. */
  branchesThatHold(path: string, text: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The commit that took the file away; undefined when it is still in HEAD or never was in its history. */
  removedBy(path: string, signal: AbortSignal): Promise<Removal | undefined>;
  /** Commit id; undefined before the first commit. */
  head(signal: AbortSignal): Promise<string | undefined>;
  /** `user.name` as git knows it. */
  user(signal: AbortSignal): Promise<string | undefined>;
  /** Ends what runs for the next question. */
  close(): void;
}

/**
 * Git of the work tree that `root` lies in; undefined when the workspace is not trusted, git is not installed, or there
 * is no work tree. Nothing that the repository configures is run (`runGit`).
 */
export async function openGit(
  root: string,
  options: { readonly trusted: boolean },
  signal: AbortSignal = new AbortController().signal,
): Promise<Git | undefined> {
  if (!options.trusted) return undefined;
  const at = await gitAt(root);
  if (at === undefined) return undefined;
  const { folder, start, git } = at;
  const inside = await git(['rev-parse', '--is-inside-work-tree', '--show-prefix'], signal);
  // Where the folder lies in the repository: nothing, or a path that ends in a slash.
  const [isInside, prefix = ''] = inside.stdout.toString('utf8').split('\n');
  if (inside.code !== 0 || isInside !== 'true') return undefined;
  const objects = openGitObjects(start);
  const refTips = refTipsOf(git, folder);

  return {
    async isIgnored(path, signal) {
      // It knows no literal paths, but after "./" no ":" starts a magic word.
      const args = ['check-ignore', '-q', '--', `./${path}`];
      const answer = await git(args, signal);
      // 128: the path lies in a submodule or behind a link, so this repository does not ignore it.
      if (![0, 1, 128].includes(answer.code)) throw gitFailed(args, answer);
      return answer.code === 0;
    },
    async isTracked(path, signal) {
      const args = [LITERAL, 'ls-files', '-z', '--', path];
      const answer = await git(args, signal);
      if (answer.code !== 0) throw gitFailed(args, answer);
      return answer.stdout.length > 0;
    },
    standingOf: (paths, signal) => standingOfFiles(git, paths, signal),
    files: (signal) => workTreeFiles(git, signal),
    eventsOnOtherRefs: async (folders, signal) =>
      filesOnOtherRefs(objects, await refTips(signal), { root: folder, prefix }, folders, signal),
    branchesThatHold: (path, text, signal) =>
      branchesThatHold(git, objects, `${prefix}${path}`, text, signal),
    async removedBy(path, signal) {
      if ((await git(['cat-file', '-e', `HEAD:./${path}`], signal)).code === 0) return undefined;
      const answer = await git(
        [
          LITERAL,
          'log',
          '-1',
          '--diff-filter=D',
          '--no-renames',
          '--no-ext-diff',
          '--no-textconv',
          '--format=%H%x00%an%x00%aI%x00%s',
          '--',
          path,
        ],
        signal,
      );
      const [commit, author, date, subject] = text(answer).split('\0');
      if (answer.code !== 0 || !commit || author === undefined || date === undefined) return undefined;
      return { commit, author, date, subject: subject ?? '' };
    },
    async head(signal) {
      const answer = await git(['rev-parse', '--verify', '-q', 'HEAD^{commit}'], signal);
      return answer.code === 0 ? text(answer) : undefined;
    },
    async user(signal) {
      const answer = await git(['config', '--get', 'user.name'], signal);
      return answer.code === 0 && text(answer) !== '' ? text(answer) : undefined;
    },
    close: () => objects.close(),
  };
}

function text(answer: GitAnswer): string {
  return answer.stdout.toString('utf8').trimEnd();
}
