import { parseArgs } from 'node:util';
import { UsageError } from '../app/failure.ts';
import type { Command, OptionSpec, Options, Values } from './command.ts';
import { meant } from './meant.ts';

export interface Parsed {
  readonly values: Values<Options>;
  readonly operands: readonly string[];
  readonly help: boolean;
}

/** The arguments after the command's name. Throws `UsageError` that names the nearest thing that exists. */
export function parse(command: Command, args: readonly string[]): Parsed {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: parserOptions(command.options),
  });
  const values = defaults(command.options);
  const operands: string[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') {
      help = true;
      continue;
    }
    const spec = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (spec === undefined) throw unknownOption(command, token.name, token.rawName);
    const given =
      token.inlineValue === false && token.value.startsWith('-') && token.value !== '-'
        ? undefined
        : token.value;
    const value = readValue(command, spec, token.name, given);
    const before = values[token.name];
    values[token.name] = Array.isArray(before) ? [...before, String(value)] : value;
  }
  if (!help) checkOperands(command, operands);
  return { values: values as Values<Options>, operands, help };
}

function parserOptions(options: Options) {
  const help = { type: 'boolean' as const, short: 'h' };
  return Object.fromEntries([
    ...Object.entries(options).map(([name, spec]) => [
      name,
      {
        type: spec.type === 'flag' ? ('boolean' as const) : ('string' as const),
        ...(spec.short === undefined ? {} : { short: spec.short }),
        multiple: true,
      },
    ]),
    ['help', help],
  ]);
}

type Value = boolean | string | readonly string[];

function defaults(options: Options): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, spec] of Object.entries(options)) {
    if (spec.type === 'flag') values[name] = false;
    else if (spec.type === 'list') values[name] = [];
    else if (spec.default !== undefined) values[name] = spec.default;
  }
  return values;
}

function readValue(
  command: Command,
  spec: OptionSpec,
  name: string,
  given: string | undefined,
): boolean | string {
  if (spec.type === 'flag') {
    if (given !== undefined) throw new UsageError(`--${name} takes no value`, `Write it as --${name}.`);
    return true;
  }
  if (given === undefined || given === '') {
    throw new UsageError(
      `--${name} needs a value`,
      `Write it as --${name} ${spec.value}. ${helpHint(command)}`,
    );
  }
  if (spec.type === 'value' && spec.choices !== undefined && !spec.choices.includes(given)) {
    const guess = meant(given, spec.choices);
    throw new UsageError(
      `--${name} cannot be "${given}"`,
      guess === undefined ? `It is one of ${spec.choices.join(', ')}.` : `Did you mean "${guess}"?`,
    );
  }
  return given;
}

function unknownOption(command: Command, name: string, rawName: string): UsageError {
  const refused = Object.hasOwn(command.refused ?? {}, name) ? command.refused?.[name] : undefined;
  if (refused !== undefined) return new UsageError(`idac ${command.name} does not take ${rawName}`, refused);
  const guess = meant(name, [...Object.keys(command.options), 'help']);
  return new UsageError(
    `idac ${command.name} has no option ${rawName}`,
    guess === undefined ? helpHint(command) : `Did you mean --${guess}? ${helpHint(command)}`,
  );
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { minimum, maximum, usage } = command.operands;
  if (operands.length < minimum) throw new UsageError(`${usage} is missing`, helpHint(command));
  const extra = operands[maximum];
  if (extra !== undefined) {
    throw new UsageError(
      `"${extra}" is one argument too many`,
      usage === '' ? `idac ${command.name} takes options only. ${helpHint(command)}` : helpHint(command),
    );
  }
}

function helpHint(command: Command): string {
  return `\`idac ${command.name} --help\` lists its options.`;
}
