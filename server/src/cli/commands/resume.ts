import type { ActionResult, UnfinishedAction } from '../../app/api.ts';
import {
  describeRefusal,
  EXIT,
  type ExitCode,
  exitCodeOfAction,
  isRefusal,
  UsageError,
  worstExit,
} from '../../app/failure.ts';
import { parseIdentity, sameIdentity } from '../../core/identity/identityId.ts';
import { formatSubject, type Refusal } from '../../core/lifecycle/plan.ts';
import { formatInstant, plural } from '../../core/text/instant.ts';
import { command } from '../command.ts';
import { giveUp } from '../lifecycle/giveUp.ts';
import { progressOn } from '../lifecycle/progress.ts';
import { failureLines } from '../output/failureText.ts';
import { json } from '../output/json.ts';
import { resultText } from '../output/resultText.ts';
import { type Line, line, paragraph, span } from '../output/text.ts';
import { NOW_REFUSED, PASSPHRASE_FILE, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';
import { whileActing } from '../signals.ts';
import { withProject } from '../withProject.ts';

export const resume = command({
  name: 'resume',
  summary: 'finish or take back what was interrupted',
  details:
    'An action that was interrupted goes on where it stopped: it first looks at what the backend did. Without a name, all of them. Before its first final step it can be taken back instead. What was confirmed once is not asked for again. Events of the record that the folder lost, as after git clean, are put back first. What fails for good, where it can neither be finished nor be taken back, can be given up: nothing more is done then, the record says what was left, and the identity can be acted on again.',
  operands: { usage: '[PLAN-ID | KIND/[NAMESPACE/]NAME…]', minimum: 0, maximum: Number.POSITIVE_INFINITY },
  examples: ['idac resume --list', 'idac resume', 'idac resume Certificate/payments/payments-api --undo'],
  refused: NOW_REFUSED,
  options: {
    list: { type: 'flag', describe: 'say what is unfinished and change nothing; exit 4 when something is' },
    undo: { type: 'flag', describe: 'take back what has not come to its first final step' },
    abandon: {
      type: 'flag',
      describe: 'give up what is named and fails for good: record what is left, and do nothing more',
    },
    yes: { type: 'flag', short: 'y', describe: 'with --abandon: do not ask' },
    because: { type: 'value', value: 'TEXT', describe: 'with --abandon: why, for the record' },
    ...TEXT_OR_JSON,
    ...PASSPHRASE_FILE,
    ...ROOT,
  },
  run(invocation) {
    const { options, operands, terminal, signal } = invocation;
    if (options.list && options.undo)
      throw new UsageError('--list and --undo exclude each other', '--list changes nothing.');
    if (options.abandon && (options.list || options.undo))
      throw new UsageError('--abandon excludes --list and --undo', 'It does nothing but give up.');
    if (options.abandon && operands.length === 0)
      throw new UsageError(
        '--abandon needs a name',
        'Name what is given up: its plan, or its identity. `idac resume --list` shows both.',
      );
    if (!options.abandon && (options.yes || options.because !== undefined))
      throw new UsageError(
        '--yes and --because are for --abandon',
        'What was confirmed when it began is not asked for again.',
      );
    return withProject(invocation, { unlocks: !options.list }, async (project) => {
      const actions = chosen(await project.actions.unfinished(signal), operands);
      const asJson = options.format === 'json';
      const restored = options.list ? [] : await project.actions.restoreEvents(signal);
      if (restored.length > 0 && !asJson)
        terminal.err([
          line(span(`Put back ${plural(restored.length, 'event')} that the record had lost.`, 'good')),
        ]);
      if (options.list) {
        if (asJson) terminal.data(json({ unfinished: actions }));
        else terminal.out(actions.flatMap((each) => unfinishedText(each, terminal.columns)));
      }
      if (actions.length === 0 && !asJson) terminal.err([line(span('Nothing is unfinished.', 'good'))]);
      if (options.list) return actions.length === 0 ? EXIT.clean : EXIT.unfinished;

      const answers: (ActionResult | Refusal)[] = [];
      for (const action of actions) {
        const { plan } = action;
        if (signal.aborted) break;
        const how = options.undo ? 'undo' : 'forward';
        const answer = options.abandon
          ? await giveUp(project, action, options, invocation)
          : await whileActing(() => project.actions.resume(plan.id, how, progressOn(terminal), signal));
        answers.push(answer);
        if (asJson) continue;
        if (isRefusal(answer)) terminal.err(failureLines(describeRefusal(answer), terminal.columns));
        else terminal.out(resultText(answer, plan, terminal));
      }
      if (asJson) {
        terminal.data(
          json({
            results: answers.filter((each) => !isRefusal(each)),
            refused: answers.filter(isRefusal),
            restored,
          }),
        );
      }
      return worstExit(answers.map((answer) => exitOf(answer, options.undo)));
    });
  },
});

/** Taking it back is what was asked for, so here it is success. */
function exitOf(answer: ActionResult | Refusal, undo: boolean): ExitCode {
  if (isRefusal(answer)) return describeRefusal(answer).exitCode;
  return undo && answer.state === 'undone' ? EXIT.clean : exitCodeOfAction(answer.state);
}

function chosen(
  actions: readonly UnfinishedAction[],
  operands: readonly string[],
): readonly UnfinishedAction[] {
  if (operands.length === 0) return actions;
  return operands.flatMap((operand) => {
    const identity = parseIdentity(operand);
    const found = actions.filter(
      ({ plan }) => plan.id === operand || (identity !== undefined && sameIdentity(plan.identity, identity)),
    );
    if (found.length > 0) return found;
    throw new UsageError(
      `Nothing unfinished is called ${operand}`,
      '`idac resume --list` shows what is unfinished.',
    );
  });
}

function ways({ undoable, undoing, abandonable }: UnfinishedAction): string {
  if (abandonable)
    return `${undoing ? 'not wholly taken back' : 'failed behind its line'}; can be tried again or given up`;
  if (undoing) return 'not wholly taken back';
  return undoable ? 'can be finished or taken back' : 'can only be finished';
}

function unfinishedText(action: UnfinishedAction, columns: number): readonly Line[] {
  const { plan, startedAt, steps, running, next } = action;
  const done = steps.filter((step) => step.state === 'done').length;
  return [
    line(span(plan.verb, 'accent'), ' ', span(formatSubject(plan), 'strong'), span(`  ${plan.id}`, 'quiet')),
    line(
      `  started ${formatInstant(startedAt)} · ${done} of ${plural(plan.steps.length, 'step')} done · `,
      running ? span('a process works on it now', 'accent') : span(ways(action), 'warning'),
    ),
    ...(next === '' ? [] : paragraph(line('  ', span('next', 'accent'), '  '), next, columns)),
  ];
}
