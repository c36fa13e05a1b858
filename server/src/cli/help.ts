import type { Command, OptionSpec } from './command.ts';
import { table } from './output/table.ts';
import { BLANK, indent, type Line, line, paragraph, span } from './output/text.ts';

export function overview(commands: readonly Command[], columns: number): readonly Line[] {
  return [
    line(span('idac', 'strong'), ': machine identities, declared beside the code that uses them'),
    BLANK,
    line(span('Usage', 'strong'), '  idac COMMAND [options]'),
    BLANK,
    line(span('Commands', 'strong')),
    ...indent(
      2,
      table(
        [{ title: '' }, { title: '', shrink: 1 }],
        commands.map((each) => [span(each.name, 'accent'), each.summary]),
        { columns: columns - 2, header: false },
      ),
    ),
    BLANK,
    line(span('Exit codes', 'strong')),
    ...indent(
      2,
      EXIT_CODES.map(([code, meaning]) => line(span(code, 'accent'), `  ${meaning}`)),
    ),
    BLANK,
    line('`idac COMMAND --help` tells about one command, `idac --version` which version this is.'),
  ];
}

const EXIT_CODES = [
  ['0', 'clean, done'],
  ['1', 'findings at or above --fail-on, or refused'],
  ['2', 'bad usage or an internal error'],
  ['3', 'a backend failed, nothing is half done'],
  ['4', 'unfinished: idac resume'],
] as const;

export function commandHelp(command: Command, columns: number): readonly Line[] {
  const usage = ['idac', command.name, command.operands.usage, '[options]'].filter((part) => part !== '');
  return [
    line(span(`idac ${command.name}`, 'strong'), `: ${command.summary}`),
    BLANK,
    line(span('Usage', 'strong'), `  ${usage.join(' ')}`),
    BLANK,
    ...paragraph([], command.details, columns),
    BLANK,
    line(span('Options', 'strong')),
    ...optionLines(command, columns),
    ...(command.examples.length === 0
      ? []
      : [
          BLANK,
          line(span('Examples', 'strong')),
          ...command.examples.map((each) => line('  ', span(each, 'accent'))),
        ]),
  ];
}

function optionLines(command: Command, columns: number): readonly Line[] {
  const rows = Object.entries(command.options).map(([name, spec]) => ({
    short: spec.short === undefined ? '    ' : `-${spec.short}, `,
    long: optionSyntax(name, spec),
    describe: describeOption(spec),
  }));
  const width = Math.max(...rows.map((row) => row.long.length));
  return rows.flatMap((row) =>
    paragraph(
      line('  ', span(row.short, 'accent'), span(row.long.padEnd(width), 'accent'), '  '),
      row.describe,
      columns,
    ),
  );
}

/** `--format text|json`, `--reason REASON`, `--plan`. */
function optionSyntax(name: string, spec: OptionSpec): string {
  switch (spec.type) {
    case 'flag':
      return `--${name}`;
    case 'value':
      return `--${name} ${spec.choices !== undefined && spec.choices.join('|').length <= 40 ? spec.choices.join('|') : spec.value}`;
    case 'list':
      return `--${name} ${spec.value}`;
    default:
      return spec satisfies never;
  }
}

function describeOption(spec: OptionSpec): string {
  const fallback = spec.type === 'value' && spec.default !== undefined ? ` (default: ${spec.default})` : '';
  return `${spec.describe}${fallback}`;
}
