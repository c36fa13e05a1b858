import path from 'node:path';
import type { StateStore } from '../core/lifecycle/stateStore.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import { nodeRandom } from '../platform/crypto/randomSource.ts';
import { openFileStateStore } from '../platform/disk/fileStateStore.ts';
import { openStateFolder } from '../platform/disk/stateFolder.ts';
import { formerIdentities } from './declarations.ts';
import type { Workspace } from './workspace.ts';

interface RecordsAt {
  readonly root: string;
  /** Of the project, in the user's state. */
  readonly stateFolder: string;
  readonly workspace: Workspace;
  readonly readOnly: boolean;
}

/** The record of a project as its manifests name it. */
export function openRecords({ root, stateFolder, workspace, readOnly }: RecordsAt): StateStore {
  return openFileStateStore({
    root,
    cloneState: openStateFolder(path.join(stateFolder, 'clone'), { locksOften: 'use the record' }),
    hasher: nodeHasher,
    random: nodeRandom,
    readOnly,
    formerNames: (identity) => {
      const resource = workspace.index().get(identity);
      return resource === undefined ? [] : formerIdentities(resource);
    },
  });
}
