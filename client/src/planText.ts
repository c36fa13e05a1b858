import { changeSections, reachSection } from './planChanges.ts';
import type { Plan, PlanState, PlanStep, PreflightCheck } from './protocol.ts';

/** What the text needs of a language bundle, so that it can be made, and tested, outside VS Code. */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/**
 * The plan as a page of plain text: what would change, in which steps, and from where on it cannot be taken back. Its parts
 * begin at the margin and are indented, so they fold and a reader can jump from one to the next.
 */
export function planText(plan: Plan, t: Translate, now: PlanState = { state: 'current' }): string {
  const lines = [
    plan.summary,
    stateSentence(now, t),
    '',
    ...plan.warnings.map((warning) => `! ${warning}`),
    ...(plan.warnings.length === 0 ? [] : ['']),
    ...changeSections(plan.changes, t),
    ...reachSection(plan.reach, t),
    t('Steps'),
    ...plan.steps.flatMap((step) => [...(step.n === plan.line ? [lineMark(t)] : []), ...stepLines(step, t)]),
    '',
    lineSentence(plan, t),
    '',
    ...(plan.preflight.length === 0
      ? []
      : [t('Checked before'), ...plan.preflight.flatMap((check) => checkLines(check, t)), '']),
    t('On the command line'),
    `    ${plan.confirmation.commandLine}`,
    '',
    t('Plan'),
    `    ${t('id')}    ${plan.id}`,
    `    ${t('hash')}  ${plan.hash}`,
    '',
  ];
  return lines.join('\n');
}

function stateSentence(now: PlanState, t: Translate): string {
  switch (now.state) {
    case 'current':
      return t('Nothing has been changed yet.');
    case 'outdated':
      return t('! Outdated: {0}. Plan it again to see what would happen now.', now.why);
    case 'gone':
      return t('! Over: {0}.', now.why);
    default:
      return now satisfies never;
  }
}

function checkLines({ step, backend, what, outcome, detail, hint }: PreflightCheck, t: Translate): string[] {
  const about = [...(step === null ? [] : [t('step {0}', step)]), backend, what].filter(
    (part) => part !== undefined,
  );
  return [
    `  ${outcomeText(outcome, t)}: ${about.join(' · ')}`,
    `      ${detail}`,
    ...(hint === undefined || hint === '' ? [] : [`      ${t('next: {0}', hint)}`]),
  ];
}

function outcomeText(outcome: PreflightCheck['outcome'], t: Translate): string {
  switch (outcome) {
    case 'ok':
      return t('good');
    case 'failed':
      return t('would fail');
    case 'unknown':
      return t('cannot be told');
    case 'person':
      return t('a person is needed');
    default:
      return outcome satisfies never;
  }
}

function lineSentence({ line }: Plan, t: Translate): string {
  if (line === null) return t('Every step can be taken back or done again.');
  if (line === 1) return t('The first step is final: once started it can only be finished.');
  return t('Until step {0} it can be undone; from there on it can only be finished.', line);
}

/** Indented, so that the steps stay one part that folds as a whole. */
export function lineMark(t: Translate): string {
  return `  ──── ${t('the line: what follows cannot be taken back')} ────`;
}

export function stepLines(step: PlanStep, t: Translate): string[] {
  const where = [stepTitle(step.verb, t), step.machine, step.backend].filter((part) => part !== undefined);
  const facts = [classText(step, t), ...(step.keyChanges ? [t('the key changes')] : [])];
  const details = [step.target, step.consequence, `(${facts.join(', ')})`].filter(
    (part) => part !== undefined,
  );
  return [
    `${String(step.n).padStart(4)}  ${where.join(' · ')}`,
    ...details.map((detail) => `      ${detail}`),
  ];
}

function classText(step: PlanStep, t: Translate): string {
  switch (step.class) {
    case 'undoable':
      return t('can be undone');
    case 'repeatable':
      return t('can be repeated');
    case 'final':
      return t('final');
    default:
      return step.class satisfies never;
  }
}

/** As the command line says it; a step of a newer server keeps its own name. */
function stepTitle(verb: string, t: Translate): string {
  const titles: Readonly<Record<string, string>> = {
    'make-key': t('make the key'),
    'read-request': t('read the request'),
    issue: t('issue'),
    deliver: t('deliver'),
    reload: t('reload'),
    'put-back': t('put back'),
    verify: t('verify'),
    supersede: t('supersede'),
    revoke: t('revoke'),
    publish: t('publish'),
    'destroy-copy': t('destroy the copy'),
    'destroy-key': t('destroy the key'),
    'erase-staged': t('erase what was staged'),
  };
  return titles[verb] ?? verb;
}
