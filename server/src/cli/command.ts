import type { ExitCode } from '../app/failure.ts';
import type { Terminal } from './terminal.ts';

interface OptionBase {
  readonly describe: string;
  readonly short?: string;
}

export type OptionSpec =
  | (OptionBase & { readonly type: 'flag' })
  | (OptionBase & {
      readonly type: 'value';
      /** What stands for the value in help: FILE, REASON. */
      readonly value: string;
      readonly choices?: readonly string[];
      readonly default?: string;
    })
  /** May be given several times. */
  | (OptionBase & { readonly type: 'list'; readonly value: string });

export type Options = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec> = Spec extends undefined
  ? undefined
  : Spec extends { type: 'flag' }
    ? boolean
    : Spec extends { type: 'list' }
      ? readonly string[]
      : Spec extends { choices: readonly (infer Choice)[] }
        ? Spec extends { default: string }
          ? Choice
          : Choice | undefined
        : Spec extends { default: string }
          ? string
          : string | undefined;

export type Values<Specs extends Options> = { readonly [Name in keyof Specs]: ValueOf<Specs[Name]> };

/** What a command is lent by the process: nothing else of it is touched. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C while an action runs: it stops between steps. */
  readonly signal: AbortSignal;
}

export interface Invocation<Specs extends Options> extends Surroundings {
  readonly options: Values<Specs>;
  readonly operands: readonly string[];
}

export interface Operands {
  /** As help shows them: `KIND/[NAMESPACE/]NAME…`. */
  readonly usage: string;
  readonly minimum: number;
  readonly maximum: number;
}

interface CommandFace {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** A few sentences for the command's own help. */
  readonly details: string;
  readonly operands: Operands;
  readonly examples: readonly string[];
  /** Options that other commands have and this one refuses, with the reason. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** A row of the command table, with the types of its options folded away. */
export interface Command extends CommandFace {
  readonly options: Options;
  invoke(values: Values<Options>, operands: readonly string[], surroundings: Surroundings): Promise<ExitCode>;
}

export const NO_OPERANDS: Operands = { usage: '', minimum: 0, maximum: 0 };

export function command<const Specs extends Options>(
  spec: CommandFace & {
    readonly options: Specs;
    run(invocation: Invocation<Specs>): Promise<ExitCode>;
  },
): Command {
  const { run, ...face } = spec;
  return {
    ...face,
    invoke: (values, operands, surroundings) =>
      // The parser made `values` from these very specs, so their types agree.
      run({ ...surroundings, operands, options: values as Values<Specs> }),
  };
}
