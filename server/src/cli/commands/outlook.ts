import { EXIT } from '../../app/failure.ts';
import { lifetimesOf } from '../../app/outlook.ts';
import { outlookOf } from '../../core/outlook/outlook.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { json } from '../output/json.ts';
import { outlookText } from '../output/outlookText.ts';
import { clockOf, NOW, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { wholeNumber } from '../wholeNumber.ts';
import { withProject } from '../withProject.ts';

export const outlook = command({
  name: 'outlook',
  summary: 'what ends when, whose it is, who issues it, and which keys there are',
  details:
    'Counts all identities of the project, as they are or, with --on, as they would be on a later day if nobody renewed anything until then. Reads manifests and records; nothing is contacted.',
  operands: NO_OPERANDS,
  examples: ['idac outlook', 'idac outlook --on 2030-03-12', 'idac outlook --format json'],
  options: {
    on: {
      type: 'value',
      value: 'ISO-8601',
      describe: 'the day to look ahead to, such as 2030-03-12',
    },
    limit: {
      type: 'value',
      value: 'N',
      default: '10',
      describe: 'so many owners and issuers are named, those most at risk first',
    },
    ...TEXT_OR_JSON,
    ...NOW,
    ...ROOT,
  },
  run: (invocation) =>
    withProject(invocation, { unlocks: false }, async (project) => {
      const { options, terminal, signal } = invocation;
      const limit = wholeNumber('limit', options.limit, 1);
      const now = (clockOf(options.now) ?? { now: () => new Date() }).now();
      const on = clockOf(options.on, 'on')?.now() ?? now;
      const rows = await project.inventory(signal);
      const seen = outlookOf(lifetimesOf(rows, project.workspace.index(), ''), { now, on, limit });
      if (options.format === 'json') terminal.data(json({ outlook: seen }));
      else terminal.out(outlookText(seen, terminal.tableColumns));
      return EXIT.clean;
    }),
});
