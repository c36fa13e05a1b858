import { encodeUtf8 } from '../../credential/charset.ts';
import { toHex } from '../../credential/octets.ts';
import { formatIdentity } from '../../identity/identityId.ts';
import type { Hasher } from '../../ports.ts';
import { canonicalJson } from '../../text/canonicalJson.ts';
import { traitsOf } from '../kindTraits.ts';
import type { Plan, Refusal } from '../plan.ts';
import type { PlannedAction } from '../task.ts';
import { numbered } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';
import { refuseMachine } from './oneMachine.ts';
import { planDestruction, planRevocation } from './planEnd.ts';
import type { PlanDraft } from './planIssuance.ts';
import { planIssuance } from './planIssuance.ts';
import { planRestore } from './planRestore.ts';

function draftOf(facts: PlanningFacts): PlanDraft | Refusal {
  const { verb, identity } = facts.request;
  const traits = traitsOf(identity.kind);
  const refused = refuseMachine(facts);
  if (refused !== undefined) return refused;
  switch (verb) {
    case 'revoke':
      return planRevocation(facts);
    case 'destroy':
      return planDestruction(facts);
    case 'restore':
      return planRestore(facts);
    case 'issue':
    case 'renew':
    case 'rotate':
      return facts.declaration === null || facts.specDigest === null || traits === undefined
        ? refusal(
            identity,
            'not-declared',
            `${formatIdentity(identity)} is declared in no manifest here.`,
            'Declare it, or check the spelling: `idac inventory` lists what there is.',
          )
        : planIssuance(facts, facts.declaration, traits, facts.specDigest);
    default:
      return verb satisfies never;
  }
}

/**
 * A plan and its tasks, or why there is none. `basis` is everything else that the plan rests on (digest of the
 * manifest, head of the record, addresses of the backends): another basis gives another hash, and the old plan is refused.
 */
export function makePlan(facts: PlanningFacts, basis: unknown, hasher: Hasher): PlannedAction | Refusal {
  const draft = draftOf(facts);
  if ('refused' in draft) return draft;
  const { request } = facts;
  const { steps, tasks, line } = numbered(draft.tasks);
  // Ids are new in every plan; what they stand for is not.
  const comparable = steps.map(({ generation: _generation, target, ...step }) => ({
    ...step,
    target: step.verb === 'make-key' ? null : (target ?? null),
  }));
  const versions = [...facts.versions].sort(([a], [b]) => (a < b ? -1 : 1));
  const formers = [...facts.formers].sort(([a], [b]) => (a < b ? -1 : 1));
  const requests = [...facts.requests].map(([bearer, { path, version }]) => [bearer, path, version]);
  const hash = toHex(
    hasher.hash(
      'sha256',
      encodeUtf8(canonicalJson({ request, basis, steps: comparable, versions, requests, formers })),
    ),
  );
  const { verb, identity, machine } = request;
  const typed = verb === 'revoke' || verb === 'destroy';
  const plan: Plan = {
    id: facts.newId(),
    hash,
    verb,
    identity,
    ...(machine === undefined ? {} : { machine }),
    summary: draft.summary,
    steps,
    line,
    warnings: [...(facts.exceptions ?? []), ...draft.warnings],
    confirmation: {
      mode: typed ? 'typed' : 'plain',
      name: identity.name,
      consequence: draft.consequence,
      commandLine: commandLineOf(facts),
    },
  };
  return { plan, tasks };
}

function commandLineOf({ request }: PlanningFacts): string {
  const machine = request.machine === undefined ? '' : ` --machine ${request.machine}`;
  const former = request.former === true ? ' --former' : '';
  const reason = request.reason === undefined ? '' : ` --reason ${request.reason}`;
  return `idac ${request.verb} ${formatIdentity(request.identity)}${machine}${former}${reason}`;
}
