/** What came of an action, for a person: one message, what can be opened, and whether it is to be resumed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ActionResult, Refusal } from '../app/api.ts';
import { isRefusal } from '../app/failure.ts';
import { contains } from '../app/projectRoot.ts';
import { isSecretContent } from '../core/lifecycle/deliveryContent.ts';
import { formatSubject, toldBy } from '../core/lifecycle/plan.ts';
import type { OpenedProject } from './projects.ts';
import type { Outcome, OutcomeOfAll } from './protocol.ts';
import type { Session } from './session.ts';
import { signInOffer } from './signInOffer.ts';
import { verbDone, verbTitle } from './words.ts';

export async function outcomeOf(
  session: Session,
  opened: OpenedProject | undefined,
  result: ActionResult | Refusal,
  signal: AbortSignal,
): Promise<Outcome> {
  const signIn = await signInOffer(session, opened, result);
  if (isRefusal(result)) {
    return {
      result,
      message: sentences(result.what, result.hint),
      severity: 'warning',
      files: [],
      resume: null,
      signIn,
    };
  }
  return {
    result,
    message: messageOf(result),
    severity: severityOf(result),
    files: opened === undefined ? [] : deliveredFiles(opened, result),
    resume: opened === undefined ? null : await resumable(session, opened, result, signal),
    signIn,
  };
}

/** For clients that do not show results themselves. Not waited for: a person may leave the message standing. */
export function showOutcome(
  session: Session,
  outcome: Pick<Outcome | OutcomeOfAll, 'message' | 'severity' | 'files' | 'resume'>,
  resume: () => void,
): void {
  const { client } = session;
  if (client.confirms) return;
  const open = client.showsDocuments && outcome.files.length > 0 ? ['Open'] : [];
  const actions = outcome.resume === null ? open : ['Resume', ...open];
  if (actions.length === 0) {
    client.tell(outcome.severity, outcome.message);
    return;
  }
  client
    .choose(outcome.severity, outcome.message, actions, new AbortController().signal)
    .then(async (chosen) => {
      if (chosen === 'Resume') resume();
      if (chosen === 'Open') for (const uri of outcome.files) await client.showDocument(uri);
    })
    .catch((error: unknown) => client.log(`after the action: ${String(error)}`));
}

function messageOf(result: ActionResult): string {
  const subject = formatSubject(result);
  const verb = verbTitle(result.verb);
  switch (result.state) {
    case 'done':
      return sentences(`${verbDone(result.verb)} ${subject}.`, ...toldBy(result), result.next);
    case 'undone':
      return sentences(`${verb} of ${subject} was undone: everything is as it was before.`, result.next);
    case 'cancelled':
      return sentences(`${verb} of ${subject} was cancelled. Nothing was changed.`, result.next);
    case 'refused':
      return sentences(`${verb} of ${subject} was refused. Nothing was changed.`, result.next);
    case 'failed':
      return sentences(`${verb} of ${subject} failed, nothing is half done.`, result.next);
    case 'unfinished':
      return sentences(`${verb} of ${subject} is unfinished.`, result.next);
    case 'abandoned':
      return sentences(`${verb} of ${subject} was given up.`, result.next);
    default:
      return result.state satisfies never;
  }
}

function severityOf(result: ActionResult): Outcome['severity'] {
  switch (result.state) {
    case 'done':
      return 'info';
    case 'failed':
      return 'error';
    case 'unfinished':
      // To wait for an overlap or a reload is no mistake; to have failed half-way is one.
      return result.steps.some((step) => step.state === 'failed' || step.state === 'unknown')
        ? 'error'
        : 'warning';
    case 'undone':
    case 'cancelled':
    case 'refused':
    case 'abandoned':
      return 'warning';
    default:
      return result.state satisfies never;
  }
}

/** Files with public content that are there. A private key or a token is never opened in an editor by a button. */
function deliveredFiles(opened: OpenedProject, result: ActionResult): readonly string[] {
  const files = result.events.flatMap((event) => {
    if (event.type !== 'delivered' || event.copy.contents.some(isSecretContent)) return [];
    const file = path.resolve(opened.root, event.copy.path);
    return contains(opened.root, file) && existsSync(file) ? [pathToFileURL(file).href] : [];
  });
  return [...new Set(files)];
}

async function resumable(
  session: Session,
  opened: OpenedProject,
  result: ActionResult,
  signal: AbortSignal,
): Promise<Outcome['resume']> {
  if (result.state !== 'unfinished') return null;
  try {
    // The request's own signal may be the reason why it is unfinished.
    const unfinished = await opened.project.actions.unfinished(
      signal.aborted ? new AbortController().signal : signal,
    );
    const found = unfinished.find((each) => each.plan.id === result.planId);
    return {
      planId: result.planId,
      undoable: found?.undoable === true && !found.undoing,
      abandonable: found?.abandonable === true,
    };
  } catch (error) {
    session.client.log(`unfinished actions: ${String(error)}`);
    return { planId: result.planId, undoable: false, abandonable: false };
  }
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
