import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { leftStepText } from '../../core/lifecycle/leftStepText.ts';
import type { ActionResult, Refusal } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { NewEvent } from '../../core/lifecycle/stateStore.ts';
import type { ActionObserver, Actions, Confirmation, UnfinishedAction } from '../api.ts';
import { eventsOfAbandoning, isAbandonable, leftBy } from './abandon.ts';
import { refuseMoved } from './addresses.ts';
import type { Carriage } from './carryOut.ts';
import { giveUp, goForward, takeBack } from './carryOut.ts';
import type { JournalView } from './journal.ts';
import { crossedLine, readJournal, traceOf } from './journal.ts';
import type { Journals } from './journals.ts';
import { type OpenJournal, openJournal } from './openJournal.ts';
import type { Services } from './services.ts';
import type { Turns } from './turns.ts';

export interface InterruptedOptions {
  readonly services: Services;
  readonly journals: Journals;
  readonly turns: Turns;
  /** Puts the journal away once the action has ended. */
  readonly settled: (journal: OpenJournal, work: () => Promise<ActionResult>) => Promise<ActionResult>;
  /** There where the workspace is not trusted. */
  readonly untrusted: ((identity: IdentityId) => Refusal) | undefined;
}

/** What becomes of actions that stopped before their end: finished, taken back, or given up by a person. */
export function openInterrupted({
  services,
  journals,
  turns,
  settled,
  untrusted,
}: InterruptedOptions): Pick<Actions, 'resume' | 'abandon' | 'unfinished'> {
  async function resume(
    planId: string,
    how: 'forward' | 'undo',
    observer: ActionObserver,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal> {
    return interrupted(
      planId,
      'resume',
      async (journal, view) => {
        const { identity, verb } = view.action.plan;
        if (view.givingUp !== null) return recordGivingUp(journal, view.givingUp, observer);
        if (how === 'undo' && crossedLine(view)) {
          return refusal(
            identity,
            'past-the-line',
            `That ${verb} has taken a step that cannot be undone.`,
            `Finish it: idac resume ${planId}`,
          );
        }
        const moved = await refuseMoved(identity, view.addresses, services.backends);
        if (moved !== undefined) return moved;
        await services.store.restore(view.events, signal);
        const carriage: Carriage = { journal, services, observer };
        const undoing = how === 'undo' ? 'undone' : view.undoing;
        return settled(journal, () =>
          undoing === null ? goForward(carriage, true, signal) : takeBack(carriage, undoing),
        );
      },
      signal,
    );
  }

  /** While it is its identity's turn, an action that has not ended. */
  async function interrupted(
    planId: string,
    what: 'resume' | 'abandon',
    work: (journal: OpenJournal, view: JournalView) => Promise<ActionResult | Refusal>,
    signal: AbortSignal,
  ): Promise<ActionResult | Refusal> {
    const before = readJournal(/^[0-9a-z]{26}$/.test(planId) ? await journals.logOf(planId).entries() : []);
    if (before === undefined) {
      return {
        refused: true,
        code: 'refused/unknown-plan',
        what: `There is no action ${planId} here.`,
        hint: '`idac resume` lists what is unfinished.',
      };
    }
    const { identity, verb } = before.action.plan;
    if (untrusted !== undefined) return untrusted(identity);
    return turns.take(
      identity,
      `${what} ${verb}`,
      async () => {
        const journal = await openJournal(journals.logOf(planId));
        const view = journal?.view();
        if (journal !== undefined && view !== undefined && view.ended === null) return work(journal, view);
        return refusal(
          identity,
          'ended',
          `That ${verb} of ${formatIdentity(identity)} has ended.`,
          'Nothing is left to do.',
        );
      },
      signal,
    );
  }

  async function abandon(
    planId: string,
    confirmation: Confirmation,
    because: string | undefined,
    signal: AbortSignal,
    observer: ActionObserver = {},
  ): Promise<ActionResult | Refusal> {
    return interrupted(
      planId,
      'abandon',
      async (journal, view) => {
        const { identity, verb } = view.action.plan;
        if (view.givingUp === null && !isAbandonable(view)) {
          return refusal(
            identity,
            'can-go-on',
            `Nothing says that this ${verb} of ${formatSubject(view.action.plan)} cannot be ${crossedLine(view) ? 'finished' : 'taken back'}.`,
            crossedLine(view) || view.undoing !== null
              ? `Try it first: idac resume ${planId}`
              : `Take it back: idac resume ${planId} --undo`,
          );
        }
        if (!confirmation.confirmed || confirmation.typed !== identity.name) {
          return refusal(
            identity,
            confirmation.confirmed ? 'name-not-typed' : 'not-confirmed',
            `To give it up, type the name of the identity: ${identity.name}`,
            'Nothing was changed.',
          );
        }
        await services.store.restore(view.events, signal);
        return recordGivingUp(journal, eventsOfAbandoning(view, services, because), observer);
      },
      signal,
    );
  }

  /** Once begun it is not stopped: nothing of it waits for anybody. */
  function recordGivingUp(
    journal: OpenJournal,
    events: readonly NewEvent[],
    observer: ActionObserver,
  ): Promise<ActionResult> {
    const carriage: Carriage = { journal, services, observer };
    return settled(journal, () => giveUp(carriage, events, new AbortController().signal));
  }

  async function unfinished(): Promise<readonly UnfinishedAction[]> {
    const actions: UnfinishedAction[] = [];
    for (const view of (await journals.read()).views) {
      if (view.ended !== null) continue;
      const { plan } = view.action;
      const undoable = !crossedLine(view);
      const steps = plan.steps.map((step) => traceOf(view, step.n).result);
      const stopped = steps.find((step) => step.detail !== undefined && step.state !== 'done');
      actions.push({
        plan,
        startedAt: view.startedAt,
        steps,
        undoable,
        undoing: view.undoing !== null,
        abandonable: isAbandonable(view),
        left: leftBy(view).map(leftStepText),
        running: await turns.isTaken(plan.identity),
        next: `${stopped?.detail === undefined ? '' : `${stopped.detail} `}idac resume ${plan.id}${waysOut(view)}`,
      });
    }
    return actions;
  }

  function waysOut(view: JournalView): string {
    if (view.givingUp !== null) return ' (records that it was given up)';
    const orGiveUp = isAbandonable(view) ? ', or --abandon to give it up' : '';
    if (view.undoing !== null) return ` (takes back the rest${orGiveUp})`;
    if (orGiveUp !== '') return ` (${orGiveUp.slice(2)})`;
    return crossedLine(view) ? '' : ' (or --undo)';
  }

  return { resume, abandon, unfinished };
}
