import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ifThere } from '../disk/errno.ts';
import { gitFailed, type RunGit } from './runGit.ts';

/** Commit → one ref that points to it. */
export type RefTips = ReadonlyMap<string, string>;

/** With more loose refs than this, looking at their files is no quicker than asking git. */
const MOST_LOOSE_REFS = 1000;

/**
 * The tips of all branches, remote branches and tags; tags are peeled. Git is asked again once a file changed in which it
 * keeps them, so that a run over many identities asks once.
 */
export function refTipsOf(git: RunGit, folder: string): (signal: AbortSignal) => Promise<RefTips> {
  let gitFolder: string | undefined;
  let last: { readonly stamp: string; readonly tips: RefTips } | undefined;
  return async (signal) => {
    gitFolder ??= path.resolve(folder, await commonFolder(git, signal));
    // Before git is asked: what changes meanwhile is seen the next time.
    const stamp = stampOf(gitFolder);
    if (stamp !== undefined && stamp === last?.stamp) return last.tips;
    const tips = await askForTips(git, signal);
    last = stamp === undefined ? undefined : { stamp, tips };
    return tips;
  };
}

/** The one that all work trees of the repository share; relative to where git ran, or absolute. */
async function commonFolder(git: RunGit, signal: AbortSignal): Promise<string> {
  const args = ['rev-parse', '--git-common-dir'];
  const answer = await git(args, signal);
  if (answer.code !== 0) throw gitFailed(args, answer);
  return answer.stdout.toString('utf8').replace(/\n$/, '');
}

/**
 * All files that a change of a ref replaces (gitrepository-layout(5)): loose refs, packed refs, tables of reftable. Looked
 * at without leaving the thread (see `flush.ts`): there are few, and each action looks.
 */
function stampOf(gitFolder: string): string | undefined {
  const stamps = ['packed-refs', 'reftable/tables.list'].map((file) =>
    stampOfFile(path.join(gitFolder, file)),
  );
  let left = MOST_LOOSE_REFS;
  const walk = (folder: string): boolean => {
    for (const entry of ifThere(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!walk(file)) return false;
      } else {
        if (left-- === 0) return false;
        stamps.push(`${file} ${stampOfFile(file)}`);
      }
    }
    return true;
  };
  for (const kind of ['heads', 'remotes', 'tags'])
    if (!walk(path.join(gitFolder, 'refs', kind))) return undefined;
  return stamps.join('\n');
}

function stampOfFile(file: string): string {
  const state = ifThere(() => lstatSync(file, { bigint: true, throwIfNoEntry: false }));
  return state === undefined ? '' : `${state.ino} ${state.size} ${state.mtimeNs} ${state.ctimeNs}`;
}

async function askForTips(git: RunGit, signal: AbortSignal): Promise<RefTips> {
  const args = [
    'for-each-ref',
    '--format=%(objectname) %(*objectname) %(refname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ];
  const answer = await git(args, signal);
  if (answer.code !== 0) throw gitFailed(args, answer);
  const tips = new Map<string, string>();
  for (const line of answer.stdout.toString('utf8').split('\n')) {
    const [object, peeled, ref] = line.split(' ');
    const commit = peeled || object;
    if (commit !== undefined && ref !== undefined && !tips.has(commit)) tips.set(commit, ref);
  }
  return tips;
}
