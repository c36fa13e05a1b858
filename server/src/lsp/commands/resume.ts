import { invalid, text } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';
import { finish, resumeAction } from './finish.ts';

/** Finishes or undoes an action that was interrupted. It was confirmed when it began. */
export const resume: Command = {
  name: 'idac.resume',
  async run(call) {
    const planId = text(call.args, 'planId');
    const how = text(call.args, 'how');
    if (how !== 'forward' && how !== 'undo') throw invalid('"how" is forward or undo');
    const refused = refusedUntrusted(call.session);
    if (refused !== undefined) return finish(call, undefined, refused);
    return resumeAction(call, await projectOf(call), planId, how);
  },
};
