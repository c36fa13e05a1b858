import type { ProjectInventory } from '../protocol.ts';
import { optionalText } from './arguments.ts';
import { type Command, type CommandCall, projectOf } from './command.ts';

/** What exists, whose it is, when it expires: of one project or of all that are open. */
export const inventory: Command = { name: 'idac.inventory', run: readInventory };

export async function readInventory(
  call: Pick<CommandCall, 'session' | 'args' | 'signal'>,
): Promise<readonly ProjectInventory[]> {
  const { session, args, signal } = call;
  const projects =
    optionalText(args, 'uri') === undefined ? await session.projects.all() : [await projectOf(call)];
  const answers: ProjectInventory[] = [];
  for (const { uri, project, state } of projects) {
    const { rows } = await state.snapshot(signal);
    answers.push({ root: uri, name: project.name, trusted: project.trusted, rows });
  }
  return answers;
}
