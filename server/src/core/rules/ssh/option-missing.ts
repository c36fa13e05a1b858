import { networkVerdicts, placed } from '../../policy/limits.ts';
import type { SshOptionMissingRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

const OPTIONS = ['spec', 'criticalOptions'];

export const rule = policyRule<SshOptionMissingRule>({
  meta: {
    id: 'ssh/option-missing',
    severity: 'error',
    title: 'A login by SSH lacks a limit that a policy asks for',
    why: 'A critical option limits what a stolen certificate is good for: where it may come from, and what it may run.',
    remedy: 'Add the option to `criticalOptions`.',
    standard: 'OpenSSH PROTOCOL.certkeys, "Critical options"',
  },
  *judge({ resource }, { require = [], networks }) {
    if (resource.kind !== 'SshCertificate' || resource.spec.type !== 'user') return;
    const options = resource.spec.criticalOptions ?? {};
    for (const option of require)
      if (options[option] === undefined || options[option] === false)
        yield { path: OPTIONS, part: 'key', message: `the critical option ${option} is required; add it` };
    const sources = options['source-address'];
    if (networks !== undefined && sources !== undefined)
      yield* networkVerdicts(placed(sources, [...OPTIONS, 'source-address']), networks, 'source');
  },
});
