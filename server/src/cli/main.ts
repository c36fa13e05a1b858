import { commands } from './commands.ts';
import { line, span } from './output/text.ts';
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal(process.env);
const cancelled = new AbortController();

// The first Ctrl-C stops an action between two steps, where nothing is half done; the second ends the process.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (cancelled.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    terminal.err([
      line(span('Stopping as soon as the current step is done. Once more ends idac now.', 'warning')),
    ]);
    cancelled.abort();
  });
}
// A reader that went away (`idac inventory | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

process.exitCode = await run(process.argv.slice(2), commands, {
  terminal,
  environment: process.env,
  cwd: process.cwd(),
  signal: cancelled.signal,
});
