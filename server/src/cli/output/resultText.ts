import { type IdentityEvent, NO_END } from '../../core/lifecycle/event.ts';
import { leftStepText } from '../../core/lifecycle/leftStepText.ts';
import type { ActionResult, ActionState, Plan, StepState, WritingVerb } from '../../core/lifecycle/plan.ts';
import { formatSubject, toldBy } from '../../core/lifecycle/plan.ts';
import { stepWords } from '../../core/lifecycle/stepWords.ts';
import { formatInstant, plural } from '../../core/text/instant.ts';
import { sentence } from '../../core/text/sentence.ts';
import type { Terminal } from '../terminal.ts';
import { table } from './table.ts';
import { BLANK, indent, type Line, line, paragraph, type Span, type Style, span } from './text.ts';

const PAST: Readonly<Record<WritingVerb, string>> = {
  issue: 'Issued',
  renew: 'Renewed',
  rotate: 'Rotated',
  restore: 'Restored',
  revoke: 'Revoked',
  destroy: 'Destroyed',
};

const HEADLINE: Readonly<Record<Exclude<ActionState, 'done'>, readonly [string, Style]>> = {
  failed: ['Failed, nothing is half done:', 'error'],
  unfinished: ['Unfinished:', 'warning'],
  undone: ['Taken back:', 'warning'],
  refused: ['Refused:', 'warning'],
  cancelled: ['Cancelled, nothing is half done:', 'warning'],
  abandoned: ['Given up:', 'warning'],
};

const STEP_STYLE: Readonly<Record<StepState, Style>> = {
  waiting: 'quiet',
  done: 'good',
  failed: 'error',
  pending: 'warning',
  unknown: 'warning',
  undone: 'quiet',
};

const CONTENT_WORDS: Readonly<Record<string, string>> = {
  privateKey: 'private key',
  publicKey: 'public key',
  authority: 'key of the authority',
};

type Widths = Pick<Terminal, 'columns' | 'tableColumns'>;

/** What was done, where the files are, and what comes next. */
export function resultText(result: ActionResult, plan: Plan, terminal: Widths): readonly Line[] {
  return [
    headline(result),
    ...(result.state === 'done' ? [] : indent(2, stepStates(result, plan, terminal.columns - 2))),
    ...indent(2, facts(result.events, terminal.tableColumns - 2)),
    ...(result.state === 'done'
      ? toldBy(result).flatMap((told) => paragraph([span('  ')], told, terminal.columns))
      : []),
    ...(result.next === ''
      ? []
      : [BLANK, ...paragraph(line('  ', span('next', 'accent'), '  '), result.next, terminal.columns)]),
  ];
}

function headline(result: ActionResult): Line {
  const subject = span(formatSubject(result), 'strong');
  if (result.state === 'done') return line(span(`${PAST[result.verb]} `, 'good'), subject);
  const [words, style] = HEADLINE[result.state];
  return line(span(words, style), ` ${result.verb} `, subject);
}

function stepStates(result: ActionResult, plan: Plan, columns: number): readonly Line[] {
  return result.steps.flatMap((each) => {
    const step = plan.steps.find((candidate) => candidate.n === each.n);
    const what =
      step === undefined
        ? ''
        : [stepWords(step.verb, plan.identity.kind), step.machine, step.target].filter(Boolean).join(' · ');
    const retry = each.retryAt === undefined ? [] : [`Look again after ${formatInstant(each.retryAt)}.`];
    const state = line(
      span(`${each.n}`.padStart(2), 'quiet'),
      '  ',
      span(each.state.padEnd(7), STEP_STYLE[each.state]),
      '  ',
    );
    const detail = [...(each.detail === undefined ? [] : [sentence(each.detail)]), ...retry].join(' ');
    return [
      [...state, span(what)],
      ...(detail === '' ? [] : paragraph([span('    ')], detail, columns, 'quiet')),
    ];
  });
}

/** The events as rows: what, whose, and the fact that matters. */
function facts(events: readonly IdentityEvent[], columns: number): readonly Line[] {
  return table(
    [{ title: '' }, { title: '' }, { title: '', shrink: 1, atLeast: 30 }],
    events.map((event) => [span(event.type, 'quiet'), event.machine ?? '', eventFact(event)]),
    { columns, header: false },
  );
}

export function eventFact(event: IdentityEvent): readonly Span[] {
  switch (event.type) {
    case 'issued':
      return [
        span(validityText(event.credential.notAfter)),
        span(
          [event.credential.keyAlgorithm, event.backend]
            .filter((fact) => fact !== undefined)
            .map((fact) => ` · ${fact}`)
            .join(''),
          'quiet',
        ),
      ];
    case 'adopted':
      return [
        span(validityText(event.credential.notAfter)),
        span(
          [event.credential.keyAlgorithm, ...event.files]
            .filter((fact) => fact !== undefined)
            .map((fact) => ` · ${fact}`)
            .join(''),
          'quiet',
        ),
      ];
    case 'delivered':
      return [
        span(event.copy.path),
        span(` · ${event.copy.contents.map(contentWords).join(', ')} · ${event.copy.backend}`, 'quiet'),
      ];
    case 'verified': {
      const failed = event.checks.filter((check) => !check.ok);
      return failed.length === 0
        ? [span(`${plural(event.checks.length, 'check')} passed`)]
        : [span(failed.map((check) => `${check.what}: ${check.detail}`).join('; '), 'error')];
    }
    case 'superseded':
      return [span('a newer credential took over')];
    case 'revoked':
      return [
        span(`${event.reason}`),
        span(
          ` · ${formatInstant(event.revokedAt)} · ${event.backend} · serial ${event.serialNumber}`,
          'quiet',
        ),
      ];
    case 'destroyed':
      return 'key' in event.what
        ? [span(event.identity.kind === 'Token' ? 'the token' : 'the private key')]
        : [span(event.what.copy.path), span(` · ${event.what.copy.backend}`, 'quiet')];
    case 'forgotten':
      return [span(event.why)];
    case 'abandoned':
      return [
        span(event.left.map((step) => leftStepText(step)).join('; '), 'warning'),
        span(event.undoing ? ' · not taken back' : ' · not done', 'quiet'),
      ];
    default:
      return event satisfies never;
  }
}

/** `valid until …`, for a credential of any kind. */
export function validityText(notAfter: string): string {
  return notAfter === NO_END ? 'valid without end' : `valid until ${formatInstant(notAfter)}`;
}

function contentWords(content: string): string {
  return CONTENT_WORDS[content] ?? content;
}
