import type { InventoryRow } from '../../app/api.ts';
import { EXIT, UsageError } from '../../app/failure.ts';
import { impactReport } from '../../app/impact.ts';
import { replacementFor } from '../../app/replacement.ts';
import { DEFAULT_NAMESPACE } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { breakableAt } from '../../core/impact/dependents.ts';
import type { Replacement } from '../../core/impact/replacement/replacement.ts';
import { impactSubjects } from '../../core/impact/subjects.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { command } from '../command.ts';
import { meant } from '../meant.ts';
import { impactText } from '../output/impactText.ts';
import { json } from '../output/json.ts';
import { replacementText } from '../output/replacementText.ts';
import { BLANK } from '../output/text.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { wholeNumber } from '../wholeNumber.ts';
import { withProject } from '../withProject.ts';

export const impact = command({
  name: 'impact',
  summary:
    'what breaks if a backend, key, machine, identity, algorithm or library falls, and what to do instead',
  details:
    'Follows what manifests say of each other: who issues, where a key is kept and a copy delivered, which anchors are trusted, which machine bears what, who consumes it; and what has the same key, by the records. Of an algorithm, a library or a backend also in which order to replace what, by which algorithm or backend, and what cannot be replaced yet. Nothing is contacted.',
  operands: { usage: 'KIND/[NAMESPACE/]NAME | Algorithm/NAME | Library/NAME', minimum: 1, maximum: 1 },
  examples: [
    'idac impact Backend/internal-ca',
    'idac impact Machine/payments/payments-1 --format json',
    'idac impact Algorithm/RSA-2048',
    'idac impact Algorithm/SHA-1',
    'idac impact Library/openssl',
  ],
  options: {
    limit: {
      type: 'value',
      value: 'N',
      default: '50',
      describe: 'so many of each layer are named; more of them are summed up by owner',
    },
    ...TEXT_OR_JSON,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, operands, terminal, signal } = invocation;
      const limit = wholeNumber('limit', options.limit, 2);
      const rows = await project.inventory(signal);
      const index = project.workspace.index();
      const [kind = '', name = ''] = (operands[0] ?? '').split('/');
      const replaced = async (of: 'Algorithm' | 'Library' | 'Backend'): Promise<Replacement> => {
        const [events, offers] = [await project.recorded(signal), await project.offers(signal)];
        const answer = replacementFor(of, name, { rows, events, offers });
        if (answer.ok) return answer.replacement;
        throw new UsageError(
          `nothing here has the ${of.toLowerCase()} "${name}"`,
          `It is one of ${answer.known.join(', ')}${of === 'Algorithm' ? ', a family, a digest, or quantum-vulnerable' : ''}.`,
        );
      };
      if (kind === 'Algorithm' || kind === 'Library') {
        const replacement = await replaced(kind);
        if (options.format === 'json') terminal.data(json({ replacement }));
        else terminal.out(replacementText(replacement, limit, terminal.tableColumns));
        return EXIT.clean;
      }
      const subject = subjectOf(operands[0] ?? '', index, rows);
      const report = impactReport(subject, index, rows, limit);
      const replacement = subject.kind === 'Backend' ? await replaced('Backend') : undefined;
      if (options.format === 'json')
        terminal.data(json({ impact: report, ...(replacement && { replacement }) }));
      else
        terminal.out([
          ...impactText(report, terminal.tableColumns),
          ...(replacement === undefined || replacement.hits.length === 0
            ? []
            : [BLANK, ...replacementText(replacement, limit, terminal.tableColumns)]),
        ]);
      return EXIT.clean;
    }),
});

/** A name without a namespace is one of a kind that has none, or of the namespace `default`. */
function subjectOf(text: string, index: ProjectIndex, rows: readonly InventoryRow[]): Resource {
  const [kind = '', second = '', third] = text.split('/');
  const found =
    third === undefined
      ? (breakableAt(index, { kind, namespace: '', name: second }) ??
        breakableAt(index, { kind, namespace: DEFAULT_NAMESPACE, name: second }))
      : breakableAt(index, { kind, namespace: second, name: third });
  if (found !== undefined) return found;
  const known = impactSubjects(index, rows, '', index.resources.length).map(({ key }) => key);
  const guess = meant(text, known);
  throw new UsageError(
    `no manifest declares "${text}"`,
    guess === undefined ? 'Write it as KIND/NAME or KIND/NAMESPACE/NAME.' : `Is it ${guess}?`,
  );
}
