import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ssh/principal-wildcard',
    severity: 'warning',
    perResource: true,
    title: 'A principal of a user certificate has a wildcard',
    why: 'sshd compares the principals of users letter by letter: `*` lets nobody in who is not called "*".',
    remedy:
      'Write each account name, or map principals to accounts on the server (AuthorizedPrincipalsFile).',
    standard: 'sshd_config(5), AuthorizedPrincipalsFile',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (identity.kind !== 'SshCertificate' || !identity.usable || identity.spec.type !== 'user') continue;
      for (const [place, principal] of identity.spec.principals.entries()) {
        if (!/[*?]/.test(principal)) continue;
        const message = 'sshd compares this letter by letter, wildcards too; write each account name';
        yield report(identity, ['spec', 'principals', place], message);
      }
    }
  },
};
