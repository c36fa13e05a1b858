import type { TaskOf } from '../../../core/lifecycle/task.ts';
import type { MadeCredential } from '../issuers/issuer.ts';
import { issuerOf } from '../issuers/issuers.ts';
import { stagedKeyName, stagedTokenName } from './stagedSecret.ts';
import type { Step, StepContext, StepRun } from './step.ts';
import { eventOf } from './step.ts';

type IssueTask = TaskOf<'issue'>;

function acted(
  task: IssueTask,
  context: StepContext,
  made: MadeCredential,
): Extract<StepRun, { state: 'acted' }> {
  const { key } = task;
  const { facts, publicText, anchorText, told } = made;
  return {
    state: 'acted',
    outcome: {
      verb: 'issue',
      credential: facts,
      publicText,
      anchorText,
      ...(told === undefined ? {} : { told }),
    },
    events: [
      eventOf(context, task, task.eventId, {
        type: 'issued',
        backend: task.backend,
        credential: facts,
        publicText,
        ...(key === null
          ? {}
          : {
              key: {
                origin: key.origin,
                algorithm: key.algorithm,
                ...(key.store === undefined ? {} : { store: key.store }),
                ...(key.keyId === undefined ? {} : { keyId: key.keyId }),
              },
            }),
        replaces: task.replaces,
        specDigest: task.specDigest,
        declaredIn: task.declaredIn,
      }),
    ],
  };
}

/** Where the secret waits that comes with the credential; undefined where none does. */
function secretName({ request, key, generation }: IssueTask): string | undefined {
  if (request.kind === 'Token') return stagedTokenName(generation);
  return key?.origin === 'service' ? stagedKeyName(generation) : undefined;
}

/** What is shown once is staged sealed at once, and only then counts as made. */
async function stage(task: IssueTask, { staged }: StepContext, made: MadeCredential): Promise<void> {
  const name = secretName(task);
  if (made.secret !== null && name !== undefined) await staged.put(name, made.secret);
}

/** Has the credential made. The request id makes it one credential, however often this runs. */
export const issue: Step<'issue'> = {
  async run(task, context, signal) {
    const issuer = await issuerOf(context.services, task.backend, context.identity.kind, signal);
    const name = secretName(task);
    const isStaged = name === undefined || (await context.staged.get(name)) !== undefined;
    if (context.resumed && isStaged) {
      const made = await issuer.made(task, signal);
      if (made !== undefined) return acted(task, context, made);
    }
    const outcome = await issuer.make(task, context, signal);
    if (outcome.state === 'pending') return { state: 'pending', retryAt: outcome.retryAt, why: outcome.why };
    await stage(task, context, outcome.made);
    return acted(task, context, outcome.made);
  },

  /** What was issued cannot be unmade: it is revoked, unused, and the record says that it is to be forgotten. */
  async undo(task, context, signal) {
    const issuer = await issuerOf(context.services, task.backend, context.identity.kind, signal);
    const made = await issuer.made(task, signal);
    if (made === undefined) {
      await issuer.abandon?.(task, signal);
      return [];
    }
    const { serialNumber } = made.facts;
    const { newId } = context.services;
    const revocable = issuer.facts.revocationReasons.includes('cessationOfOperation');
    const revoked = revocable ? await issuer.revoke(serialNumber, 'cessationOfOperation', signal) : undefined;
    await issuer.abandon?.(task, signal);
    await issuer.publish?.(signal);
    const recorded = context.view.events.some((event) => event.id === task.eventId);
    return [
      ...(recorded ? [] : acted(task, context, made).events),
      ...(revoked === undefined
        ? []
        : [
            eventOf(context, task, newId(), {
              type: 'revoked',
              backend: task.backend,
              serialNumber,
              reason: revoked.reason,
              revokedAt: revoked.at,
            }),
          ]),
      eventOf(context, task, newId(), { type: 'forgotten', why: 'the action that made it was undone' }),
    ];
  },
};
