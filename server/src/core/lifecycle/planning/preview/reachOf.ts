import { plural } from '../../../text/instant.ts';
import { visible } from '../../../text/visible.ts';
import type { Plan, PlanStep } from '../../plan.ts';
import { currentGeneration } from '../../record.ts';
import { stepWords } from '../../stepWords.ts';
import type { Task } from '../../task.ts';
import type { PlanningFacts } from '../facts.ts';
import { concerns } from '../oneMachine.ts';
import type { PlanReach } from './preview.ts';

/** How an action is felt by those who use the credential. */
interface Felt {
  /** Of a consumer, without its name. */
  readonly consumer: string;
  readonly outage: string;
}

/** Which backends are used and whose they are, who uses the credential, what is probed, and whether anything fails meanwhile. */
export function reachOf(facts: PlanningFacts, plan: Plan, tasks: readonly Task[]): readonly PlanReach[] {
  const { consumer, outage } = felt(facts, plan);
  return [
    ...backends(facts, plan),
    ...(facts.declaration?.consumers ?? []).map(
      (name): PlanReach => ({ what: 'consumer', name, detail: consumer }),
    ),
    ...endpoints(facts, plan, tasks),
    { what: 'outage' as const, name: '', detail: outage },
  ].map(({ what, name, detail }) => ({ what, name: visible(name), detail: visible(detail) }));
}

function backends(facts: PlanningFacts, { steps, identity }: Plan): readonly PlanReach[] {
  const names = [...new Set(steps.flatMap(({ backend }) => backend ?? []))];
  return names.map((name) => {
    const verbs = [
      ...new Set(
        steps.filter(({ backend }) => backend === name).map((step) => stepWords(step.verb, identity.kind)),
      ),
    ];
    const owner = facts.backendOwners.get(name);
    return {
      what: 'backend',
      name,
      detail: `${verbs.join(', ')}; ${owner === undefined ? 'no owner is declared' : `owned by ${owner}`}`,
    };
  });
}

/** Probed until they serve the new one; where nothing new is made, they go on serving what they have. */
function endpoints(facts: PlanningFacts, plan: Plan, tasks: readonly Task[]): readonly PlanReach[] {
  const declared = facts.declaration?.endpoints ?? [];
  return declared.map((name): PlanReach => {
    const probe = tasks.find((task) => task.verb === 'verify' && task.endpoints.includes(name));
    return {
      what: 'endpoint',
      name,
      detail:
        probe !== undefined
          ? `probed in step ${probe.n}: it must serve the new one before the former one is retired`
          : plan.verb === 'issue'
            ? 'not probed: nothing was served there before'
            : 'not probed',
    };
  });
}

function felt(facts: PlanningFacts, plan: Plan): Felt {
  switch (plan.verb) {
    case 'issue':
      return {
        consumer: 'can use it once it is delivered',
        outage: 'none: nothing is in use that it takes over from',
      };
    case 'renew':
    case 'rotate':
      return plan.line === null
        ? { consumer: 'goes on working', outage: 'none: the former one is not ended' }
        : {
            consumer: 'goes on working if it reads the new one before the former one is retired',
            outage: `none expected: the new one is delivered and verified before step ${plan.line} retires the former one`,
          };
    case 'restore':
      return { consumer: 'must read it again', outage: 'none expected: both stay valid' };
    case 'revoke':
    case 'destroy':
      return ending(facts, plan);
    default:
      return plan.verb satisfies never;
  }
}

/** From when to when nobody has a valid one. */
function ending(facts: PlanningFacts, plan: Plan): Felt {
  const bearers = [...facts.record.live.keys()].filter((bearer) => concerns(facts.request, bearer));
  const current = new Set(bearers.map((bearer) => currentGeneration(facts.record, bearer)?.id));
  const first = plan.steps.find((step) => endsUse(step) && current.has(step.generation));
  if (first === undefined) {
    return {
      consumer: 'is not affected: what ends is in use no more',
      outage: 'none: what ends is in use no more',
    };
  }
  const shares = bearers.some((bearer) => bearer !== null) ? ` of ${plural(bearers.length, 'machine')}` : '';
  return {
    consumer: `fails from step ${first.n} on, until a new one is issued and delivered`,
    outage: `from step ${first.n} on${shares}, until a new one is issued and delivered: this plan makes none`,
  };
}

function endsUse({ verb }: PlanStep): boolean {
  return verb === 'revoke' || verb === 'destroy-copy' || verb === 'destroy-key';
}
