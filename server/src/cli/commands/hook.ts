import path from 'node:path';
import { EXIT, UsageError } from '../../app/failure.ts';
import { command } from '../command.ts';
import { meant } from '../meant.ts';
import { json } from '../output/json.ts';
import { line, span } from '../output/text.ts';
import { ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';

const WAYS = ['install', 'remove', 'status'] as const;

export const hook = command({
  name: 'hook',
  summary: 'have git scan each commit before it is made',
  details:
    '`install` writes the pre-commit hook of this work tree, which runs `idac scan --staged` and stops a commit with a private key or token in it; `git commit --no-verify` goes past it. A hook that is there already, and folders of hooks that other tools keep, are left alone. `remove` takes ours away, `status` says which there is.',
  operands: { usage: 'install | remove | status', minimum: 1, maximum: 1 },
  examples: ['idac hook install', 'idac hook status --format json'],
  options: { ...TEXT_OR_JSON, ...ROOT },
  async run({ options, operands, terminal, cwd, signal }) {
    const [given = ''] = operands;
    const way = WAYS.find((each) => each === given);
    if (way === undefined)
      throw new UsageError(
        `idac hook has no "${given}"`,
        `Write \`idac hook ${meant(given, WAYS) ?? 'install'}\`. There are ${WAYS.join(', ')}.`,
      );
    const { preCommitHook } = await import('../../app/scan/preCommitHook.ts');
    const program = [process.execPath, path.resolve(process.argv[1] ?? '')];
    const { now, changed } = await preCommitHook(
      way,
      path.resolve(cwd, options.root ?? '.'),
      program,
      signal,
    );
    const where = now.state === 'elsewhere' ? now.folder : now.file;
    if (options.format === 'json') terminal.data(json({ state: now.state, path: where, changed }));
    else terminal.out([line(STATES[now.state], span(`  ${where}`, 'quiet'))]);
    return EXIT.clean;
  },
});

const STATES = {
  ours: 'each commit is scanned before it is made',
  absent: 'commits are not scanned',
  others: 'there is a hook of somebody else',
  elsewhere: 'git looks for its hooks elsewhere',
} as const;
