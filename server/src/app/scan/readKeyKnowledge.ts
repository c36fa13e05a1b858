import type { Clock } from '../../core/ports.ts';
import { projectStateFolder, userStateFolder } from '../../platform/disk/userState.ts';
import { openRecords } from '../openRecords.ts';
import { readProjectRecords } from '../projectRecords.ts';
import { openWorkspace } from '../workspace.ts';
import type { KeyKnowledge } from './keyKnowledge.ts';
import { keysOfProject } from './keysOfProject.ts';

/** Reads the manifests and the record of a project. */
export async function readKeyKnowledge(
  root: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<KeyKnowledge> {
  const stateFolder = await projectStateFolder(userStateFolder(process.env, process.platform), root);
  const workspace = openWorkspace(root, { clock });
  const store = openRecords({ root, stateFolder, workspace, readOnly: false });
  await workspace.scan(signal);
  return keysOfProject(workspace, await readProjectRecords(store, signal), clock.now());
}
