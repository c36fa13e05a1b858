import { formatIdentity } from '../../identity/identityId.ts';
import type { Declaration } from '../declaration.ts';
import { bearersOf } from '../declaration.ts';
import { nounOf } from '../kindTraits.ts';
import type { ActionRequest, ActionSubject, Refusal } from '../plan.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';

type Limit = Pick<ActionSubject, 'machine'>;

/** Whether it is about this bearer: one for a machine leaves the other machines' shares alone. */
export function concerns({ machine }: Limit, bearer: string | null): boolean {
  return machine === undefined || machine === bearer;
}

/** Whether two actions on one identity touch the same share; where they do not, neither waits for the other. */
export function overlap(a: Limit, b: Limit): boolean {
  return a.machine === undefined || b.machine === undefined || a.machine === b.machine;
}

/** The bearers that a declaration names and it is about. */
export function bearersIn(subject: Limit, declaration: Declaration): readonly (string | null)[] {
  return bearersOf(declaration).filter((bearer) => concerns(subject, bearer));
}

/** Why the action cannot be for one machine alone; undefined when it can, or when it is for all of them. */
export function refuseMachine(facts: PlanningFacts): Refusal | undefined {
  const { request, declaration, record } = facts;
  const { identity, machine, verb } = request;
  if (machine === undefined) return undefined;
  const name = formatIdentity(identity);
  const no = (what: string, hint: string) => refusal(identity, 'not-on-machine', what, hint);
  const isRecorded = record.generations.some(
    (generation) => generation.machine === machine && !generation.forgotten,
  );
  const declared = declaration === null ? [] : bearersOf(declaration);
  const ends = verb === 'revoke' || verb === 'destroy' || verb === 'restore';
  if (declared.includes(machine) || (ends && isRecorded)) return undefined;
  if (declaration?.keyPer === 'identity' && declaration.machines.includes(machine)) {
    return no(
      `${name} has one key for all its machines (spec.keyPer: identity), so ${machine} has no share of its own to ${verb}.`,
      `Leave the machine out to ${verb} it on all of them: idac ${verb} ${name}`,
    );
  }
  if (isRecorded) {
    return no(
      `The manifest of ${name} no longer names ${machine}.`,
      `Name it in spec.machines again, or end what is left there: idac revoke ${name} --machine ${machine}`,
    );
  }
  const machines = declared.filter((bearer) => bearer !== null);
  return no(
    `${name} is not on ${machine}, neither in its manifest nor in its record.`,
    machines.length === 0
      ? `It has no machine of its own; leave the machine out: idac ${verb} ${name}`
      : `It is on ${machines.join(', ')}.`,
  );
}

/** A credential of no machine in particular is on this one too, and an action for one machine leaves it alone. */
export function sharedLeft(request: ActionRequest, shared: boolean): readonly string[] {
  return request.machine !== undefined && shared
    ? [
        `A ${nounOf(request.identity.kind)} that all machines share is still accepted; this leaves it alone: idac ${request.verb} ${formatIdentity(request.identity)} ends it too.`,
      ]
    : [];
}
