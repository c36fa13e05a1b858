import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const USER_ONLY = ['extensions', 'criticalOptions'] as const;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ssh/host-option',
    severity: 'error',
    perResource: true,
    title: 'A host certificate has what only users’ certificates have',
    why: 'Extensions and critical options say what a login may do. For hosts none is defined: a client refuses a host certificate with a critical option that it does not know, and every connection fails.',
    remedy: 'Remove `extensions` and `criticalOptions`, or write `type: user` if it is for logging in.',
    standard: 'PROTOCOL.certkeys, "Critical options" and "Extensions"',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (identity.kind !== 'SshCertificate' || !identity.usable || identity.spec.type !== 'host') continue;
      for (const field of USER_ONLY) {
        const value = identity.spec[field];
        if (value === undefined || Object.keys(value).length === 0) continue;
        const message = `"${field}" is for user certificates; remove it from this host certificate`;
        yield report(identity, ['spec', field], message, { part: 'key' });
      }
    }
  },
};
