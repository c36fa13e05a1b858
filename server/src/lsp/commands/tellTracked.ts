import { shellWord } from '../../core/text/shellWord.ts';
import { visible } from '../../core/text/visible.ts';
import { text } from './arguments.ts';
import { type Command, projectOf } from './command.ts';

/** Of a file with a secret that git tracks: what to do, and what stays. Nothing is changed here. */
export const tellTracked: Command = {
  name: 'idac.tellTracked',
  async run(call): Promise<null> {
    const file = text(call.args, 'file');
    const { root } = await projectOf(call);
    const how =
      visible(file) === file
        ? `run \`git rm --cached -- ${shellWord(file)}\``
        : 'take it out of the index with `git rm --cached`, its name as `git ls-files` writes it';
    call.session.client.tell(
      'info',
      `git tracks ${visible(file)}, so .gitignore does not count for it. In ${visible(root)}, ${how}, add it to .gitignore and commit. ` +
        'The history keeps what was committed: rotate what the secret belongs to. `idac scan --history` tells where it stands.',
    );
    return null;
  },
};
