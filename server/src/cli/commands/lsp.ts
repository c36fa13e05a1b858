import { EXIT, UsageError } from '../../app/failure.ts';
import { command, NO_OPERANDS } from '../command.ts';

export const lsp = command({
  name: 'lsp',
  summary: 'the language server, for any editor',
  details:
    'Speaks the Language Server Protocol. Without --trusted the folders are only analysed: no git, no backend, no action. docs/lsp.md lists its methods.',
  operands: NO_OPERANDS,
  examples: ['idac lsp --stdio'],
  options: {
    stdio: { type: 'flag', describe: 'talk over standard input and output' },
    'node-ipc': { type: 'flag', describe: 'talk over the channel of the Node process that started it' },
    pipe: { type: 'value', value: 'NAME', describe: 'talk over a named pipe' },
    socket: { type: 'value', value: 'PORT', describe: 'talk over a socket' },
    clientProcessId: { type: 'value', value: 'PID', describe: 'end when this process ends' },
    trusted: { type: 'flag', describe: 'the folders are trusted: backends may be used' },
  },
  async run({ options }) {
    if (
      !options.stdio &&
      !options['node-ipc'] &&
      options.pipe === undefined &&
      options.socket === undefined
    ) {
      throw new UsageError(
        'The language server needs to know how to talk',
        'Most editors want `idac lsp --stdio`.',
      );
    }
    // The server ends when its client says so or goes away; signals end it at once.
    for (const name of ['SIGINT', 'SIGTERM']) process.removeAllListeners(name);
    // It reads its own arguments, as every language server built on this library does, and ends the process itself.
    await import('../../lsp/main.ts');
    return EXIT.clean;
  },
});
