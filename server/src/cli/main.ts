import { expectShortRun } from '../app/shortRun.ts';
import { commands } from './commands.ts';
import { run } from './run.ts';
import { onSignals } from './signals.ts';
import { processTerminal } from './terminal.ts';

// The language server stays.
if (process.argv[2] !== 'lsp') expectShortRun();

const terminal = processTerminal(process.env);
// A reader that went away (`idac inventory | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

process.exitCode = await run(process.argv.slice(2), commands, {
  terminal,
  environment: process.env,
  cwd: process.cwd(),
  signal: onSignals(terminal),
});
