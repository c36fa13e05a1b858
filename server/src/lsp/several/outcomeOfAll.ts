/** What came of several actions: one sentence for a person, how each ended, and what can be done next. */
import type { ActionResult, Refusal } from '../../app/api.ts';
import { isRefusal } from '../../app/failure.ts';
import { outcomeOf } from '../outcome.ts';
import type { OpenedProject } from '../projects.ts';
import type { Outcome, OutcomeOfAll, PartOutcome } from '../protocol.ts';
import type { Session } from '../session.ts';

export interface EndedPart {
  /** As a person reads it. */
  readonly subject: string;
  readonly opened: OpenedProject;
  readonly result: ActionResult | Refusal | 'left';
}

type State = PartOutcome['state'];

/** What needs a person most, first. */
const WORDS: readonly (readonly [State, string])[] = [
  ['failed', 'failed'],
  ['unfinished', 'unfinished'],
  ['refused', 'refused'],
  ['undone', 'undone'],
  ['cancelled', 'cancelled'],
  ['left', 'not begun'],
];

/** `title` is what was done to them: `Rotate`, `Resume`; `aim` how it was to end. */
export async function outcomeOfAll(
  session: Session,
  { title, aim }: { readonly title: string; readonly aim: 'done' | 'undone' },
  ended: readonly EndedPart[],
  signal: AbortSignal,
): Promise<OutcomeOfAll> {
  const outcomes: (Outcome | undefined)[] = [];
  for (const { opened, result } of ended)
    outcomes.push(result === 'left' ? undefined : await outcomeOf(session, opened, result, signal));
  const parts = ended.map(({ subject, opened, result }, n): PartOutcome => {
    const code = result !== 'left' && isRefusal(result) ? { code: result.code } : {};
    const message =
      outcomes[n]?.message ?? 'It had no turn before the others were stopped, and is as it was.';
    return { subject, uri: opened.uri, state: stateOf(result), message, ...code };
  });
  const unfinished = ended.flatMap(({ opened }, n) => {
    const resume = outcomes[n]?.resume;
    return resume === null || resume === undefined
      ? []
      : [{ planId: resume.planId, uri: opened.uri, undoable: resume.undoable }];
  });
  const signIn = ended.flatMap(({ opened }, n) => {
    const missing = outcomes[n]?.signIn;
    return missing === null || missing === undefined ? [] : [{ ...missing, uri: opened.uri }];
  });
  return {
    parts,
    message: messageOf(title, aim, parts),
    severity: severityOf(outcomes),
    files: [...new Set(outcomes.flatMap((outcome) => outcome?.files ?? []))],
    resume:
      unfinished.length === 0
        ? null
        : {
            actions: unfinished.map(({ planId, uri }) => ({ planId, uri })),
            undoable: unfinished.every(({ undoable }) => undoable),
          },
    signIn: signIn[0] ?? null,
  };
}

function stateOf(result: EndedPart['result']): State {
  if (result === 'left') return 'left';
  return isRefusal(result) ? 'refused' : result.state;
}

/** `Rotate: 9 of 12 done, 2 failed, 1 unfinished.`, and of what is not so the first one's own words. */
function messageOf(title: string, aim: 'done' | 'undone', parts: readonly PartOutcome[]): string {
  const reached = parts.filter(({ state }) => state === aim).length;
  const words = WORDS.filter(([state]) => state !== aim);
  const others = words.flatMap(([state, word]) => {
    const count = parts.filter((part) => part.state === state).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const first = words.flatMap(([state]) => parts.filter((part) => part.state === state))[0];
  return [
    `${title}: ${[`${reached} of ${parts.length} ${aim}`, ...others].join(', ')}.`,
    ...(first === undefined || first.state === 'left' ? [] : [`${first.subject}: ${first.message}`]),
  ].join(' ');
}

function severityOf(outcomes: readonly (Outcome | undefined)[]): Outcome['severity'] {
  const all = outcomes.map((outcome) => outcome?.severity ?? 'warning');
  return all.find((each) => each === 'error') ?? all.find((each) => each === 'warning') ?? 'info';
}
