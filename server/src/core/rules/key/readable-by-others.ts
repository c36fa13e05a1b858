import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/readable-by-others',
    severity: 'error',
    perResource: true,
    title: 'A private key would be readable by others',
    why: 'Every account on the machine could copy the key. File permissions are the only thing that protects a key on disk.',
    remedy:
      'Leave `mode` out, or write `"0600"`. Deliver public parts that others need in a delivery of their own.',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      for (const [place, { contents, mode }] of (certificate.spec.deliverTo ?? []).entries()) {
        if (
          mode === undefined ||
          !contents?.includes('privateKey') ||
          (Number.parseInt(mode, 8) & 0o077) === 0
        )
          continue;
        const path = ['spec', 'deliverTo', place, 'mode'];
        const edits = [{ file: certificate.file, range: certificate.locate(path), newText: '"0600"' }];
        yield report(certificate, path, `mode ${mode} lets others read the private key; write "0600"`, {
          fixes: [{ title: 'Change to "0600"', preferred: true, edits }],
        });
      }
    }
  },
};
