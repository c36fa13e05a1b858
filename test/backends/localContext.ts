import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BackendContext } from '../../server/src/backends/contract.ts';
import type { Clock } from '../../server/src/core/ports.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { openGit } from '../../server/src/platform/git/git.ts';
import { openNativeModules } from '../../server/src/platform/modules/nativeModules.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import type { Unlock } from '../../server/src/platform/seal/unlock.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(iso: string): void;
  advance(seconds: number): void;
}

export function testClock(iso: string): TestClock {
  let now = new Date(iso).getTime();
  return {
    now: () => new Date(now),
    set: (next) => {
      now = new Date(next).getTime();
    },
    advance: (seconds) => {
      now += seconds * 1000;
    },
  };
}

/** A user's disk: a project under git, and a state folder beside it. `secret/` is ignored by git. */
export interface Disk {
  readonly folder: string;
  readonly project: string;
  /** A fresh context on the same disk, as another process would have it. */
  context(options?: { readonly clock?: Clock; readonly unlock?: Unlock }): Promise<BackendContext>;
  cleanup(): Promise<void>;
}

const systemClock: Clock = { now: () => new Date() };

export async function makeDisk(): Promise<Disk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'idac-local-'));
  const project = path.join(folder, 'project');
  const { status } = spawnSync('git', ['init', '--quiet', project]);
  if (status !== 0) throw new Error('git init failed');
  await writeFile(path.join(project, '.gitignore'), '/secret/\n');
  const key = new Secret(nodeRandom.bytes(32));
  return {
    folder,
    project,
    context: (options) => contextAt(folder, { unlock: { how: 'key', key, keyName: 'test' }, ...options }),
    cleanup: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The context of a backend called `local-ca` on a disk that `makeDisk` made. */
export async function contextAt(
  folder: string,
  options: { readonly clock?: Clock; readonly unlock: Unlock },
): Promise<BackendContext> {
  const project = path.join(folder, 'project');
  const sealed = await openSealedStore(path.join(folder, 'sealed'), options.unlock, nodeRandom);
  const git = await openGit(project, { trusted: true });
  return {
    name: 'local-ca',
    clock: options.clock ?? systemClock,
    random: nodeRandom,
    hasher: nodeHasher,
    state: openStateFolder(path.join(folder, 'state')),
    sealed: sealed.scope('backends/local-ca'),
    files: openProjectFiles(project, { git, trusted: true, lockFolder: path.join(folder, 'locks') }),
    modules: openNativeModules({ env: {}, stateHome: folder }),
    login: async () => undefined,
    keyStore: async (name) => {
      throw new Error(`there is no backend ${name}`);
    },
  };
}
