import { DEFAULT_JOBS, inJobs, oneIdentityEach } from '../../app/actions/jobs.ts';
import type { ActionResult, Plan, Refusal } from '../../app/api.ts';
import { isRefusal } from '../../app/failure.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { unlessStopped } from '../commands/unlessStopped.ts';
import type { Progress } from '../progress.ts';
import type { Agreed } from './confirmAll.ts';
import { type Asked, failureOf } from './planAll.ts';
import { identityKey } from './selected.ts';

type Agreement = Agreed['plans'][number];

/** `left`: stopped before its turn. */
export type Ended = ActionResult | Refusal | 'left';

/** Several identities at the same time; one that fails keeps no other from its turn. */
export async function carryOutAll(
  { plans }: Agreed,
  asked: Asked,
  { signal, report }: Pick<Progress, 'signal' | 'report'>,
): Promise<ReadonlyMap<Agreement, Ended>> {
  const ended = new Map<Agreement, Ended>();
  const groups = oneIdentityEach(plans, identityKey);
  const tell = (each: Agreement): void =>
    report(`${ended.size} of ${plans.length} · ${formatSubject(each.plan)}`, ended.size / plans.length);
  await inJobs(groups.length, DEFAULT_JOBS, async (n) => {
    for (const [place, each] of (groups[n] ?? []).entries()) {
      if (!signal.aborted) tell(each);
      const result = signal.aborted
        ? 'left'
        : await carryOutOne(each, groups[n]?.length === 1, place, asked, signal);
      ended.set(each, result);
      tell(each);
    }
  });
  return ended;
}

async function carryOutOne(
  { plan, opened, subject }: Agreement,
  isOnly: boolean,
  place: number,
  asked: Asked,
  signal: AbortSignal,
): Promise<Ended> {
  const { actions } = opened.project;
  try {
    return await unlessStopped(opened, plan, signal, async () => {
      const typed = { confirmed: true, typed: plan.confirmation.name };
      if (isOnly) return actions.execute(plan.id, plan.hash, typed, {}, signal);
      // The share before it has changed the record that they have in common, and with it the hash of this plan.
      const isAsAgreed = (now: Plan): boolean =>
        place === 0 ? now.hash === plan.hash : shapeOf(now) === shapeOf(plan);
      let asAgreed = true;
      const result = await actions.act(
        { ...asked, ...subject },
        (now) => {
          asAgreed = isAsAgreed(now);
          return asAgreed ? typed : { confirmed: false };
        },
        {},
        signal,
      );
      if (!asAgreed) return outdated(plan);
      return isRefusal(result) ? result : result.result;
    });
  } catch (error) {
    return failureOf(error, subject);
  }
}

/** All that the person was shown of it. What stands for a new key or generation differs in every plan. */
function shapeOf({ summary, steps, line, warnings, confirmation }: Plan): string {
  const shown = steps.map(({ generation: _generation, target, ...step }) => ({
    ...step,
    target: step.verb === 'make-key' ? null : (target ?? null),
  }));
  return JSON.stringify([summary, shown, line, warnings, confirmation]);
}

function outdated({ identity }: Plan): Refusal {
  return {
    refused: true,
    code: 'refused/plan-outdated',
    what: 'It would be done in another way now than was shown, after what was done before it.',
    hint: 'Plan it again and look at what is different.',
    identity,
  };
}
