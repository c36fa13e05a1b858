import { expiresText } from '../../identity/expiry.ts';
import { formatIdentity } from '../../identity/identityId.ts';
import { eventFile } from '../../lifecycle/eventFile.ts';
import { nounOf } from '../../lifecycle/kindTraits.ts';
import { isAdopted } from '../../lifecycle/record.ts';
import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/orphaned',
    severity: 'warning',
    title: 'A live credential has no manifest any more',
    why: 'The manifest was removed, but what was issued for it still works. Nobody renews it, and nobody would miss it if it were stolen.',
    remedy:
      'Revoke and destroy it, or bring the manifest back. If it was renamed, name the old one in metadata.formerNames.',
    readsRecord: true,
  },
  *check({ index, records, recorded, now }) {
    const undeclared = recorded?.undeclared ?? [];
    if (undeclared.length === 0) return;
    const former = new Set(
      index.resources.flatMap(({ id, formerNames, namespace }) =>
        formerNames.map((name) => `${id.kind}/${name.includes('/') ? name : `${namespace}/${name}`}`),
      ),
    );
    for (const identity of undeclared) {
      const key = formatIdentity(identity);
      if (former.has(key) || recorded?.declaredElsewhere.has(key)) continue;
      const live = [...(records.get(key)?.live.values() ?? [])].flat().at(-1);
      // What was adopted was made by others: without its manifest it is as it was before.
      if (live === undefined || isAdopted(live) || Date.parse(live.credential.notAfter) <= now.getTime())
        continue;
      const removal = recorded?.removals.get(key);
      yield {
        message: `no manifest declares ${key} any more, and its ${nounOf(identity.kind)} ${expiresText(live.credential.notAfter, now)}`,
        ...(removal === undefined ? {} : { why: `The manifest was removed by ${removal}.` }),
        identity,
        file: eventFile(live.issued),
        range: { start: START, end: START },
        related: [],
        fixes: [],
      };
    }
  },
};
