import path from 'node:path';
import { EXIT, UsageError } from '../../app/failure.ts';
import { projectRoots } from '../../app/projectRoot.ts';
import { NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import { isDay, isDayOver } from '../../core/text/day.ts';
import { command } from '../command.ts';
import { operandPath } from '../operandPath.ts';
import { json } from '../output/json.ts';
import { line, span } from '../output/text.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';

export const accept = command({
  name: 'accept',
  summary: 'judge that what a scan found is no secret, with a reason and an end',
  details: `Scans the file and writes what stands on that line to ${NOT_SECRETS_FILE}: its rule, a keyed hash of the value, the path, the reason and the day until which that holds. Further scans set it aside and count it. Another value at the same place is found again, and so is the same one after that day; an entry whose value is gone is reported. A secret does not become harmless by this: replace it.`,
  operands: { usage: 'FILE:LINE', minimum: 1, maximum: 1 },
  examples: ['idac accept test/parser.env:3 --because "made up for the parser\'s tests" --until 2030-01-31'],
  options: {
    because: { type: 'value', value: 'TEXT', describe: 'why it is no secret' },
    until: { type: 'value', value: 'YYYY-MM-DD', describe: 'the last day on which that holds' },
    rule: { type: 'value', value: 'RULE', describe: 'only what this rule found on the line' },
    ...TEXT_OR_JSON,
    ...ROOT,
  },
  async run({ options, operands: [operand = ''], terminal, cwd, signal }) {
    const { because, until, rule } = options;
    const [, file = '', number = ''] = /^(.+):([1-9][0-9]{0,8})$/.exec(operand) ?? [];
    if (file === '')
      throw new UsageError(
        `"${operand}" names no line`,
        'Write the file and the line as `idac scan` shows them: deploy/app.env:3.',
      );
    if (because === undefined || because.trim() === '')
      throw new UsageError('A judgement needs a reason', 'Say why it is no secret: --because TEXT.');
    if (until === undefined || !isDay(until) || isDayOver(until, new Date()))
      throw new UsageError(
        'A judgement needs an end',
        'Name the last day on which it holds, from today on: --until YYYY-MM-DD.',
      );
    const from = path.resolve(cwd, options.root ?? '.');
    const project = projectRoots().of(from, []);
    const target = path.resolve(from, file);
    const relative = operandPath(project, target, file, '-C names a folder of its project.');
    const { acceptSecrets } = await import('../../app/scan/acceptSecrets.ts');
    const accepted = await acceptSecrets(
      { project, path: relative, line: Number(number) - 1, rule, reason: because.trim(), until },
      signal,
    );
    if (accepted.length === 0)
      throw new UsageError(
        `No secret is found at ${operand}${rule === undefined ? '' : ` by ${rule}`}`,
        `\`idac scan ${file}\` shows what is found, and where.`,
      );
    const written = path.join(project, NOT_SECRETS_FILE);
    if (options.format === 'json')
      terminal.data(json({ file: written, accepted: accepted.map((each) => each.rule), until }));
    else
      terminal.out(
        accepted.map((each) =>
          line(`${relative}:${number} is set aside until ${until}`, span(`  ${each.rule}`, 'quiet')),
        ),
      );
    return EXIT.clean;
  },
});
