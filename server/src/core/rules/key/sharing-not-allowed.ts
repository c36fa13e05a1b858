import type { KeySharingNotAllowedRule } from '../../schema/generated/specs.ts';
import { plural } from '../../text/instant.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<KeySharingNotAllowedRule>({
  meta: {
    id: 'key/sharing-not-allowed',
    severity: 'error',
    title: 'One key is shared on purpose by more machines than a policy allows',
    why: 'Machines that share a key cannot be told apart, and one that is lost takes the others with it.',
    remedy: 'Give each machine its own key (`keyPer: machine`).',
    standard: 'NIST SP 800-57 part 1, 5.2',
  },
  *judge({ declaration }, { maximumMachines }) {
    const { keyPer, machines } = declaration;
    if (keyPer !== 'identity' || machines.length <= maximumMachines) return;
    const most = maximumMachines === 1 ? 'none may be shared' : `${maximumMachines} may share one`;
    yield {
      path: ['spec', 'keyPer'],
      message: `one key is on ${plural(machines.length, 'machine')}, and ${most}; give each its own`,
      limit: maximumMachines,
    };
  },
});
