import { traitsOf } from '../../../core/lifecycle/kindTraits.ts';
import { formatInstant } from '../../../core/text/instant.ts';
import { issuerOf } from '../issuers/issuers.ts';
import { removeMadePassword } from '../keystorePassword.ts';
import { copyOf, targetOf } from './deliver.ts';
import { noKeyStore } from './keyInHand.ts';
import { eraseStaged } from './stagedSecret.ts';
import type { Step } from './step.ts';
import { eventOf } from './step.ts';

/** Ends a generation in the record, once its overlap with the new one is over. */
export const supersede: Step<'supersede'> = {
  async run(task, context) {
    if (task.overlapSeconds > 0) {
      const verified = context.view.action.tasks
        .filter((other) => other.verb === 'verify' && other.generation === task.by)
        .map((other) => context.view.steps.get(other.n)?.outcome)
        .find((outcome) => outcome?.verb === 'verify');
      const from =
        verified?.verb === 'verify' ? Date.parse(verified.at) : context.services.clock.now().getTime();
      const until = from + task.overlapSeconds * 1000;
      if (context.services.clock.now().getTime() < until) {
        const retryAt = new Date(until).toISOString();
        return {
          state: 'pending',
          retryAt,
          why: `Both ${traitsOf(context.identity.kind)?.many ?? 'credentials'} stay in use until ${formatInstant(retryAt)}.`,
        };
      }
    }
    return {
      state: 'acted',
      outcome: { verb: 'supersede' },
      events: [eventOf(context, task, task.eventId, { type: 'superseded', by: task.by })],
    };
  },
};

export const revoke: Step<'revoke'> = {
  async run(task, context, signal) {
    const issuer = await issuerOf(context.services, task.backend, context.identity.kind, signal);
    const { at, reason } = await issuer.revoke(task.serialNumber, task.reason, signal);
    const { backend, serialNumber } = task;
    return {
      state: 'acted',
      outcome: { verb: 'revoke', at, reason },
      events: [
        eventOf(context, task, task.eventId, {
          type: 'revoked',
          backend,
          serialNumber,
          reason,
          revokedAt: at,
        }),
      ],
    };
  },
};

export const publish: Step<'publish'> = {
  async run(task, context, signal) {
    const issuer = await issuerOf(context.services, task.backend, context.identity.kind, signal);
    await issuer.publish?.(signal);
    return { state: 'acted', outcome: { verb: 'publish' }, events: [] };
  },
};

export const destroyCopy: Step<'destroy-copy'> = {
  async run(task, context, signal) {
    const { place } = task;
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    if (state !== undefined && state.version !== task.ifVersion) {
      return {
        state: 'unknown',
        what: `Looked at ${place.path} (${place.backend}) for the copy that was recorded and found another content.`,
        hint: `Somebody else wrote it, so it was left alone. Move it away, then run \`idac resume\`.`,
      };
    }
    if (state !== undefined) await target.remove(place.path, { ifVersion: state.version }, signal);
    if (task.endsPassword === true && place.keystore !== undefined)
      await removeMadePassword(context.services, place.keystore.passwordFile, null, signal);
    return {
      state: 'acted',
      outcome: { verb: 'destroy-copy' },
      events: [
        eventOf(context, task, task.eventId, {
          type: 'destroyed',
          what: { copy: copyOf(place) },
        }),
      ],
    };
  },
};

export const destroyKey: Step<'destroy-key'> = {
  async run(task, context, signal) {
    if (task.store !== null && task.keyId !== null) {
      const { keys } = await context.services.backends.open(task.store, signal);
      if (keys === undefined) throw noKeyStore(task.store);
      await keys.destroy(task.keyId, signal);
    }
    return {
      state: 'acted',
      outcome: { verb: 'destroy-key' },
      events: [eventOf(context, task, task.eventId, { type: 'destroyed', what: { key: true } })],
    };
  },
};

export const eraseStagedStep: Step<'erase-staged'> = {
  async run(_task, context) {
    await eraseStaged(context);
    return { state: 'acted', outcome: { verb: 'erase-staged' }, events: [] };
  },
};
