import type { MachineResource } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'machine/undocumented',
    severity: 'warning',
    perResource: true,
    title: 'A machine is declared, but nothing is known of it',
    why: 'When a key leaks, the first questions are where the machine stands, who runs it and whom to call. A manifest that answers none of them is a name alone.',
    remedy: 'Add at least one of `owner`, `network.location` and `provider`; best all three, and `users`.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      if (resource.kind !== 'Machine' || !resource.usable) continue;
      const { owner, network, provider } = (resource as unknown as MachineResource).spec;
      const isKnown =
        owner !== undefined ||
        provider !== undefined ||
        network?.location !== undefined ||
        (network?.addresses?.length ?? 0) > 0;
      if (isKnown) continue;
      const message = 'nothing is known of this machine; add owner, network.location and provider';
      yield report(resource, ['metadata', 'name'], message);
    }
  },
};
