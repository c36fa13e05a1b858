import type { UnfinishedAction } from '../../app/api.ts';
import { optionalText } from './arguments.ts';
import { type Command, projectOf } from './command.ts';

/** Actions that were interrupted, of one project or of all that are open. */
export const unfinished: Command = {
  name: 'idac.unfinished',
  async run(call) {
    const { session, args, signal } = call;
    if (!session.trusted()) return [];
    const projects =
      optionalText(args, 'uri') === undefined ? await session.projects.all() : [await projectOf(call)];
    const found: UnfinishedAction[] = [];
    for (const { project } of projects) found.push(...(await project.actions.unfinished(signal)));
    return found;
  },
};
