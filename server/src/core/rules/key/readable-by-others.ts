import { isSecretContent } from '../../lifecycle/deliveryContent.ts';
import type { RuleContext } from '../context.ts';
import { deliveriesOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/readable-by-others',
    severity: 'error',
    perResource: true,
    title: 'A private key or a token would be readable by others',
    why: 'Every account on the machine could copy it. File permissions are the only thing that protects a key or a token on disk.',
    remedy:
      'Leave `mode` out, or write `"0600"`. Deliver public parts that others need in a delivery of their own.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable) continue;
      for (const { path: place, contents, mode } of deliveriesOf(identity)) {
        const secret = contents.find(isSecretContent);
        if (mode === undefined || secret === undefined || (Number.parseInt(mode, 8) & 0o077) === 0) continue;
        const path = [...place, 'mode'];
        const edits = [{ file: identity.file, range: identity.locate(path), newText: '"0600"' }];
        const what = secret === 'token' ? 'token' : 'private key';
        yield report(identity, path, `mode ${mode} lets others read the ${what}; write "0600"`, {
          fixes: [{ title: 'Change to "0600"', preferred: true, edits }],
        });
      }
    }
  },
};
