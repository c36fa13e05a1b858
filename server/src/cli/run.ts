import { describeFailure, EXIT, type ExitCode, UsageError } from '../app/failure.ts';
import { VERSION } from '../app/version.ts';
import type { Command, Surroundings } from './command.ts';
import { commandHelp, overview } from './help.ts';
import { meant } from './meant.ts';
import { failureLines } from './output/failureText.ts';
import { parse } from './parse.ts';

/** One run of the command line: finds the command, parses, runs, and turns whatever happens into an exit code. */
export async function run(
  args: readonly string[],
  commands: readonly Command[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, environment } = surroundings;
  try {
    const [name, ...rest] = args;
    if (name === undefined) {
      terminal.err(overview(commands, terminal.columns));
      return EXIT.misuse;
    }
    if (name === '--version' || name === '-V') {
      terminal.data(`${VERSION}\n`);
      return EXIT.clean;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      const about = rest[0] === undefined ? undefined : find(commands, rest[0]);
      terminal.out(
        about === undefined ? overview(commands, terminal.columns) : commandHelp(about, terminal.columns),
      );
      return EXIT.clean;
    }
    const command = find(commands, name);
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

function find(commands: readonly Command[], name: string): Command {
  const found = commands.find((each) => each.name === name);
  if (found !== undefined) return found;
  const guess = meant(
    name,
    commands.map((each) => each.name),
  );
  throw new UsageError(
    name.startsWith('-') ? `idac has no option ${name}` : `idac has no command "${name}"`,
    guess === undefined ? '`idac --help` lists the commands.' : `Did you mean \`idac ${guess}\`?`,
  );
}
