import type { Delivery, Target } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { sameOctets } from '../../../core/credential/octets.ts';
import type { DeliveryContent } from '../../../core/lifecycle/deliveryContent.ts';
import type { DeliveredCopy } from '../../../core/lifecycle/event.ts';
import { keystoreTitle } from '../../../core/lifecycle/keystorePlace.ts';
import type { DeliveryPlace, TaskOf } from '../../../core/lifecycle/task.ts';
import type { Secret } from '../../../core/secret.ts';
import { ensurePassword, readPassword, removeMadePassword } from '../keystorePassword.ts';
import type { Services } from '../services.ts';
import { contentOf, standsThere } from './deliverable.ts';
import { formerContentName } from './stagedSecret.ts';
import type { Step, StepContext, StepRun } from './step.ts';
import { eventOf, issuedIn, StepFailure } from './step.ts';

type DeliverTask = TaskOf<'deliver'>;

export async function targetOf(
  services: Services,
  place: Pick<DeliveryPlace, 'backend' | 'as' | 'keystore' | 'owner'>,
  signal: AbortSignal,
): Promise<Target> {
  const { targets } = await services.backends.open(place.backend, signal);
  const target = targets?.[place.as];
  if (target !== undefined) return laidOut(services, target, place);
  throw new BackendError({
    kind: 'unsupported',
    what: `Backend ${place.backend} takes no delivery as "${place.as}".`,
    hint: `It offers ${Object.keys(targets ?? {}).join(', ') || 'none'}: correct spec.deliverTo[].as.`,
  });
}

/** The target for what only files have, opened with the password that stands in the project now. */
async function laidOut(
  { files }: Services,
  target: Target,
  { backend, as, keystore, owner }: Pick<DeliveryPlace, 'backend' | 'as' | 'keystore' | 'owner'>,
): Promise<Target> {
  if (keystore === undefined && owner === undefined) return target;
  if (target.withLayout === undefined) {
    throw new BackendError({
      kind: 'unsupported',
      what:
        keystore === undefined
          ? `What is delivered to ${backend} as "${as}" is no file, so it has no owner.`
          : `${backend} keeps text as "${as}", and a ${keystoreTitle(keystore.format)} is none: it cannot be delivered there.`,
      hint:
        keystore === undefined
          ? 'Leave owner out of that delivery.'
          : 'Set format: pem for that delivery, or deliver to a file of the project (a Backend of type local, as: file).',
    });
  }
  return target.withLayout({
    ...(keystore === undefined
      ? {}
      : { keystore: { ...keystore, password: await readPassword(files, keystore.passwordFile) } }),
    ...(owner === undefined ? {} : { owner }),
  });
}

/** A copy as the record names it. */
export function copyOf({
  backend,
  as,
  path,
  contents,
  keystore,
}: Omit<DeliveryPlace, 'mode'>): Omit<DeliveredCopy, 'version'> {
  return { backend, as, path, contents, ...(keystore === undefined ? {} : { keystore }) };
}

function acted(task: DeliverTask, context: StepContext, version: string): StepRun {
  return {
    state: 'acted',
    outcome: { verb: 'deliver', version, contents: task.place.contents },
    events: [
      eventOf(context, task, task.eventId, {
        type: 'delivered',
        copy: { ...copyOf(task.place), version },
      }),
    ],
  };
}

/** Writes the credential where the manifest says, if there still stands what the plan saw. */
export const deliver: Step<'deliver'> = {
  async run(task, context, signal) {
    const { place } = task;
    await ensurePassword(context.services, place, context.planId, signal);
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    if (
      context.resumed &&
      // A root that comes first looks the same before and after.
      state?.version !== (task.ifVersion ?? undefined) &&
      standsThere(place, issuedIn(context.view, task.generation), state, context.services.hasher)
    ) {
      return acted(task, context, state?.version ?? '');
    }
    if ((state?.version ?? null) !== task.ifVersion) {
      // A file that is simply gone is written again; anything else that stands there is somebody else's.
      if (state !== undefined || task.ifVersion === null) return changed(task, context.resumed);
    }
    if (state !== undefined && (await context.staged.get(formerContentName(task.n))) === undefined) {
      const former = state.content ?? (await target.snapshot(place.path, signal))?.content;
      if (former !== undefined) await context.staged.put(formerContentName(task.n), former);
    }
    const contents: { what: DeliveryContent; pem: Secret<string> }[] = [];
    for (const what of place.contents)
      contents.push({ what, pem: await contentOf(what, task.generation, context) });
    const delivery: Delivery = {
      path: place.path,
      contents,
      ...(place.mode === undefined ? {} : { mode: place.mode }),
    };
    const { version } = await target.deliver(delivery, { ifVersion: state?.version ?? null }, signal);
    return acted(task, context, version);
  },

  async undo(task, context, signal) {
    const { place } = task;
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    const issued = context.view.steps.get(issueStepOf(task, context))?.outcome;
    const ours =
      issued?.verb === 'issue' &&
      state !== undefined &&
      standsThere(place, issued, state, context.services.hasher);
    const former = await context.staged.get(formerContentName(task.n));
    const seen = { ifVersion: state?.version ?? null };
    if (ours || state === undefined) {
      if (former !== undefined) await target.restore(place.path, former, seen, signal);
      else if (state !== undefined) await target.remove(place.path, { ifVersion: state.version }, signal);
    } else if (state.version !== task.ifVersion && !(await stillFormer(target, place.path, former, signal))) {
      throw new StepFailure(
        `${place.path} holds something that this action did not write, so it was left alone.`,
        `Look at ${place.path}; then run \`idac resume\` again.`,
      );
    }
    if (endsPassword(task, context))
      await removeMadePassword(context.services, place.keystore?.passwordFile ?? '', context.planId, signal);
    const recorded = context.view.events.some((event) => event.id === task.eventId);
    if (!recorded) return [];
    return [
      eventOf(context, task, context.services.newId(), {
        type: 'destroyed',
        what: { copy: copyOf(place) },
      }),
    ];
  },
};

/** The last delivery of this action to be taken back that has this password file, which no other identity has. */
function endsPassword({ n, place, sharesPassword }: DeliverTask, { view }: StepContext): boolean {
  const file = place.keystore?.passwordFile;
  if (file === undefined || sharesPassword === true) return false;
  return !view.action.tasks.some(
    (other) => other.verb === 'deliver' && other.n < n && other.place.keystore?.passwordFile === file,
  );
}

/** It was put back already, by an undo that was interrupted. */
export async function stillFormer(
  target: Target,
  path: string,
  former: Secret<Uint8Array> | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (former === undefined) return false;
  const now = await target.snapshot(path, signal);
  return now !== undefined && sameOctets(now.content.reveal(), former.reveal());
}

function issueStepOf(task: DeliverTask, context: StepContext): number {
  return (
    context.view.action.tasks.find((other) => other.verb === 'issue' && other.generation === task.generation)
      ?.n ?? 0
  );
}

function changed(task: DeliverTask, resumed: boolean): StepRun {
  const { backend, path } = task.place;
  if (!resumed) {
    throw new StepFailure(
      `${path} at ${backend} changed after the plan was made; it was not overwritten.`,
      'Make a new plan.',
    );
  }
  return {
    state: 'unknown',
    what: `Looked at ${path} (${backend}) for what this action delivers or for what stood there before, and found neither.`,
    hint: `Somebody else wrote it. Put the former content back or remove it, then run \`idac resume\`.`,
  };
}
