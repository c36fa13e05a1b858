import type { PolicySource } from '../../finding.ts';
import { formatPath, valueAt } from '../../manifest/path.ts';
import { defaultsFor, type Given } from '../../policy/defaults.ts';
import type { RuleContext } from '../context.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'policy/conflicting-defaults',
    severity: 'error',
    perResource: true,
    title: 'Policies fill in different values for one identity',
    why: 'Which of them counts would be chance, and a change of either would reissue the credential. None of them is filled in, and nothing is issued before it is clear.',
    remedy:
      'Write the value in the manifest, let one of the policies extend the other, whose defaults then count less, or make their selectors apart.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable) continue;
      for (const { path, conflict } of defaultsFor(identity, index).fields) {
        const [first, second] = conflict;
        if (first === undefined || second === undefined) continue;
        if (valueAt({ spec: identity.spec as never }, path) !== undefined) continue;
        const field = formatPath(path);
        const names = conflict.map(({ by }) => by.name).join(', ');
        yield {
          ...report(
            identity,
            path,
            `policies fill in different values for ${field} (${names}); write it here`,
            {
              part: 'key',
              related: conflict.map(({ by, at, value }) =>
                relatedTo(by, at, `policy ${by.name} fills in ${JSON.stringify(value)}`),
              ),
            },
          ),
          policy: sourceOf(first),
        };
      }
    }
  },
};

/** No exception is made: what would count instead is not what either of them says. */
function sourceOf({ by, at }: Given): PolicySource {
  return { name: by.name, origin: 'project', binding: true, file: by.file, range: by.locate(at, 'key') };
}
