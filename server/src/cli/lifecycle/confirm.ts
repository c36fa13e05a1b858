import type { Confirmation } from '../../app/api.ts';
import type { Plan } from '../../core/lifecycle/plan.ts';
import type { Surroundings } from '../command.ts';
import { line, paragraph, span } from '../output/text.ts';
import { ask } from '../prompt.ts';

/**
 * The person's word that this plan may run: a yes, or the identity's name typed where that is asked for. Undefined: no
 * person is there to ask.
 */
export async function confirm(
  plan: Plan,
  yes: boolean,
  { terminal, signal }: Surroundings,
): Promise<Confirmation | undefined> {
  const { mode, name, consequence } = plan.confirmation;
  if (yes) return { confirmed: true, ...(mode === 'typed' ? { typed: name } : {}) };
  if (!terminal.interactive) return undefined;
  terminal.err(paragraph(line(span('  then', 'quiet'), '  '), consequence, terminal.columns));
  if (mode === 'typed') {
    const typed = await ask(`Type ${name} to go on (anything else stops):`, signal);
    return { confirmed: typed?.trim() === name, typed: typed?.trim() ?? '' };
  }
  const answer = await ask('Go on? [y/N]', signal);
  return { confirmed: /^y(es)?$/i.test(answer?.trim() ?? '') };
}
