import type { ActionObserver } from '../../app/api.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { stepWords } from '../../core/lifecycle/stepWords.ts';
import { line, span } from '../output/text.ts';
import type { Terminal } from '../terminal.ts';

/** One line on a terminal that says which step is at work; it is gone when the action has ended. */
export function progressOn(terminal: Terminal): ActionObserver {
  return {
    reached(point, plan) {
      switch (point.at) {
        case 'step-journaled':
          return terminal.status(
            line(
              span(`  ${point.step.n}/${plan.steps.length}  `, 'quiet'),
              span(stepWords(point.step.verb, plan.identity.kind), 'strong'),
              span(
                [formatIdentity(plan.identity), point.step.machine]
                  .filter(Boolean)
                  .map((part) => `  ${part}`)
                  .join(''),
                'quiet',
              ),
            ),
          );
        case 'ended':
          return terminal.status([]);
        case 'planned':
        case 'locked':
        case 'giving-up':
        case 'given-up':
        case 'step-noted':
        case 'step-acted':
        case 'step-done':
        case 'step-undone':
          return undefined;
        default:
          return point satisfies never;
      }
    },
  };
}

/** One line on a terminal that says how far a run over many identities is. */
export function progressOfMany(terminal: Terminal, total: number) {
  let atWork = 0;
  let done = 0;
  let failed = 0;
  const show = (): void =>
    terminal.status(
      line(
        span(`  ${done + failed}/${total}  `, 'quiet'),
        span(`${atWork} at work`, 'strong'),
        ...(failed === 0 ? [] : [span(`  ${failed} not done`, 'warning')]),
      ),
    );
  return {
    show,
    begin(): ActionObserver {
      atWork += 1;
      show();
      return {};
    },
    end(good: boolean): void {
      atWork -= 1;
      if (good) done += 1;
      else failed += 1;
    },
  };
}
