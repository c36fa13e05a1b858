import { text } from './arguments.ts';
import { type Command, projectOf } from './command.ts';

/** Of a file with a secret that git tracks: what to do, and what stays. Nothing is changed here. */
export const tellTracked: Command = {
  name: 'idac.tellTracked',
  async run(call): Promise<null> {
    const file = text(call.args, 'file');
    await projectOf(call);
    call.session.client.tell(
      'info',
      `git tracks ${file}, so .gitignore does not count for it. Run \`git rm --cached -- ${file}\`, add it to .gitignore and commit. ` +
        'The history keeps what was committed: rotate what the secret belongs to. `idac scan --history` tells where it stands.',
    );
    return null;
  },
};
