import type { Confirmation, Refusal, UnfinishedAction } from '../../app/api.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { ConfirmAbandonRequest } from '../protocol.ts';
import type { Session } from '../session.ts';
import { verbTitle } from '../words.ts';
import { optionalText, text } from './arguments.ts';
import { type Command, projectOf, refusedUntrusted } from './command.ts';
import { finish } from './finish.ts';

/** Gives up an action that fails for good. The person is asked, whoever calls; nothing is done at a backend. */
export const abandon: Command = {
  name: 'idac.abandon',
  async run(call) {
    const { session, args, signal } = call;
    const planId = text(args, 'planId');
    const because = optionalText(args, 'because');
    const refused = refusedUntrusted(session);
    if (refused !== undefined) return finish(call, undefined, refused);
    const opened = await projectOf(call);
    const { actions } = opened.project;
    const action = (await actions.unfinished(signal)).find(({ plan }) => plan.id === planId);
    // What need not be given up is refused by the engine, in its own words and before anybody is asked.
    const confirmation =
      action?.abandonable === true ? await confirm(session, action, signal) : { confirmed: false };
    if ('refused' in confirmation) return finish(call, opened, confirmation);
    const result = await session.track(actions.abandon(planId, confirmation, because, signal));
    return finish(call, opened, result);
  },
};

async function confirm(
  session: Session,
  { plan, undoing, left }: UnfinishedAction,
  signal: AbortSignal,
): Promise<Confirmation | Refusal> {
  if (!session.client.confirms) return cannotAsk(plan);
  const answer: unknown = await session.client
    .ask(
      ConfirmAbandonRequest,
      {
        planId: plan.id,
        title: `Give up ${plan.verb} of ${formatSubject(plan)}?`,
        identity: formatIdentity(plan.identity),
        undoing,
        left,
        consequence:
          'Nothing more is done. The record says what was left, nobody looks after that, and the identity can be acted on again.',
        typedName: plan.identity.name,
      },
      signal,
    )
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`identity/confirmAbandon: ${String(error)}`);
    });
  if (typeof answer !== 'object' || answer === null) return { confirmed: false };
  const { confirmed, typed } = answer as Readonly<Record<string, unknown>>;
  if (confirmed !== true) return { confirmed: false };
  return typeof typed === 'string' ? { confirmed, typed } : { confirmed };
}

function cannotAsk({ id, verb, identity }: UnfinishedAction['plan']): Refusal {
  return {
    refused: true,
    code: 'refused/needs-confirmation',
    what: `${verbTitle(verb)} is given up only with its name typed, which this editor cannot ask for. Nothing was changed.`,
    hint: `In a terminal: idac resume ${id} --abandon`,
    identity,
  };
}
