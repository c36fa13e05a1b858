import { describeFailure, EXIT, type ExitCode, UsageError } from '../app/failure.ts';
import { VERSION } from '../app/version.ts';
import type { Command, Surroundings } from './command.ts';
import type { CommandTable } from './commands.ts';
import { commandHelp, overview } from './help.ts';
import { meant } from './meant.ts';
import { failureLines } from './output/failureText.ts';
import { parse } from './parse.ts';

/** One run of the command line: finds the command, parses, runs, and turns whatever happens into an exit code. */
export async function run(
  args: readonly string[],
  commands: CommandTable,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, environment } = surroundings;
  try {
    const [name, ...rest] = args;
    if (name === undefined) {
      terminal.err(overview(await all(commands), terminal.columns));
      return EXIT.misuse;
    }
    if (name === '--version' || name === '-V') {
      terminal.data(`${VERSION}\n`);
      return EXIT.clean;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      terminal.out(
        rest[0] === undefined
          ? overview(await all(commands), terminal.columns)
          : commandHelp(await find(commands, rest[0]), terminal.columns),
      );
      return EXIT.clean;
    }
    const command = await find(commands, name);
    const { values, operands, help } = parse(command, rest);
    if (help) {
      terminal.out(commandHelp(command, terminal.columns));
      return EXIT.clean;
    }
    return await command.invoke(values, operands, surroundings);
  } catch (error) {
    const failure = describeFailure(error);
    terminal.err(failureLines(failure, terminal.columns));
    if (environment['IDAC_DEBUG'] === '1' && error instanceof Error) {
      process.stderr.write(`${error.stack ?? error.message}\n`);
    }
    return failure.exitCode;
  }
}

function all(commands: CommandTable): Promise<readonly Command[]> {
  return Promise.all([...commands.values()].map((load) => load()));
}

function find(commands: CommandTable, name: string): Promise<Command> {
  const load = commands.get(name);
  if (load !== undefined) return load();
  const guess = meant(name, commands.keys());
  throw new UsageError(
    name.startsWith('-') ? `idac has no option ${name}` : `idac has no command "${name}"`,
    guess === undefined ? '`idac --help` lists the commands.' : `Did you mean \`idac ${guess}\`?`,
  );
}
