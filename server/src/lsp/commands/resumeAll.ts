import type { Refusal } from '../../app/api.ts';
import type { OutcomeOfAll } from '../protocol.ts';
import { invalid, readArguments, text } from './arguments.ts';
import { type Command, refusedUntrusted } from './command.ts';
import { type Interrupted, resumeActions } from './finishAll.ts';

/** Finishes or undoes several actions that were interrupted. They were confirmed when they began. */
export const resumeAll: Command = {
  name: 'idac.resumeAll',
  async run(call): Promise<OutcomeOfAll | Refusal> {
    const { actions } = call.args;
    const how = text(call.args, 'how');
    if (how !== 'forward' && how !== 'undo') throw invalid('"how" is forward or undo');
    if (!Array.isArray(actions) || actions.length === 0) throw invalid('"actions" is a list of actions');
    const interrupted = (actions as readonly unknown[]).map((given): Interrupted => {
      const own = readArguments(given);
      return { planId: text(own, 'planId'), uri: text(own, 'uri') };
    });
    return refusedUntrusted(call.session) ?? resumeActions(call, interrupted, how);
  },
};
