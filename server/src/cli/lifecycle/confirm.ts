import type { Confirmation } from '../../app/api.ts';
import type { Plan } from '../../core/lifecycle/plan.ts';
import type { Surroundings } from '../command.ts';
import { line, paragraph, span } from '../output/text.ts';
import { ask } from '../prompt.ts';

/** `nobody`: no person is there to ask. `stopped`: Ctrl-C or Ctrl-D, which ends the whole command. */
export type Consent = Confirmation | 'nobody' | 'stopped';

/** `--yes`: whatever the plan wants to hear. */
export function consented({ confirmation: { mode, name } }: Plan): Confirmation {
  return { confirmed: true, ...(mode === 'typed' ? { typed: name } : {}) };
}

/** The person's word that this plan may run: a yes, or the name typed where the plan wants that. */
export async function confirm(plan: Plan, { terminal, signal }: Surroundings): Promise<Consent> {
  const { mode, name, consequence } = plan.confirmation;
  if (!terminal.interactive) return 'nobody';
  terminal.err(paragraph(line(span('  then', 'quiet'), '  '), consequence, terminal.columns));
  const typed = mode === 'typed';
  const question = typed ? `Type ${name} to go on (anything else stops):` : 'Go on? [y/N]';
  const answer = (await ask(question, signal))?.trim();
  if (answer === undefined) return 'stopped';
  return typed ? { confirmed: answer === name, typed: answer } : { confirmed: /^y(es)?$/i.test(answer) };
}
