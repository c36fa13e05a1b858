import { setTimeout as sleep } from 'node:timers/promises';
import { placeKey } from '../../../core/lifecycle/declaration.ts';
import type { ServedEndpoint } from '../../../core/lifecycle/event.ts';
import type { DeliveryPlace, TaskOf } from '../../../core/lifecycle/task.ts';
import type { EndpointAnswer } from '../../../platform/probe/probeEndpoint.ts';
import type { VerifyCheck } from '../../api.ts';
import { issuerOf } from '../issuers/issuers.ts';
import { traceOf } from '../journal.ts';
import { targetOf } from './deliver.ts';
import { lockedText, standsThere } from './deliverable.ts';
import { checkPublic } from './publicCheck.ts';
import type { Step, StepContext, StepRun } from './step.ts';
import { eventOf, issuedIn, StepFailure } from './step.ts';

type VerifyTask = TaskOf<'verify'>;

/** How long to wait before an endpoint is worth another look. */
const ENDPOINT_RETRY_MS = 60_000;

/** Right after a reload it is worth a few at once. */
const LOOKS_AFTER_RELOAD = 10;
const LOOK_INTERVAL_MS = 300;

/** What the target called that which this action delivered there. */
function deliveredVersion(task: VerifyTask, place: DeliveryPlace, { view }: StepContext): string | undefined {
  const deliver = view.action.tasks.find(
    (other) =>
      (other.verb === 'deliver' || other.verb === 'put-back') &&
      other.generation === task.generation &&
      placeKey(other.place) === placeKey(place),
  );
  const outcome = deliver === undefined ? null : traceOf(view, deliver.n).outcome;
  return outcome?.verb === 'deliver' || outcome?.verb === 'put-back' ? outcome.version : undefined;
}

async function checkPlaces(
  task: VerifyTask,
  context: StepContext,
  signal: AbortSignal,
): Promise<VerifyCheck[]> {
  const issued = issuedIn(context.view, task.generation);
  const checks: VerifyCheck[] = [];
  for (const place of task.places) {
    const target = await targetOf(context.services, place, signal);
    const state = await target.read(place.path, signal);
    const ok =
      state?.version === deliveredVersion(task, place, context) &&
      standsThere(place, issued, state, context.services.hasher);
    checks.push({
      what: `delivered to ${place.path}`,
      outcome: ok ? 'ok' : 'failed',
      detail: ok
        ? 'holds the credential'
        : state === undefined
          ? 'nothing is there'
          : (lockedText(place, state) ?? 'holds another credential'),
    });
  }
  return checks;
}

async function checkStatus(
  task: VerifyTask,
  context: StepContext,
  signal: AbortSignal,
): Promise<VerifyCheck> {
  const issuer = await issuerOf(context.services, task.backend, context.identity.kind, signal);
  const serial = task.serialNumber ?? issuedIn(context.view, task.generation).credential.serialNumber;
  const answer = await issuer.status(serial, signal);
  return {
    what: `status at ${task.backend}`,
    outcome: answer.status === task.expect ? 'ok' : answer.status === 'unknown' ? 'unknown' : 'failed',
    detail: answer.status === 'unknown' ? answer.why : answer.status,
  };
}

/**
 * Pending until every address of every endpoint serves the new certificate: the old one is not retired before. Behind one
 * name may stand several machines, each with its own: theirs count too, as long as they are in use.
 */
async function awaitEndpoints(
  task: VerifyTask,
  context: StepContext,
  signal: AbortSignal,
): Promise<StepRun | readonly ServedEndpoint[]> {
  const served: ServedEndpoint[] = [];
  if (task.endpoints.length === 0) return served;
  const expected = new Set(task.servedByOthers);
  for (const { outcome } of context.view.steps.values()) {
    if (outcome?.verb === 'issue') expected.add(outcome.credential.fingerprintSha256);
  }
  // A command that tells a service may come back before the service has read its files.
  let patience = context.view.action.tasks.some(({ verb }) => verb === 'reload') ? LOOKS_AFTER_RELOAD : 0;
  for (const endpoint of task.endpoints) {
    const look = async () => {
      const answers = await context.services.probe(endpoint, signal);
      const other = answers.find(({ certificateSha256 }) => !expected.has(certificateSha256 ?? ''));
      return { answers, other, isServed: other === undefined && answers.length > 0 };
    };
    let { answers, other, isServed } = await look();
    for (; !isServed && patience > 0; patience -= 1) {
      await sleep(LOOK_INTERVAL_MS, undefined, { signal });
      ({ answers, other, isServed } = await look());
    }
    if (isServed) {
      served.push(...agreedOn(endpoint, answers));
      continue;
    }
    const retryAt = new Date(context.services.clock.now().getTime() + ENDPOINT_RETRY_MS).toISOString();
    const seen = other?.problem ?? 'still serves another certificate';
    return {
      state: 'pending',
      retryAt,
      why: `${endpoint}${other === undefined ? '' : ` (${other.address})`} ${seen}. Reload it; the former certificate stays in use until then.`,
    };
  }
  return served;
}

/** Several addresses of one name agree on the same, mostly. */
function agreedOn(endpoint: string, answers: readonly EndpointAnswer[]): readonly ServedEndpoint[] {
  const each = answers.flatMap(({ protocol }) => (protocol === undefined ? [] : [{ endpoint, ...protocol }]));
  return each.filter(
    ({ version, cipherSuite }, at) =>
      each.findIndex((other) => other.version === version && other.cipherSuite === cipherSuite) === at,
  );
}

/** Reads back what the steps before did. Before the line a failed check stops the action and takes it back. */
export const verify: Step<'verify'> = {
  async run(task, context, signal) {
    // The places and the issuer do not wait for each other; the first that fails is told in the order of the checks.
    const status = checkStatus(task, context, signal);
    const places = task.expect === 'good' ? checkPlaces(task, context, signal) : undefined;
    places?.catch(() => undefined);
    const checks = [await status];
    if (places !== undefined) {
      const issued = issuedIn(context.view, task.generation);
      const proven = checkPublic(
        context.identity.kind,
        issued.publicText,
        issued.anchorText ?? null,
        context.services,
      );
      if (proven !== undefined) checks.push(proven);
      checks.push(...(await places));
    }
    const failed = checks.find((check) => check.outcome === 'failed');
    if (failed !== undefined) {
      throw new StepFailure(
        `Verification failed: ${failed.what}: ${failed.detail}.`,
        'Look at the place named, then try again.',
      );
    }
    const served = await awaitEndpoints(task, context, signal);
    if ('state' in served) return served;
    const at = context.services.clock.now().toISOString();
    return {
      state: 'acted',
      outcome: { verb: 'verify', at },
      events: [
        eventOf(context, task, task.eventId, {
          type: 'verified',
          checks: checks.map(({ what, outcome, detail }) => ({ what, ok: outcome === 'ok', detail })),
          ...(served.length === 0 ? {} : { served }),
        }),
      ],
    };
  },
};
