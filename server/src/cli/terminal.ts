import { type Line, paint } from './output/text.ts';

/** The streams as the commands see them: data goes to `out`, talk to `err`. */
export interface Terminal {
  /** For prose. */
  readonly columns: number;
  /** For tables: in a pipe nothing is cut off. */
  readonly tableColumns: number;
  /** A person can be asked: standard input and standard error are terminals. */
  readonly interactive: boolean;
  /** Standard error is a terminal, so progress may be shown. */
  readonly showsProgress: boolean;
  /** Raw data: JSON, CSV, SARIF. */
  data(text: string): void;
  out(lines: readonly Line[]): void;
  err(lines: readonly Line[]): void;
  /** Replaces the last line on standard error; an empty line clears it. Nothing when there is no terminal. */
  status(line: Line): void;
}

const DEFAULT_COLUMNS = 100;
const WIDEST = 140;

export function processTerminal(environment: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  const outColour = wantsColour(environment, stdout.isTTY);
  const errColour = wantsColour(environment, stderr.isTTY);
  const showsProgress = stderr.isTTY && environment['TERM'] !== 'dumb';
  let status = false;
  const clear = () => {
    if (status) stderr.write('\r\u001b[K');
    status = false;
  };
  return {
    columns: Math.min(WIDEST, stdout.columns ?? stderr.columns ?? DEFAULT_COLUMNS),
    tableColumns: stdout.isTTY ? (stdout.columns ?? DEFAULT_COLUMNS) : Number.POSITIVE_INFINITY,
    interactive: stdin.isTTY && stderr.isTTY,
    showsProgress,
    data: (text) => void stdout.write(text),
    out: (lines) => {
      clear();
      stdout.write(paint(lines, outColour));
    },
    err: (lines) => {
      clear();
      stderr.write(paint(lines, errColour));
    },
    status: (content) => {
      if (!showsProgress) return;
      clear();
      if (content.length === 0) return;
      stderr.write(paint([content], errColour).trimEnd());
      status = true;
    },
  };
}

/** FORCE_COLOR over NO_COLOR (no-color.org) over what the stream is. */
export function wantsColour(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb') return false;
  return isTerminal;
}
