import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface SampleFolder {
  /** Everything is below it. */
  readonly root: string;
  /** A git repository with the samples in its first commit. */
  readonly workspace: string;
  /** For whatever works in it: keeps state inside `root`, and git away from this user's configuration. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** The samples as somebody has them who just cloned them, and who never used the tool before. */
export function copySamples(name = 'fernweh-freight'): SampleFolder {
  const root = mkdtempSync(path.join(tmpdir(), 'idac-samples-'));
  const workspace = path.join(root, name);
  cpSync(path.resolve(import.meta.dirname, '../../samples'), workspace, { recursive: true });
  // A file of its own: who writes into git's configuration as root would put a file in the place of /dev/null.
  const gitConfiguration = path.join(root, 'gitconfig');
  writeFileSync(gitConfiguration, '');
  const environment = {
    IDAC_STATE_HOME: path.join(root, 'state'),
    GIT_CONFIG_GLOBAL: gitConfiguration,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A Person',
    GIT_AUTHOR_EMAIL: 'person@fernweh.example',
    GIT_COMMITTER_NAME: 'A Person',
    GIT_COMMITTER_EMAIL: 'person@fernweh.example',
  };
  const git = (...args: string[]): void => {
    execFileSync('git', args, { cwd: workspace, stdio: 'pipe', env: { ...process.env, ...environment } });
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Samples');
  return {
    root,
    workspace,
    environment,
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
