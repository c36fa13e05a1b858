import type { InventoryRow } from '../../app/api.ts';
import { EXIT, UsageError } from '../../app/failure.ts';
import { impactReport } from '../../app/impact.ts';
import { DEFAULT_NAMESPACE } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { breakableAt } from '../../core/impact/dependents.ts';
import { impactSubjects } from '../../core/impact/subjects.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { command } from '../command.ts';
import { meant } from '../meant.ts';
import { impactText } from '../output/impactText.ts';
import { json } from '../output/json.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { wholeNumber } from '../wholeNumber.ts';
import { withProject } from '../withProject.ts';

export const impact = command({
  name: 'impact',
  summary: 'what breaks if a backend, key, machine, trust bundle or identity breaks',
  details:
    'Follows what manifests say of each other: who issues, where a key is kept and a copy delivered, which anchors are trusted, which machine bears what, who consumes it; and what has the same key, by the records. Nothing is contacted.',
  operands: { usage: 'KIND/[NAMESPACE/]NAME', minimum: 1, maximum: 1 },
  examples: ['idac impact Backend/internal-ca', 'idac impact Machine/payments/payments-1 --format json'],
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
      const report = impactReport(subjectOf(operands[0] ?? '', index, rows), index, rows, limit);
      if (options.format === 'json') terminal.data(json({ impact: report }));
      else terminal.out(impactText(report, terminal.tableColumns));
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
