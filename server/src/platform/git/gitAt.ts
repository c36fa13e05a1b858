import { realpath } from 'node:fs/promises';
import { findProgram } from './findProgram.ts';
import { gitIn, type RunGit, runnerOf, type StartGit } from './runGit.ts';

export interface GitAt {
  /** Without links on the way. */
  readonly folder: string;
  readonly start: StartGit;
  readonly git: RunGit;
}

/** Undefined: git is not installed, or only inside the folder, where nobody has to trust it. `index`: see `gitIn`. */
export async function gitAt(root: string, index?: string): Promise<GitAt | undefined> {
  const folder = await realpath(root);
  const program = await findProgram('git', folder, process.env, process.platform);
  if (program === undefined) return undefined;
  const start = gitIn(folder, program, index);
  return { folder, start, git: runnerOf(start) };
}
