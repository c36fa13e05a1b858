import type { Target } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import type { TaskOf } from '../../../core/lifecycle/task.ts';
import type { Secret } from '../../../core/secret.ts';
import { traceOf } from '../journal.ts';
import { stillFormer, targetOf } from './deliver.ts';
import { standsThere } from './deliverable.ts';
import { formerContentName } from './stagedSecret.ts';
import { eventOf, type Step, type StepContext, StepFailure, type StepRun } from './step.ts';

type PutBackTask = TaskOf<'put-back'>;

function delivered(
  task: PutBackTask,
  context: StepContext,
  version: string,
  generation: string,
  eventId: string,
) {
  const { backend, as, path, contents } = task.place;
  return eventOf(context, { generation, machine: task.machine }, eventId, {
    type: 'delivered',
    copy: { backend, as, path, contents, version },
  });
}

function acted(task: PutBackTask, context: StepContext, version: string): StepRun {
  return {
    state: 'acted',
    outcome: { verb: 'put-back', version },
    events: [delivered(task, context, version, task.generation, task.eventId)],
  };
}

/** Writes what stood there as an earlier version, out of what the target keeps, if there still stands what the plan saw. */
export const putBack: Step<'put-back'> = {
  async run(task, context, signal) {
    const { place, issued } = task;
    const { hasher } = context.services;
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    if (context.resumed && state?.version !== task.ifVersion && standsThere(place, issued, state, hasher))
      return acted(task, context, state?.version ?? '');
    if (state?.version !== task.ifVersion) return changed(task, context.resumed);
    if ((await context.staged.get(formerContentName(task.n))) === undefined) {
      const now = state?.content ?? (await target.snapshot(place.path, signal))?.content;
      if (now !== undefined) await context.staged.put(formerContentName(task.n), now);
    }
    const content = await formerContent(task, target, context, signal);
    const { version } = await target.restore(place.path, content, { ifVersion: task.ifVersion }, signal);
    return acted(task, context, version);
  },

  async undo(task, context, signal) {
    const { place, issued } = task;
    const { hasher, newId } = context.services;
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    if (state?.version === task.ifVersion) return [];
    const former = await overwritten(task, target, context, signal);
    // It is staged before anything is written.
    if (former === undefined) return [];
    if (standsThere(place, issued, state, hasher)) {
      const seen = { ifVersion: state?.version ?? null };
      const { version } = await target.restore(place.path, former, seen, signal);
      return [delivered(task, context, version, task.over, newId())];
    }
    if (state !== undefined && (await stillFormer(target, place.path, former, signal)))
      return [delivered(task, context, state.version, task.over, newId())];
    throw new StepFailure(
      `${place.path} holds something that this action did not write, so it was left alone.`,
      `Look at ${place.path}; then run \`idac resume\` again.`,
    );
  },
};

/** What stood there when the step began; undefined: the step had not come as far as to write. */
async function overwritten(
  { n, place, ifVersion }: PutBackTask,
  target: Target,
  { staged, view }: StepContext,
  signal: AbortSignal,
): Promise<Secret<Uint8Array> | undefined> {
  const kept = await staged.get(formerContentName(n));
  const isErased = view.action.tasks.some(
    (task) => task.verb === 'erase-staged' && traceOf(view, task.n).started,
  );
  if (kept !== undefined || !isErased) return kept;
  const found = await target.formerVersion?.(place.path, ifVersion, signal);
  if (found?.there === true) return found.content;
  throw new StepFailure(
    `${found?.why ?? `What stood at ${place.path} before is not kept`}.`,
    found?.hint ?? 'Rotate.',
  );
}

/** The version that the record names, if it holds the credential that the record says. */
async function formerContent(
  { place, version, issued }: PutBackTask,
  target: Target,
  { services }: StepContext,
  signal: AbortSignal,
): Promise<Secret<Uint8Array>> {
  const { formerVersion } = target;
  if (formerVersion === undefined)
    throw new BackendError({
      kind: 'unsupported',
      what: `${place.backend} keeps nothing of what was overwritten at ${place.path}.`,
      hint: 'Rotate, so that a new credential is made and delivered.',
    });
  const found = await formerVersion(place.path, version, signal);
  if (!found.there) throw new StepFailure(`${found.why}.`, found.hint);
  if (standsThere(place, issued, found.state, services.hasher)) return found.content;
  throw new StepFailure(
    `Version ${version} of ${place.path} (${place.backend}) holds something else than the credential that was delivered as it.`,
    'Nothing was changed. Rotate, so that a new credential is made and delivered.',
  );
}

function changed(task: PutBackTask, resumed: boolean): StepRun {
  const { backend, path } = task.place;
  if (!resumed)
    throw new StepFailure(
      `${path} at ${backend} changed after the plan was made; it was not overwritten.`,
      'Make a new plan.',
    );
  return {
    state: 'unknown',
    what: `Looked at ${path} (${backend}) for the former credential or for what stood there before, and found neither.`,
    hint: 'Somebody else wrote it. Put one of the two back there, then run `idac resume`.',
  };
}
