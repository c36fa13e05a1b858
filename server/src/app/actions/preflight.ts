import { BackendError } from '../../backends/errors.ts';
import type { Permit, Use } from '../../backends/permit.ts';
import { traitsOf } from '../../core/lifecycle/kindTraits.ts';
import type { Plan, Refusal } from '../../core/lifecycle/plan.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { DeliveryPlace, PlannedAction, Task, TaskOf } from '../../core/lifecycle/task.ts';
import { capitalized, sentence } from '../../core/text/sentence.ts';
import type { PreflightCheck } from '../api.ts';
import type { Services } from './services.ts';

/** What one step asks of one backend. */
interface StepUse {
  readonly step: number;
  readonly backend: string;
  readonly use: Use;
}

/** A backend that does not answer within this must not keep anybody: its checks are unknown. */
const BACKEND_MILLISECONDS = 10_000;
const PROBE_MILLISECONDS = 3_000;
const CONSENT = 'confirmation';
const ENDPOINT_HINT = 'The step waits until every address serves the new certificate.';

/** The checks of a plan that somebody looks at: of its backends, of its endpoints, and whether a person is needed. */
export async function preflightOf(
  { plan, tasks }: PlannedAction,
  services: Services,
  signal: AbortSignal,
): Promise<readonly PreflightCheck[]> {
  const [asked, probed] = await Promise.all([
    backendChecks({ plan, tasks }, services, signal),
    endpointChecks(tasks, services, signal),
  ]);
  return [...[...asked, ...probed].sort((a, b) => (a.step ?? 0) - (b.step ?? 0)), consentCheck(plan)];
}

/** Why the first step of an action is not taken; undefined where nothing speaks against it. */
export async function refuseByPreflight(
  planned: PlannedAction,
  services: Services,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  return refusalByChecks(planned.plan, await backendChecks(planned, services, signal));
}

/** A consent that is asked for anyway stands against nothing; a login that is missing does. */
export function refusalByChecks(plan: Plan, checks: readonly PreflightCheck[]): Refusal | undefined {
  const against = checks.filter(
    ({ what, outcome }) => outcome === 'failed' || (outcome === 'person' && what !== CONSENT),
  );
  const [first] = against;
  if (first === undefined) return undefined;
  const step = plan.steps.find(({ n }) => n === first.step);
  const where =
    step === undefined
      ? ''
      : `step ${step.n} (${step.verb}${first.backend === undefined ? '' : ` at ${first.backend}`}) `;
  const more = against.length === 1 ? '' : ` ${against.length - 1} more: look at them with --plan.`;
  return {
    ...refusal(
      plan.identity,
      'preflight',
      `${plan.verb} ${formatSubject(plan)}: ${where}would fail: ${sentence(first.detail)}${more} Nothing was changed.`,
      first.hint === undefined ? '' : capitalized(sentence(first.hint)),
    ),
    // A client offers to sign in by this code, whoever found out.
    ...(first.outcome === 'person' ? { code: 'backend/unauthenticated' } : {}),
  };
}

async function backendChecks(
  { plan, tasks }: PlannedAction,
  services: Services,
  signal: AbortSignal,
): Promise<readonly PreflightCheck[]> {
  const uses = tasks.flatMap((task) => usesOf(task, plan.identity.kind));
  const backends = [...new Set(uses.map(({ backend }) => backend))];
  const answers = await Promise.all(
    backends.map((backend) =>
      askBackend(
        backend,
        uses.filter((each) => each.backend === backend),
        services,
        signal,
      ),
    ),
  );
  return answers.flat().sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
}

/** One call for all steps that use it. */
async function askBackend(
  backend: string,
  uses: readonly StepUse[],
  services: Services,
  signal: AbortSignal,
): Promise<readonly PreflightCheck[]> {
  const first = uses[0]?.step ?? null;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(BACKEND_MILLISECONDS)]);
  try {
    const { permits } = await services.backends.open(backend, limited);
    if (permits === undefined)
      return [
        { step: first, backend, what: 'rights', outcome: 'unknown', detail: 'this backend does not tell' },
      ];
    const answers = await permits(
      uses.map(({ use }) => use),
      limited,
    );
    return uses.flatMap(({ step, use }) =>
      answers.filter((answer) => answer.use === use).map((answer) => checkOf(step, backend, answer)),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BackendError)) throw error;
    const { kind, what, hint } = error;
    const outcome = kind === 'unauthenticated' ? 'person' : TRANSIENT.includes(kind) ? 'unknown' : 'failed';
    return [
      {
        step: first,
        backend,
        what: kind === 'unauthenticated' ? 'sign-in' : 'connection',
        outcome,
        detail: what,
        hint,
      },
    ];
  }
}

/** What may have passed when the step comes; the step itself waits, or tells. */
const TRANSIENT: readonly BackendError['kind'][] = ['unreachable', 'interrupted', 'rate-limited', 'internal'];

function checkOf(step: number, backend: string, { what, allowed, detail, hint }: Permit): PreflightCheck {
  const outcome = allowed === 'unknown' ? 'unknown' : allowed ? 'ok' : 'failed';
  return { step, backend, what, outcome, detail, ...(hint === undefined ? {} : { hint }) };
}

function usesOf(task: Task, kind: string): readonly StepUse[] {
  const role = traitsOf(kind)?.role;
  const at = (backend: string, use: Use): StepUse => ({ step: task.n, backend, use });
  switch (task.verb) {
    case 'make-key': {
      const { store, keyId, algorithm } = task.key;
      return store === undefined || keyId === undefined
        ? []
        : [at(store, { role: 'KeyStore', verb: 'make', keyId, algorithm })];
    }
    case 'issue':
      return role === undefined ? [] : [at(task.backend, issueUse(task, role)), ...signUses(task)];
    case 'deliver':
    case 'put-back':
      return [at(task.place.backend, placeUse('deliver', task.place))];
    case 'verify':
      return [
        ...(role === undefined
          ? []
          : [
              at(task.backend, {
                role,
                verb: 'status',
                ...(task.serialNumber === undefined ? {} : credentialOf(role, task.serialNumber)),
              }),
            ]),
        ...task.places.map((place) => at(place.backend, placeUse('read', place))),
      ];
    case 'revoke':
      return role === undefined
        ? []
        : [at(task.backend, { role, verb: 'revoke', ...credentialOf(role, task.serialNumber) })];
    case 'publish':
      return role === undefined ? [] : [at(task.backend, { role, verb: 'publish' })];
    case 'destroy-copy':
      return [at(task.place.backend, placeUse('remove', task.place))];
    case 'destroy-key':
      return task.store === null || task.keyId === null
        ? []
        : [at(task.store, { role: 'KeyStore', verb: 'destroy', keyId: task.keyId })];
    case 'read-request':
    case 'reload':
    case 'supersede':
    case 'erase-staged':
      return [];
    default:
      return task satisfies never;
  }

  function signUses(issue: TaskOf<'issue'>): readonly StepUse[] {
    const { store, keyId } = issue.key ?? {};
    // A key that is a credential itself signs nothing on the way.
    return store === undefined || keyId === undefined || kind === 'Key'
      ? []
      : [at(store, { role: 'KeyStore', verb: 'sign', keyId })];
  }
}

function issueUse({ request, durationSeconds, key }: TaskOf<'issue'>, role: Use['role']): Use {
  return {
    role,
    verb: 'issue',
    request,
    ...(durationSeconds === null ? {} : { durationSeconds }),
    ...(key === null ? {} : { algorithm: key.algorithm }),
    ...(key?.origin === 'service' ? { keyByService: true } : {}),
    ...(role === 'KeyStore' && key?.keyId !== undefined ? { keyId: key.keyId } : {}),
  };
}

/** A key is known by its id, where it is the credential. */
function credentialOf(role: Use['role'], serialNumber: string): Pick<Use, 'keyId' | 'serialNumber'> {
  return role === 'KeyStore' ? { keyId: serialNumber } : { serialNumber };
}

function placeUse(verb: 'deliver' | 'read' | 'remove', { as, path, contents, mode }: DeliveryPlace): Use {
  const delivery = { path, contents, ...(mode === undefined ? {} : { mode }) };
  return { role: 'Target', verb, target: as, delivery };
}

/** What each endpoint serves now. One that is down is no reason against an action: often it waits for what is issued. */
async function endpointChecks(
  tasks: readonly Task[],
  { probe }: Services,
  signal: AbortSignal,
): Promise<readonly PreflightCheck[]> {
  const steps = new Map<string, number>();
  for (const task of tasks)
    if (task.verb === 'verify') for (const each of task.endpoints) steps.set(each, steps.get(each) ?? task.n);
  if (steps.size === 0) return [];
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MILLISECONDS)]);
  // A name server that does not answer knows no signal.
  const late = new Promise<undefined>((resolve) => {
    limited.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const checks = await Promise.all(
    [...steps].map(async ([endpoint, step]): Promise<readonly PreflightCheck[]> => {
      const what = `endpoint ${endpoint}`;
      const answers = await Promise.race([probe(endpoint, limited), late]);
      if (answers === undefined || limited.aborted) {
        const detail = `it did not answer within ${PROBE_MILLISECONDS / 1000} s`;
        return [{ step, what, outcome: 'unknown', detail, hint: ENDPOINT_HINT }];
      }
      return answers.map(({ address, certificateSha256, problem }) =>
        certificateSha256 === null
          ? {
              step,
              what,
              outcome: 'unknown',
              detail: `${address} ${problem ?? 'serves no certificate'}`,
              hint: ENDPOINT_HINT,
            }
          : {
              step,
              what,
              outcome: 'ok',
              detail: `${address} serves the certificate ${certificateSha256.slice(0, 16)}… now`,
            },
      );
    }),
  );
  signal.throwIfAborted();
  return checks.flat();
}

function consentCheck({ confirmation, identity }: Plan): PreflightCheck {
  return {
    step: null,
    what: CONSENT,
    outcome: 'person',
    detail:
      confirmation.mode === 'typed'
        ? `a person types ${identity.name}; on the command line --yes stands for it`
        : 'a person says yes; on the command line --yes stands for it',
  };
}
