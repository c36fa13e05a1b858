import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity, sameIdentity } from '../../core/identity/identityId.ts';
import type { ActionRequest, ActionResult, Plan, Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { makePlan } from '../../core/lifecycle/planning/makePlan.ts';
import type { PlannedAction } from '../../core/lifecycle/task.ts';
import type { CertificateResource } from '../../core/manifest/resource.ts';
import type { AppendLog } from '../../platform/disk/appendLog.ts';
import { openAppendLog } from '../../platform/disk/appendLog.ts';
import { LockHeld, withLock } from '../../platform/disk/lock.ts';
import type { ActionObserver, Actions, Confirmation, UnfinishedAction } from '../api.ts';
import type { Workspace } from '../workspace.ts';
import type { Carriage } from './carryOut.ts';
import { goForward, takeBack } from './carryOut.ts';
import type { JournalEntry, JournalView } from './journal.ts';
import { crossedLine, readJournal, traceOf } from './journal.ts';
import { beginJournal, openJournal } from './openJournal.ts';
import { readWorld, refusalOf } from './readWorld.ts';
import type { Services } from './services.ts';
import { eraseStaged } from './steps/stagedKey.ts';
import { verifyIdentity } from './verifyIdentity.ts';

/** How long the journals of ended actions are kept. */
const KEEP_JOURNALS_MS = 90 * 86_400_000;

export interface ActionsOptions {
  readonly services: Services;
  readonly workspace: Workspace;
  /** Folder of this project in the user's state: journals and locks, never in the work tree. */
  readonly stateFolder: string;
  readonly trusted: boolean;
  readonly formerIdentities: (resource: CertificateResource) => readonly IdentityId[];
}

interface KeptPlan {
  readonly planned: PlannedAction;
  readonly request: ActionRequest;
}

const UNTRUSTED = {
  code: 'untrusted',
  what: 'This workspace is not trusted, so no backend is contacted and nothing is changed.',
  hint: 'Trust the workspace first, if you know where it comes from.',
} as const;

export function openActions(
  options: ActionsOptions,
): Actions & { readonly unfinishedNow: () => Promise<readonly JournalView[]> } {
  const { services, workspace, stateFolder, trusted } = options;
  const journals = path.join(stateFolder, 'journal');
  const plans = new Map<string, KeptPlan>();
  const untrusted = (identity: IdentityId) =>
    refusal(identity, UNTRUSTED.code, UNTRUSTED.what, UNTRUSTED.hint);

  const logOf = (planId: string): AppendLog<JournalEntry> =>
    openAppendLog(path.join(journals, `${planId}.jsonl`));
  const lockOf = (identity: IdentityId): string =>
    path.join(
      stateFolder,
      'locks',
      `${createHash('sha256').update(formatIdentity(identity)).digest('hex').slice(0, 32)}.lock`,
    );

  async function journalIds(): Promise<readonly string[]> {
    const names = await readdir(journals).catch(() => [] as string[]);
    return names
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => name.slice(0, -'.jsonl'.length))
      .sort();
  }

  async function views(): Promise<readonly JournalView[]> {
    const all: JournalView[] = [];
    for (const id of await journalIds()) {
      const view = readJournal(await logOf(id).entries());
      if (view !== undefined) all.push(view);
    }
    return all;
  }

  const unfinishedNow = async () => (await views()).filter((view) => view.ended === null);

  async function forgetOldJournals(): Promise<void> {
    const limit = services.clock.now().getTime() - KEEP_JOURNALS_MS;
    for (const view of await views()) {
      if (view.endedAt !== null && Date.parse(view.endedAt) < limit) {
        await rm(path.join(journals, `${view.action.plan.id}.jsonl`), { force: true });
      }
    }
  }

  /** Work of one process at a time on one identity; `busy` says whose turn it is. */
  async function exclusively<T>(
    identity: IdentityId,
    what: string,
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | Refusal> {
    try {
      return await withLock(lockOf(identity), work, { wait: 'no', what }, signal);
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      const { pid, since } = error.holder;
      return refusal(
        identity,
        'busy',
        `Process ${pid} has been working on ${formatIdentity(identity)} since ${since} (${error.holder.what}).`,
        'Wait until it has ended, then look at the new state before you try again.',
      );
    }
  }

  /** An action that has stopped only to wait gives way to one that ends the credential. */
  const givesWay = (view: JournalView, request: ActionRequest): boolean =>
    (request.verb === 'revoke' || request.verb === 'destroy') &&
    view.undoing === null &&
    [...view.steps.values()].every(
      (trace) => trace.result.state === 'done' || trace.result.state === 'pending',
    );

  async function planned(request: ActionRequest, signal: AbortSignal): Promise<PlannedAction | Refusal> {
    const { identity } = request;
    const blocking = (await unfinishedNow()).find(
      (view) => sameIdentity(view.action.plan.identity, identity) && !givesWay(view, request),
    );
    if (blocking !== undefined) {
      const { plan } = blocking.action;
      return refusal(
        identity,
        'unfinished',
        `An earlier ${plan.verb} of ${formatIdentity(identity)} is not finished.`,
        `Finish it first: idac resume ${plan.id}`,
      );
    }
    try {
      const world = await readWorld(request, workspace, services, options.formerIdentities, signal);
      return 'refused' in world ? world : makePlan(world.facts, world.basis, services.hasher);
    } catch (error) {
      const refused = refusalOf(request, error);
      if (refused === undefined) throw error;
      return refused;
    }
  }

  async function plan(request: ActionRequest, signal: AbortSignal): Promise<Plan | Refusal> {
    if (!trusted) return untrusted(request.identity);
    const result = await planned(request, signal);
    if ('refused' in result) return result;
    for (const [id, kept] of plans)
      if (sameIdentity(kept.request.identity, request.identity)) plans.delete(id);
    plans.set(result.plan.id, { planned: result, request });
    return result.plan;
  }

  function refuseConfirmation(
    { plan: { identity, confirmation } }: PlannedAction,
    given: Confirmation,
  ): Refusal | undefined {
    if (!given.confirmed) {
      return refusal(
        identity,
        'not-confirmed',
        'The action was not confirmed.',
        `Nothing was changed. On the command line: ${confirmation.commandLine}`,
      );
    }
    if (confirmation.mode === 'typed' && given.typed !== confirmation.name) {
      return refusal(
        identity,
        'name-not-typed',
        `To confirm this, type the name of the identity: ${confirmation.name}`,
        `Nothing was changed. On the command line: ${confirmation.commandLine}`,
      );
    }
    return undefined;
  }

  /** Ends actions that only waited and gave way. Their keys here are erased; what they delivered stands. */
  async function overtake(request: ActionRequest): Promise<void> {
    for (const view of await unfinishedNow()) {
      const { plan: other } = view.action;
      if (!sameIdentity(other.identity, request.identity)) continue;
      await eraseStaged({ staged: (await services.sealed()).scope(`staged/${other.id}`) });
      await logOf(other.id).append({ t: 'end', at: services.clock.now().toISOString(), state: 'overtaken' });
    }
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
    const refused = refuseConfirmation(kept.planned, confirmation);
    if (refused !== undefined) return refused;
    plans.delete(planId);
    const { request } = kept;
    return exclusively(
      request.identity,
      `${request.verb} ${formatIdentity(request.identity)}`,
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
        await forgetOldJournals();
        await overtake(request);
        // The ids of the plan that was shown are kept: they are the ones that a person may have noted.
        const action = kept.planned;
        const journal = await beginJournal(logOf(action.plan.id), {
          t: 'planned',
          at: services.clock.now().toISOString(),
          action,
          ...(request.because === undefined ? {} : { because: request.because }),
        });
        await observer.reached?.({ at: 'planned' }, action.plan);
        return goForward({ journal, services, observer }, false, signal);
      },
      signal,
    );
  }

  async function resume(
    planId: string,
    how: 'forward' | 'undo',
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal> {
    const before = readJournal(/^[0-9a-z]{26}$/.test(planId) ? await logOf(planId).entries() : []);
    if (before === undefined) {
      return {
        refused: true,
        code: 'refused/unknown-plan',
        what: `There is no action ${planId} here.`,
        hint: '`idac resume` lists what is unfinished.',
      };
    }
    const { identity, verb } = before.action.plan;
    if (!trusted) return untrusted(identity);
    return exclusively(
      identity,
      `resume ${verb} ${formatIdentity(identity)}`,
      async () => {
        const journal = await openJournal(logOf(planId));
        const view = journal?.view();
        if (journal === undefined || view === undefined || view.ended !== null) {
          return refusal(
            identity,
            'ended',
            `That ${verb} of ${formatIdentity(identity)} has ended.`,
            'Nothing is left to do.',
          );
        }
        if (how === 'undo' && crossedLine(view)) {
          return refusal(
            identity,
            'past-the-line',
            `That ${verb} has taken a step that cannot be undone.`,
            `Finish it: idac resume ${planId}`,
          );
        }
        await services.store.restore(view.events, signal);
        const carriage: Carriage = { journal, services, observer };
        if (how === 'undo') return takeBack(carriage, 'undone');
        return view.undoing === null ? goForward(carriage, true, signal) : takeBack(carriage, view.undoing);
      },
      signal,
    );
  }

  async function isRunning(identity: IdentityId, signal: AbortSignal): Promise<boolean> {
    const held = await exclusively(identity, 'look', async () => false, signal);
    return held !== false;
  }

  async function unfinished(signal: AbortSignal): Promise<readonly UnfinishedAction[]> {
    const actions: UnfinishedAction[] = [];
    for (const view of await unfinishedNow()) {
      const { plan } = view.action;
      const undoable = !crossedLine(view);
      const steps = plan.steps.map((step) => traceOf(view, step.n).result);
      const stopped = steps.find((step) => step.detail !== undefined && step.state !== 'done');
      actions.push({
        plan,
        startedAt: view.startedAt,
        steps,
        undoable,
        running: await isRunning(plan.identity, signal),
        next: `${stopped?.detail === undefined ? '' : `${stopped.detail} `}idac resume ${plan.id}${undoable ? ' (or --undo)' : ''}`,
      });
    }
    return actions;
  }

  async function restoreEvents(signal: AbortSignal): Promise<readonly string[]> {
    const all = (await views()).flatMap((view) => view.events);
    return all.length === 0 ? [] : services.store.restore(all, signal);
  }

  return {
    plan,
    execute,
    resume,
    unfinished,
    unfinishedNow,
    restoreEvents,
    verify: async (subject, signal) =>
      trusted ? verifyIdentity(subject, workspace, services, signal) : untrusted(subject.identity),
  };
}
