import { DEFAULT_JOBS, inJobs, oneIdentityEach } from '../../app/actions/jobs.ts';
import { refusalByChecks } from '../../app/actions/preflight.ts';
import type { ActionRequest, Refusal } from '../../app/api.ts';
import { describeFailure, isRefusal } from '../../app/failure.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Progress } from '../progress.ts';
import type { CheckedPlan } from '../protocol.ts';
import { identityKey, type Selected } from './selected.ts';

/** What is asked of all of them. */
export type Asked = Omit<ActionRequest, 'identity' | 'machine'>;

export type Part = Selected & ({ readonly plan: CheckedPlan } | { readonly refusal: Refusal });

/** Each by itself, and checked: what would be refused is known before anybody is asked. Changes nothing. */
export async function planAll(
  selected: readonly Selected[],
  asked: Asked,
  { signal, report }: Pick<Progress, 'signal' | 'report'>,
): Promise<readonly Part[]> {
  const parts = new Map<Selected, Part>();
  const groups = oneIdentityEach(selected, identityKey);
  await inJobs(groups.length, DEFAULT_JOBS, async (n) => {
    for (const each of groups[n] ?? []) {
      signal.throwIfAborted();
      parts.set(each, { ...each, ...(await planOne(each, asked, signal)) });
      report(`planning ${parts.size} of ${selected.length}`, 0);
    }
  });
  return selected.flatMap((each) => parts.get(each) ?? []);
}

async function planOne(
  { subject, opened }: Selected,
  asked: Asked,
  signal: AbortSignal,
): Promise<{ readonly plan: CheckedPlan } | { readonly refusal: Refusal }> {
  const { actions } = opened.project;
  try {
    const plan = await actions.plan({ ...asked, ...subject }, signal);
    if (isRefusal(plan)) return { refusal: plan };
    // At once: the next share of the same identity takes the place of this plan.
    const preflight = await actions.preflight(plan.id, signal);
    const against = refusalByChecks(plan, preflight);
    if (against !== undefined) return { refusal: against };
    const again = { ...asked, ...subject, identity: formatIdentity(subject.identity), uri: opened.uri };
    return { plan: { ...plan, preflight, again } };
  } catch (error) {
    signal.throwIfAborted();
    return { refusal: failureOf(error, subject) };
  }
}

/** One that cannot be planned or carried out keeps no other from its turn. */
export function failureOf(error: unknown, { identity }: Selected['subject']): Refusal {
  const { code, what, hint } = describeFailure(error);
  return { refused: true, code, what, hint, identity };
}
