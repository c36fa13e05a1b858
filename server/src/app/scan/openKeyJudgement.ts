import path from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { projectStateFolder, userStateFolder } from '../../platform/disk/userState.ts';
import { openGit } from '../../platform/git/git.ts';
import { SYSTEM_CLOCK } from '../../platform/systemClock.ts';
import { openRecords } from '../openRecords.ts';
import { readProjectRecords } from '../projectRecords.ts';
import { openWorkspace } from '../workspace.ts';
import { type KeyJudgement, keyJudgement } from './keyJudgement.ts';

/** The same as an open project says, without what acts: a scan of a folder has no use for it, and would wait for it. */
export async function openKeyJudgement(
  folder: string,
  clock: Clock = SYSTEM_CLOCK,
): Promise<KeyJudgement & { close(): void }> {
  const root = path.resolve(folder);
  const stateFolder = await projectStateFolder(userStateFolder(process.env, process.platform), root);
  const git = await openGit(root, { trusted: true });
  const workspace = openWorkspace(root, { clock });
  const store = openRecords({ root, stateFolder, workspace, readOnly: false });
  let read: Promise<void> | undefined;
  const judgement = keyJudgement({
    root,
    workspace,
    git,
    clock,
    async records(signal) {
      read ??= workspace.scan(signal);
      await read;
      return readProjectRecords(store, signal);
    },
  });
  return { ...judgement, close: () => git?.close() };
}
