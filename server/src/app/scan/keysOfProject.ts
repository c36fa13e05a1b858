import { keyPolicies } from '../../core/keys/sharing/keyPolicies.ts';
import { withoutIgnored } from '../../core/rules/ignored.ts';
import type { ProjectRecords } from '../projectRecords.ts';
import type { Workspace } from '../workspace.ts';
import { identitiesByFile } from './identitiesByFile.ts';
import { keyHolders } from './keyHolders.ts';
import type { KeyKnowledge } from './keyKnowledge.ts';

/** What manifests that were read, and the record, say of keys at a time. */
export function keysOfProject(workspace: Workspace, records: ProjectRecords, now: Date): KeyKnowledge {
  const index = workspace.index();
  return {
    holders: keyHolders(workspace, records, now),
    naming: identitiesByFile(index),
    policiesOn: (rule) => keyPolicies(index, rule),
    withoutIgnored: (findings) => withoutIgnored({ index, now })(findings),
  };
}
