import { EXIT, UsageError } from '../../app/failure.ts';
import { migrationOf } from '../../app/migration.ts';
import { migrationMarkdown } from '../../core/migration/markdown.ts';
import { RULE_SETS } from '../../core/migration/ruleSets.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { json } from '../output/json.ts';
import { migrationText } from '../output/migrationText.ts';
import { parseSelector } from '../selection.ts';
import { clockOf, NOW, ROOT, SELECTOR } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const migrate = command({
  name: 'migrate',
  summary: 'a dated plan to algorithms that last, in waves, by a rule set',
  details:
    'Trust anchors and authorities first; then what signs software, devices, and what would still count after the deadline; all else at renewals that happen anyhow. It plans and changes nothing: each step is a change of a manifest and a verb of this program. Nothing is contacted.',
  operands: NO_OPERANDS,
  examples: [
    'idac migrate',
    'idac migrate --rules cnsa-2.0',
    'idac migrate --format markdown > migration.md',
  ],
  options: {
    plan: { type: 'flag', describe: 'as without it: this command only plans' },
    rules: {
      type: 'value',
      value: 'SET',
      default: 'nist-ir-8547',
      describe: `which deadlines count: ${RULE_SETS.map(({ id }) => id).join(' or ')}`,
    },
    format: {
      type: 'value',
      value: 'FORMAT',
      choices: ['table', 'json', 'markdown'],
      default: 'table',
      describe: 'what is printed',
    },
    ...SELECTOR,
    ...NOW,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, terminal, signal } = invocation;
      const rules = RULE_SETS.find(({ id }) => id === options.rules);
      if (rules === undefined)
        throw new UsageError(
          `there is no rule set "${options.rules}"`,
          `It is one of ${RULE_SETS.map(({ id }) => id).join(', ')}.`,
        );
      const matches = options.selector === undefined ? () => true : parseSelector(options.selector);
      const now = (clockOf(options.now) ?? { now: () => new Date() }).now();
      const rows = (await project.inventory(signal)).filter((row) => matches(row.labels));
      const [events, offers] = [await project.recorded(signal), await project.offers(signal)];
      const plan = migrationOf({ rows, events, offers }, project.workspace.index(), rules, now);
      switch (options.format) {
        case 'json':
          terminal.data(json({ migration: plan }));
          break;
        case 'markdown':
          terminal.data(migrationMarkdown(plan, project.name));
          break;
        case 'table':
          terminal.out(migrationText(plan, terminal.tableColumns));
          break;
        default:
          return options.format satisfies never;
      }
      return EXIT.clean;
    }),
});
