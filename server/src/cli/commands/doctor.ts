import { EXIT } from '../../app/failure.ts';
import { command, NO_OPERANDS } from '../command.ts';
import { checklist } from '../output/checklistText.ts';
import { json } from '../output/json.ts';
import { BLANK, line, paragraph, span } from '../output/text.ts';
import { PASSPHRASE_FILE, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { withProject } from '../withProject.ts';

export const doctor = command({
  name: 'doctor',
  summary: 'check backends, key store, records and unfinished actions',
  details:
    'Connects to every backend that the project declares, changes nothing, and says for whatever is not as it should be what to do. Exit 1 when something is not.',
  operands: NO_OPERANDS,
  examples: ['idac doctor'],
  options: { ...TEXT_OR_JSON, ...PASSPHRASE_FILE, ...ROOT },
  run: (invocation) =>
    withProject(invocation, { unlocks: true }, async (project) => {
      const { options, terminal, signal } = invocation;
      const report = await project.doctor(signal);
      if (options.format === 'json') {
        terminal.data(json({ ...report }));
      } else {
        for (const section of report.sections) {
          const items = section.checks.map(({ ok, ...rest }) => ({
            ...rest,
            outcome: ok ? ('ok' as const) : ('failed' as const),
          }));
          const notes = section.notes.flatMap((note) =>
            paragraph([span('  note     ', 'quiet')], note, terminal.columns, 'quiet'),
          );
          terminal.out([
            line(span(section.title, 'strong')),
            ...checklist(items, terminal.columns),
            ...notes,
            BLANK,
          ]);
        }
        terminal.out([
          line(
            report.ok
              ? span('All is well.', 'good')
              : span('Something needs attention, see above.', 'warning'),
          ),
        ]);
      }
      return report.ok ? EXIT.clean : EXIT.findings;
    }),
});
