/** The hook that git runs before a commit is made (githooks(5)). Hooks of others are never touched. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gitAt } from './gitAt.ts';

export type PreCommit =
  | { readonly state: 'absent' | 'ours' | 'others'; readonly file: string }
  /** Git is told to look for hooks elsewhere, which other tools and other repositories may share. */
  | { readonly state: 'elsewhere'; readonly folder: string };

export interface Hooks {
  preCommit(signal: AbortSignal): Promise<PreCommit>;
  /** Where it is absent or ours. `command`: program and arguments. */
  write(file: string, command: readonly string[]): Promise<void>;
  remove(file: string): Promise<void>;
}

const MARK = '# Made by idac hook install; idac hook remove takes it away.';

/** Undefined: there is no git here, or `folder` is in no work tree. */
export async function openHooks(folder: string, signal: AbortSignal): Promise<Hooks | undefined> {
  const git = (await gitAt(folder))?.git;
  if (git === undefined) return undefined;
  const common = await git(['rev-parse', '--path-format=absolute', '--git-common-dir'], signal);
  if (common.code !== 0) return undefined;
  const file = path.join(common.stdout.toString('utf8').trim(), 'hooks', 'pre-commit');
  return {
    async preCommit(now) {
      // Our own git runs without hooks: that setting is not the repository's.
      const set = await git(['config', '--show-scope', '-z', '--get-all', 'core.hooksPath'], now);
      const values = set.stdout.toString('utf8').split('\0');
      const own = values.filter((_, place) => place % 2 === 1 && values[place - 1] !== 'command').at(-1);
      if (own !== undefined) return { state: 'elsewhere', folder: own };
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return { state: text === undefined ? 'absent' : text.includes(MARK) ? 'ours' : 'others', file };
    },
    async write(target, command) {
      await mkdir(path.dirname(target), { recursive: true });
      const draft = `${target}.${process.pid}`;
      await writeFile(draft, script(command), { mode: 0o755, flag: 'wx' });
      await rename(draft, target);
    },
    remove: (target) => rm(target),
  };
}

function script(command: readonly string[]): string {
  const gone =
    'idac hook: the program that was installed is gone. Run idac hook install again, or idac hook remove.';
  const [program = '', entry = ''] = command;
  return [
    '#!/bin/sh',
    MARK,
    `if [ ! -x ${quoted(program)} ] || [ ! -f ${quoted(entry)} ]; then`,
    `  echo ${quoted(gone)} >&2`,
    '  exit 1',
    'fi',
    `exec ${command.map(quoted).join(' ')}`,
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
