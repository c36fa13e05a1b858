import path from 'node:path';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity, sameIdentity } from '../../core/identity/identityId.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import type { ActionRequest, ActionResult, Plan, Refusal } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { type PlanningFacts, refusal } from '../../core/lifecycle/planning/facts.ts';
import { makePlan } from '../../core/lifecycle/planning/makePlan.ts';
import { overlap } from '../../core/lifecycle/planning/oneMachine.ts';
import type { PreviewedPlan } from '../../core/lifecycle/planning/preview/preview.ts';
import { previewPlan } from '../../core/lifecycle/planning/preview/previewPlan.ts';
import type { PlannedAction } from '../../core/lifecycle/task.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import type { ActionObserver, Actions, Confirmation, PreflightCheck } from '../api.ts';
import type { PackError } from '../policies/packError.ts';
import type { Workspace } from '../workspace.ts';
import { isAbandonable } from './abandon.ts';
import { addressesOf } from './addresses.ts';
import { goForward } from './carryOut.ts';
import { refuseConfirmation } from './confirmation.ts';
import { openInterrupted } from './interrupted.ts';
import type { JournalView } from './journal.ts';
import { JOURNAL_VERSION } from './journal.ts';
import type { JournalsNow } from './journals.ts';
import { openJournals } from './journals.ts';
import { beginJournal, type OpenJournal } from './openJournal.ts';
import { preflightOf, refuseByPreflight } from './preflight.ts';
import { readWorld, refusalOf } from './readWorld.ts';
import { refuseWithoutPolicies } from './refusePolicies.ts';
import type { Services } from './services.ts';
import { actionsWithStaged, eraseStaged, stagedOf } from './steps/stagedSecret.ts';
import { openTurns } from './turns.ts';
import { eventsElsewhere } from './worldAhead.ts';

export interface ActionsOptions {
  readonly services: Services;
  readonly workspace: Workspace;
  /** Folder of this project in the user's state: journals and locks, never in the work tree. */
  readonly stateFolder: string;
  /** Policies from outside that cannot be had: nothing is done without them. */
  readonly policyProblems: () => readonly PackError[];
  readonly trusted: boolean;
  readonly formerIdentities: (
    resource: Pick<IdentityResource, 'id' | 'formerNames'>,
  ) => readonly IdentityId[];
}

interface KeptPlan {
  readonly planned: PlannedAction;
  readonly request: ActionRequest;
}

/** How often what is old is looked for. */
const TIDY_MS = 3_600_000;

const UNTRUSTED = {
  code: 'untrusted',
  what: 'This workspace is not trusted, so no backend is contacted and nothing is changed.',
  hint: 'Trust the workspace first, if you know where it comes from.',
} as const;

export function openActions(options: ActionsOptions): Actions & {
  readonly journalsNow: () => Promise<JournalsNow>;
  readonly ownEvents: (signal: AbortSignal) => Promise<readonly IdentityEvent[]>;
} {
  const { services, workspace, stateFolder, trusted } = options;
  const journals = openJournals(path.join(stateFolder, 'journal'));
  const turns = openTurns(path.join(stateFolder, 'locks'));
  const plans = new Map<string, KeptPlan>();
  const untrusted = (identity: IdentityId) =>
    refusal(identity, UNTRUSTED.code, UNTRUSTED.what, UNTRUSTED.hint);

  /** Whether it is of the identity as it is called now, or was before it was renamed. */
  function isOf(identity: IdentityId): (of: IdentityId) => boolean {
    const resource = workspace.index().get(identity);
    const names = [identity, ...(resource === undefined ? [] : options.formerIdentities(resource))];
    return (of) => names.some((name) => sameIdentity(name, of));
  }

  /** Whose action runs in this process at the moment, by plan: its journal tells nothing to the actions of others. */
  const running = new Map<string, IdentityId>();
  const mayConcern = (isOurs: (of: IdentityId) => boolean) => (planId: string) => {
    const of = running.get(planId);
    return of === undefined || isOurs(of);
  };

  /** An action that has stopped only to wait gives way to one that ends the credential, or puts the former one back. */
  const givesWay = (view: JournalView, request: ActionRequest): boolean =>
    (request.verb === 'revoke' || request.verb === 'destroy' || request.verb === 'restore') &&
    view.undoing === null &&
    [...view.steps.values()].every(
      (trace) => trace.result.state === 'done' || trace.result.state === 'pending',
    );

  async function planned(
    request: ActionRequest,
    signal: AbortSignal,
  ): Promise<(PlannedAction & { readonly facts: PlanningFacts }) | Refusal> {
    const { identity } = request;
    const missing = refuseWithoutPolicies(request, options.policyProblems());
    if (missing !== undefined) return missing;
    const isOurs = isOf(identity);
    const { views, unreadable } = await journals.read(mayConcern(isOurs));
    const damage = unreadable.find((each) => each.identity === undefined || isOurs(each.identity));
    if (damage !== undefined) return refusal(identity, 'journal-unreadable', damage.what, damage.hint);
    const blocking = views.find(
      (view) =>
        view.ended === null &&
        isOurs(view.action.plan.identity) &&
        overlap(view.action.plan, request) &&
        !givesWay(view, request),
    );
    if (blocking !== undefined) {
      const { plan } = blocking.action;
      return refusal(
        identity,
        'unfinished',
        `An earlier ${plan.verb} of ${formatSubject(plan)} is not finished.`,
        `Finish it first: idac resume ${plan.id}${isAbandonable(blocking) ? ' (or give it up with --abandon)' : ''}`,
      );
    }
    try {
      const world = await readWorld(request, workspace, services, options.formerIdentities, signal);
      if ('refused' in world) return world;
      const action = makePlan(world.facts, world.basis, services.hasher);
      return 'refused' in action ? action : { ...action, facts: world.facts };
    } catch (error) {
      const refused = refusalOf(request, error);
      if (refused === undefined) throw error;
      return refused;
    }
  }

  async function plan(request: ActionRequest, signal: AbortSignal): Promise<PreviewedPlan | Refusal> {
    if (!trusted) return untrusted(request.identity);
    const made = await planned(request, signal);
    if ('refused' in made) return made;
    const { facts, ...result } = made;
    for (const [id, kept] of plans)
      if (sameIdentity(kept.request.identity, request.identity)) plans.delete(id);
    plans.set(result.plan.id, { planned: result, request });
    return previewPlan(facts, result, services.hasher);
  }

  async function preflight(planId: string, signal: AbortSignal): Promise<readonly PreflightCheck[]> {
    const kept = plans.get(planId);
    return kept === undefined || !trusted ? [] : preflightOf(kept.planned, services, signal);
  }

  /** Ends actions that only waited and gave way; what they delivered stands. */
  async function overtake(request: ActionRequest): Promise<void> {
    const isOurs = isOf(request.identity);
    for (const { action, ended } of (await journals.read(mayConcern(isOurs))).views) {
      const { id, identity } = action.plan;
      if (ended === null && !(isOurs(identity) && overlap(action.plan, request))) continue;
      const at = services.clock.now().toISOString();
      if (ended === null) {
        const log = journals.logOf(id);
        await log.append({ t: 'end', at, state: 'overtaken' });
        await log.close();
      }
      await journals.settle(id);
    }
  }

  let tidiedAt = Number.NEGATIVE_INFINITY;

  /** Erases what ended actions left sealed here: they were overtaken, or their process died at the very end. */
  async function tidy(): Promise<void> {
    const sealed = await services.sealed();
    for (const id of await actionsWithStaged(sealed))
      if (!running.has(id) && (await journals.hasEnded(id)))
        await eraseStaged({ staged: stagedOf(sealed, id) });
    // Not each action of a run looks at the journals of thousands before it.
    const now = services.clock.now();
    if (Math.abs(now.getTime() - tidiedAt) < TIDY_MS) return;
    tidiedAt = now.getTime();
    await journals.forgetOld(now);
  }

  async function settled(journal: OpenJournal, work: () => Promise<ActionResult>): Promise<ActionResult> {
    let result: ActionResult;
    const { id, identity } = journal.view().action.plan;
    running.set(id, identity);
    try {
      result = await work();
    } finally {
      running.delete(id);
      await journal.close();
    }
    if (result.state === 'unfinished') await services.store.settle(new AbortController().signal);
    else await journals.settle(result.planId);
    return result;
  }

  /** While it is this identity's turn, and its plan is of now. */
  async function begin(
    action: PlannedAction,
    request: ActionRequest,
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult> {
    await overtake(request);
    await tidy();
    const journal = await beginJournal(journals.logOf(action.plan.id), {
      t: 'planned',
      schemaVersion: JOURNAL_VERSION,
      at: services.clock.now().toISOString(),
      action,
      addresses: await addressesOf(action.tasks, services.backends),
      ...(request.because === undefined ? {} : { because: request.because }),
    });
    await observer.reached?.({ at: 'planned' }, action.plan);
    return settled(journal, () => goForward({ journal, services, observer }, false, signal));
  }

  async function execute(
    planId: string,
    hash: string,
    confirmation: Confirmation,
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal> {
    const kept = plans.get(planId);
    if (kept === undefined || kept.planned.plan.hash !== hash) {
      const identity = kept?.request.identity;
      return {
        refused: true,
        code: 'refused/unknown-plan',
        what:
          kept === undefined ? `There is no plan ${planId}.` : 'The plan that was shown has another hash.',
        hint: 'Make a new plan, look at it, then confirm that one.',
        ...(identity === undefined ? {} : { identity }),
      };
    }
    const refused = refuseConfirmation(kept.planned.plan, confirmation);
    if (refused !== undefined) return refused;
    plans.delete(planId);
    const { request } = kept;
    return turns.take(
      request.identity,
      request.verb,
      async () => {
        await observer.reached?.({ at: 'locked' }, kept.planned.plan);
        const again = await planned(request, signal);
        if ('refused' in again) return again;
        if (again.plan.hash !== hash) {
          return refusal(
            request.identity,
            'plan-outdated',
            'The manifest, its record or what stands at a target changed since the plan was made.',
            'Make a new plan and look at what is different.',
          );
        }
        const against = await refuseByPreflight(kept.planned, services, signal);
        if (against !== undefined) return against;
        // The ids of the plan that was shown are kept: they are the ones that a person may have noted.
        return begin(kept.planned, request, observer, signal);
      },
      signal,
    );
  }

  async function act(
    request: ActionRequest,
    consent: (plan: Plan) => Confirmation,
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<{ readonly plan: Plan; readonly result: ActionResult } | Refusal> {
    if (!trusted) return untrusted(request.identity);
    return turns.take(
      request.identity,
      request.verb,
      async () => {
        const made = await planned(request, signal);
        if ('refused' in made) return made;
        const { facts: _facts, ...action } = made;
        const { plan } = action;
        const refused = refuseConfirmation(plan, consent(plan));
        if (refused !== undefined) return refused;
        const against = await refuseByPreflight(action, services, signal);
        if (against !== undefined) return against;
        await observer.reached?.({ at: 'locked' }, plan);
        return { plan, result: await begin(action, request, observer, signal) };
      },
      signal,
    );
  }

  /** Every event of this machine's journals that no other branch holds: what the record here must have. */
  async function ownEvents(signal: AbortSignal): Promise<readonly IdentityEvent[]> {
    const views = [...(await journals.readEnded()).views, ...(await journals.read()).views];
    const all = views.flatMap((view) => view.events);
    if (all.length === 0) return [];
    // What another branch holds is not lost: it comes with a merge.
    const identities = new Map(all.map(({ identity }) => [formatIdentity(identity), identity]));
    const elsewhere = await eventsElsewhere([...identities.values()], new Set(), services, signal);
    const held = new Set(elsewhere.map(({ event }) => event.id));
    return all.filter(({ id }) => !held.has(id));
  }

  async function restoreEvents(signal: AbortSignal): Promise<readonly string[]> {
    if (!trusted) return [];
    const own = await ownEvents(signal);
    return own.length === 0 ? [] : services.store.restore(own, signal);
  }

  return {
    plan,
    preflight,
    execute,
    act,
    ...openInterrupted({ services, journals, turns, settled, untrusted: trusted ? undefined : untrusted }),
    journalsNow: () => journals.read(),
    restoreEvents,
    ownEvents,
    async verify(subject, signal, { svid, outside } = {}) {
      if (!trusted) return untrusted(subject.identity);
      // What judges certificates is large, and most who open a project never ask.
      const { verifyIdentity } = await import('./verifyIdentity.ts');
      return verifyIdentity(subject, svid, outside, workspace, services, signal);
    },
  };
}
