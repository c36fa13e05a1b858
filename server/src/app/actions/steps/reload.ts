import { runCommand } from '../../../platform/reload/runCommand.ts';
import type { Services } from '../services.ts';
import type { Step } from './step.ts';
import { StepFailure } from './step.ts';

async function reloadService(services: Services, name: string, signal: AbortSignal): Promise<void> {
  const command = await services.reloads.find(name);
  if (command === undefined) {
    throw new StepFailure(
      `No command ${name} is allowed on this machine any more.`,
      services.reloads.howToAllow(name),
    );
  }
  const { code, signal: by, error, timedOut, lastLines } = await runCommand(command, signal);
  if (code === 0 && !timedOut) return;
  const how =
    error !== undefined
      ? `could not be started: ${error}`
      : timedOut
        ? `did not end within ${command.timeoutSeconds} s and was ended`
        : code === null
          ? `was ended by ${by}`
          : `ended with exit code ${code}`;
  const said = lastLines === '' ? 'It printed nothing.' : `Its last output: ${lastLines}`;
  throw new StepFailure(
    `The command ${name} (${command.argv[0]}, allowed in ${command.source}) ${how}. ${said}`,
    `Run it by hand to see what is wrong, then try again.`,
  );
}

/** Tells a service of its new copies. Twice is the same as once. */
export const reload: Step<'reload'> = {
  async run(task, { services }, signal) {
    await reloadService(services, task.command, signal);
    return { state: 'acted', outcome: { verb: 'reload' }, events: [] };
  },

  /** The former content stands again by now: `carryOut.ts` puts this behind the deliveries. */
  async undo(task, { services, view }, signal) {
    const isBack = view.action.tasks.some(
      (other) => other.verb === 'deliver' && other.place.reload === task.command && other.ifVersion !== null,
    );
    if (isBack) await reloadService(services, task.command, signal);
    return [];
  },
};
