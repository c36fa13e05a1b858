import { reachSection } from './planChanges.ts';
import { lineMark, stepLines, type Translate } from './planText.ts';
import { type ConfirmAllParams, formatSubject, type Plan } from './protocol.ts';

/**
 * Several plans as one page of plain text: what they have in common first, then each identity with its steps. Its parts begin
 * at the margin and are indented, so they fold and stand in the outline.
 */
export function plansText(question: ConfirmAllParams, t: Translate): string {
  const { title, backends, consequences, plans, leftAlone } = question;
  const lines = [
    title,
    t('Nothing has been changed yet.'),
    '',
    ...section(
      t('What follows'),
      consequences.map((each) => `${each.count} × ${each.text}`),
    ),
    ...section(t('Warnings'), countedWarnings(plans)),
    ...section(
      t('Backends'),
      backends.map(({ name, detail, count }) => `${name} (${count}): ${detail}`),
    ),
    ...section(
      t('Left as they are'),
      leftAlone.map(({ subject, why }) => `${subject}: ${why}`),
    ),
    ...plans.flatMap((plan) => planSection(plan, t)),
  ];
  return lines.join('\n');
}

function countedWarnings(plans: readonly Plan[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const warning of plans.flatMap(({ warnings }) => warnings))
    counts.set(warning, (counts.get(warning) ?? 0) + 1);
  return Array.from(counts, ([warning, count]) => `${count} × ${warning}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
}

function planSection(plan: Plan, t: Translate): readonly string[] {
  // Backends stand at the top for all of them.
  const reach = reachSection(
    plan.reach.filter(({ what }) => what !== 'backend'),
    t,
  ).slice(1, -1);
  return [
    formatSubject(plan.identity, plan.machine),
    `  ${plan.summary}`,
    ...reach,
    ...plan.steps.flatMap((step) => [...(step.n === plan.line ? [lineMark(t)] : []), ...stepLines(step, t)]),
    `    ${plan.confirmation.commandLine}`,
    '',
  ];
}
