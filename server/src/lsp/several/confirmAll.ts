/** One question for a whole selection. The server trusts no caller: it asks itself, whoever called. */
import type { Refusal, Verb } from '../../app/api.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { type CheckedPlan, type ConfirmAllParams, ConfirmAllRequest } from '../protocol.ts';
import type { Session } from '../session.ts';
import { verbTitle } from '../words.ts';
import type { Part } from './planAll.ts';
import { countOfSelected, type Selected } from './selected.ts';

export interface Agreed {
  /** What was shown, and nothing else. */
  readonly plans: readonly (Selected & { readonly plan: CheckedPlan })[];
}

export async function confirmAll(
  session: Session,
  verb: CheckedPlan['verb'],
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<Agreed | Refusal> {
  const plans = parts.filter((part) => 'plan' in part);
  const question = questionOf(verb, plans, parts);
  const answer = session.client.confirmsAll
    ? await askClient(session, question, signal)
    : question.typedText === undefined
      ? await askWithMessage(session, question, signal)
      : cannotAsk(verb, plans);
  if (typeof answer !== 'boolean') return answer;
  return answer ? { plans } : notConfirmed(verb);
}

function questionOf(
  verb: CheckedPlan['verb'],
  plans: Agreed['plans'],
  parts: readonly Part[],
): ConfirmAllParams {
  const typed = plans.some(({ plan }) => plan.confirmation.mode === 'typed');
  return {
    verb,
    title: `${verbTitle(verb)} ${countOfSelected(plans)}?`,
    plans: plans.map(({ plan }) => plan),
    leftAlone: parts.flatMap((part) =>
      'refusal' in part
        ? [{ subject: formatSubject(part.subject), why: `${part.refusal.what} ${part.refusal.hint}`.trim() }]
        : [],
    ),
    consequences: counted(plans.map(({ plan }) => plan.confirmation.consequence)),
    backends: backendsOf(plans),
    // That there are more than one meant is the mistake of a selection: the number is what must be looked at.
    ...(typed ? { typedText: `${verb} ${plans.length}` } : {}),
  };
}

function counted(texts: readonly string[]): ConfirmAllParams['consequences'] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Array.from(counts, ([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count);
}

/** A backend of the same name in another project is another one. */
function backendsOf(plans: Agreed['plans']): ConfirmAllParams['backends'] {
  const found = new Map<string, { name: string; detail: string; count: number }>();
  for (const { plan, opened } of plans) {
    for (const { what, name, detail } of plan.reach) {
      if (what !== 'backend') continue;
      const key = `${opened.root}\n${name}`;
      const known = found.get(key);
      found.set(key, { name, detail: known?.detail ?? detail, count: (known?.count ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

async function askClient(
  session: Session,
  question: ConfirmAllParams,
  signal: AbortSignal,
): Promise<boolean> {
  const answer: unknown = await session.client
    .ask(ConfirmAllRequest, question, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`identity/confirmAll: ${String(error)}`);
    });
  if (typeof answer !== 'object' || answer === null) return false;
  const { confirmed, typed } = answer as Readonly<Record<string, unknown>>;
  return confirmed === true && (question.typedText === undefined || typed === question.typedText);
}

/** For an editor without the dialog; never for what ends a credential. */
async function askWithMessage(
  session: Session,
  { verb, title, consequences, plans, leftAlone }: ConfirmAllParams,
  signal: AbortSignal,
): Promise<boolean> {
  const yes = verbTitle(verb);
  const text = [
    title,
    ...plans.map(formatSubject),
    ...consequences.map(({ text: consequence }) => consequence),
    ...(leftAlone.length === 0 ? [] : [`${leftAlone.length} more are left as they are.`]),
  ].join('\n');
  const chosen = await session.client
    .choose('warning', text, [yes, 'Cancel'], signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`window/showMessageRequest: ${String(error)}`);
      return undefined;
    });
  return chosen === yes;
}

function notConfirmed(verb: Verb): Refusal {
  return {
    refused: true,
    code: 'refused/not-confirmed',
    what: `${verbTitle(verb)} was not confirmed. Nothing was changed.`,
    hint: '',
  };
}

function cannotAsk(verb: Verb, plans: Agreed['plans']): Refusal {
  const lines = plans.map(({ plan }) => plan.confirmation.commandLine);
  return {
    refused: true,
    code: 'refused/needs-confirmation',
    what: `${verbTitle(verb)} needs a text typed, which this editor cannot ask for. Nothing was changed.`,
    hint: `In a terminal: ${lines.join('; ')}`,
  };
}
