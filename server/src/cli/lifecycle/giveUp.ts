import type { ActionResult, Project, Refusal, UnfinishedAction } from '../../app/api.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import type { Surroundings } from '../command.ts';
import { line, paragraph, span } from '../output/text.ts';
import { ask } from '../prompt.ts';
import { whileActing } from '../signals.ts';

/** Shows what would be left as it is, and gives the action up once the person has typed its identity's name. */
export async function giveUp(
  project: Project,
  { plan, abandonable, undoing, left }: UnfinishedAction,
  { yes, because }: { readonly yes: boolean; readonly because: string | undefined },
  { terminal, signal }: Surroundings,
): Promise<ActionResult | Refusal> {
  const abandon = (typed: string | undefined): Promise<ActionResult | Refusal> =>
    whileActing(() =>
      project.actions.abandon(
        plan.id,
        typed === undefined ? { confirmed: false } : { confirmed: true, typed },
        because,
        signal,
      ),
    );
  const { name } = plan.identity;
  // Why it need not be given up is said before anybody is asked.
  if (yes || !abandonable) return abandon(name);
  if (!terminal.interactive) {
    return {
      refused: true,
      code: 'refused/needs-confirmation',
      what: `To give up ${plan.verb} ${formatSubject(plan)} needs a person's consent, and no person is at a terminal.`,
      hint: `Look at it with \`idac resume --list\`, then run \`idac resume ${plan.id} --abandon --yes\`.`,
      identity: plan.identity,
    };
  }
  terminal.err([
    line(
      span(`Give up ${plan.verb} `),
      span(formatSubject(plan), 'strong'),
      span('. Nothing more is done, and this is left:'),
    ),
    ...left.flatMap((each) =>
      paragraph(
        line(span(undoing ? '  not taken back' : '  not done', 'warning'), '  '),
        each,
        terminal.columns,
      ),
    ),
  ]);
  return abandon((await ask(`Type ${name} to go on (anything else stops):`, signal))?.trim());
}
