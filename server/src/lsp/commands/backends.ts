import { wantsSignIn } from '../signInOffer.ts';
import { optionalText } from './arguments.ts';
import { type Command, projectOf } from './command.ts';

export interface DeclaredBackend {
  readonly backend: string;
  readonly type: string;
  /** Of the project. */
  readonly root: string;
  /** Its address is not confirmed, a login is missing, or the one that is kept is refused. */
  readonly signIn: boolean;
}

/** Which backends there are to sign in to, of one project or of all that are open. Nothing is contacted. */
export const backends: Command = {
  name: 'idac.backends',
  async run(call): Promise<readonly DeclaredBackend[]> {
    const { session, args, signal } = call;
    if (!session.trusted()) return [];
    const projects =
      optionalText(args, 'uri') === undefined ? await session.projects.all() : [await projectOf(call)];
    const found: DeclaredBackend[] = [];
    for (const opened of projects) {
      await opened.state.snapshot(signal);
      for (const { name, spec, usable } of opened.project.workspace.index().backends()) {
        if (!usable) continue;
        const signIn = await wantsSignIn(session, opened, name);
        found.push({ backend: name, type: spec.type, root: opened.uri, signIn });
      }
    }
    return found;
  },
};
