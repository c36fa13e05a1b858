import type { Plan, PlanStep, StepClass } from '../../core/lifecycle/plan.ts';
import type { PreviewedPlan } from '../../core/lifecycle/planning/preview/preview.ts';
import { stepWords } from '../../core/lifecycle/stepWords.ts';
import { capitalized } from '../../core/text/sentence.ts';
import { displayWidth } from './displayWidth.ts';
import { previewText } from './previewText.ts';
import { BLANK, type Line, line, lineWidth, paragraph, type Span, type Style, span } from './text.ts';

const CLASS_STYLE: Readonly<Record<StepClass, Style>> = {
  undoable: 'good',
  repeatable: 'quiet',
  final: 'error',
};

/** Exactly what would happen, warnings first, and the line from which on there is no way back. */
export function planText(plan: PreviewedPlan, columns: number): readonly Line[] {
  return [
    ...paragraph([], capitalized(plan.summary), columns, 'strong'),
    BLANK,
    ...plan.warnings.flatMap((warning) =>
      paragraph(line('  ', span('note', 'warning'), '  '), warning, columns),
    ),
    ...(plan.warnings.length === 0 ? [] : [BLANK]),
    ...previewText(plan, columns),
    line(span('Steps', 'strong')),
    ...plan.steps.flatMap((step) => [
      ...(step.n === plan.line ? [theLine(columns)] : []),
      ...stepLines(step, plan, columns),
    ]),
    BLANK,
    line(span(lineSentence(plan), 'quiet')),
  ];
}

function stepLines(step: PlanStep, plan: Plan, columns: number): readonly Line[] {
  const all = plan.steps;
  const widest = (text: (each: PlanStep) => string) =>
    Math.max(...all.map((each) => displayWidth(text(each))));
  const verb = (each: PlanStep) => stepWords(each.verb, plan.identity.kind);
  const number = span(`${String(step.n).padStart(4)}  `, 'quiet');
  const lead: Line = [
    number,
    span(step.class.padEnd(widest((each) => each.class)), CLASS_STYLE[step.class]),
    span('  '),
    span(padTo(verb(step), widest(verb)), 'strong'),
    span('  '),
  ];
  const keyed = step.keyChanges ? [span('new key', 'warning')] : [];
  const where = [step.machine, step.backend].flatMap((each) => (each === undefined ? [] : [span(each)]));
  const target = step.target === undefined ? [] : [span(step.target)];
  const whole: Line = [...lead, ...withDots([...where, ...target, ...keyed])];
  const fits = lineWidth(whole) <= columns;
  const margin = span(' '.repeat(lineWidth([number])));
  return [
    fits ? whole : [...lead, ...withDots([...where, ...keyed])],
    ...(fits ? [] : [[margin, ...target]]),
    ...paragraph([margin], capitalized(step.consequence), columns, 'quiet'),
  ];
}

function withDots(spans: readonly Span[]): readonly Span[] {
  return spans.flatMap((each, index) => (index === 0 ? [each] : [span(' · ', 'quiet'), each]));
}

function theLine(columns: number): Line {
  const words = ' from here on it can only be finished ';
  const dashes = Math.max(4, Math.min(columns, 78) - words.length - 6);
  return [span(`  ────${words}${'─'.repeat(dashes)}`, 'error')];
}

function lineSentence(plan: Plan): string {
  if (plan.steps.length === 0) return 'Nothing is to be done.';
  if (plan.line === null) return 'Every step can be undone or repeated.';
  if (plan.line === 1) return 'The first step is final: once started it can only be finished.';
  return `Until step ${plan.line} it can be undone; from step ${plan.line} on it can only be finished.`;
}

function padTo(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
