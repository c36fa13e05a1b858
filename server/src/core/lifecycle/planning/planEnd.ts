import { capitalized } from '../../text/sentence.ts';
import { placeKey } from '../declaration.ts';
import { countOf, nounOf, traitsOf } from '../kindTraits.ts';
import type { Refusal } from '../plan.ts';
import { formatSubject } from '../plan.ts';
import type { Generation } from '../record.ts';
import { hasEnded, hasRemains, isAccepted, isLive, madeSecret } from '../record.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, refusal, untilText } from './facts.ts';
import { concerns, sharedLeft } from './oneMachine.ts';
import type { PlanDraft } from './planIssuance.ts';
import { sharesPassword } from './refuseDeliveries.ts';

function consumersWarning(facts: PlanningFacts): string[] {
  const consumers = facts.declaration?.consumers ?? [];
  return consumers.length === 0
    ? []
    : [`${consumers.join(', ')} will fail until a new credential is in place.`];
}

/** Relying parties accept it: its authority decides, and not the record, which anybody could have written. */
function isStillAccepted(facts: PlanningFacts, generation: Generation): boolean {
  return facts.attested.get(generation.id) === 'good'
    ? !hasEnded(generation, facts.now)
    : isAccepted(generation, facts.now) && !isGone(generation);
}

/** A key that is a credential itself is no longer there for anybody once its store has destroyed it. */
function isGone({ issued, keyDestroyed }: Generation): boolean {
  return issued.identity.kind === 'Key' && keyDestroyed;
}

function validityText(notAfter: string, kind: string): string {
  return traitsOf(kind)?.endsByItself === false ? 'valid until revoked' : untilText(notAfter);
}

/** Another clone's authority issued it: neither certificate nor key is within reach here. */
function isElsewhere(facts: PlanningFacts, { id }: Generation): boolean {
  return facts.attested.get(id) === 'unknown';
}

function whereToRevoke({ credential, issued }: Generation, noun: string): string {
  const { serialNumber } = credential;
  if (issued.type === 'issued')
    return `${issued.backend} here did not issue ${noun} ${serialNumber}: revoke it in the clone that did.`;
  return issued.backend === null
    ? `The ${noun} ${serialNumber} was adopted, and no backend here issued it: revoke it at its authority (${credential.issuer}).`
    : `The ${noun} ${serialNumber} was adopted, and ${issued.backend} does not know it as issued for this: revoke it at that authority itself.`;
}

/**
 * revoke: every credential of the identity, or of one machine's share, that relying parties still accept, superseded ones too;
 * with `former` these alone.
 */
export function planRevocation(facts: PlanningFacts): PlanDraft | Refusal {
  const { identity, reason = 'unspecified', former = false } = facts.request;
  const noun = nounOf(identity.kind);
  const all = facts.record.generations.filter((generation) => isStillAccepted(facts, generation));
  const wanted = all.filter(
    (generation) => concerns(facts.request, generation.machine) && !(former && isLive(generation)),
  );
  const accepted = wanted.flatMap((generation) => {
    const { backend } = generation.issued;
    return backend === null || isElsewhere(facts, generation) ? [] : [{ generation, backend }];
  });
  const elsewhere = wanted
    .filter((generation) => isElsewhere(facts, generation))
    .map((generation) => whereToRevoke(generation, noun));
  const shared = sharedLeft(
    facts.request,
    all.some(({ machine }) => machine === null),
  );
  if (accepted.length === 0) {
    return refusal(
      identity,
      'nothing-to-revoke',
      `${formatSubject(facts.request)} has no ${former ? 'former ' : ''}${noun} that is still accepted.`,
      elsewhere[0] ?? shared[0] ?? 'Nothing needs to be revoked. `idac log show` tells what happened to it.',
    );
  }
  const backends = [...new Set(accepted.map(({ backend }) => backend))];
  for (const backend of backends) {
    const issuer = facts.issuers.get(backend);
    if (issuer === undefined) {
      return refusal(
        identity,
        'not-an-authority',
        `Backend ${backend} cannot revoke.`,
        'Declare that backend again, or revoke at the authority itself.',
      );
    }
    if (!issuer.revocationReasons.includes(reason)) {
      return refusal(
        identity,
        'reason-not-accepted',
        issuer.revocationReasons.length === 0
          ? `${backend} cannot revoke a ${noun}.`
          : `${backend} does not accept the reason ${reason}.`,
        issuer.revocationReasons.length === 0
          ? 'Rotate it, so that a new one takes its place, and destroy what is left of this one.'
          : `Use one of ${issuer.revocationReasons.join(', ')}.`,
      );
    }
  }
  const revoke = accepted.map(
    ({ generation, backend }): DraftTask => ({
      verb: 'revoke',
      generation: generation.id,
      machine: generation.machine,
      class: 'final',
      backend,
      serialNumber: generation.credential.serialNumber,
      reason,
      eventId: facts.newId(),
      target: generation.credential.serialNumber,
      consequence: `revokes the ${generation.supersededBy === null ? 'current' : 'superseded'} ${noun}${ofBearer(generation.machine)} (${validityText(generation.credential.notAfter, identity.kind)})`,
    }),
  );
  const publish = backends
    .filter((backend) => facts.issuers.get(backend)?.publishes)
    .map(
      (backend): DraftTask => ({
        verb: 'publish',
        generation: '',
        machine: null,
        class: 'repeatable',
        backend,
        consequence: 'publishes the new list of what is revoked',
      }),
    );
  const verify = accepted.map(
    ({ generation, backend }): DraftTask => ({
      verb: 'verify',
      generation: generation.id,
      machine: generation.machine,
      class: 'repeatable',
      backend,
      places: [],
      expect: 'revoked',
      serialNumber: generation.credential.serialNumber,
      endpoints: [],
      servedByOthers: [],
      eventId: facts.newId(),
      consequence: 'asks the issuer whether it answers "revoked" now',
    }),
  );
  const hold = reason === 'certificateHold';
  return {
    tasks: [...revoke, ...publish, ...verify],
    warnings: [
      ...(former ? [] : consumersWarning(facts)),
      ...(accepted.some(({ generation }) => generation.copies.length > 0)
        ? ['Delivered copies stay where they are: destroy removes them.']
        : []),
      ...shared,
      ...elsewhere,
    ],
    summary: `revoke ${former ? 'what was replaced of ' : ''}${formatSubject(facts.request)}: ${countOf(identity.kind, accepted.length)} at ${backends.join(', ')}, reason ${reason}`,
    consequence: hold
      ? 'Relying parties that check revocation refuse it while it is on hold.'
      : 'Relying parties that check revocation refuse it from now on. This cannot be taken back.',
  };
}

/**
 * What no authority here knows as issued for this identity stays: that a copy is its own would rest on the record's word
 * alone, which may give another identity's certificate a number that nobody has heard of.
 */
function destroyTasks(facts: PlanningFacts, generation: Generation): DraftTask[] {
  if (isElsewhere(facts, generation)) return [];
  const base = { generation: generation.id, machine: generation.machine };
  const copies = generation.copies.flatMap((copy): DraftTask[] => {
    const place = {
      backend: copy.backend,
      as: copy.as,
      path: copy.path,
      contents: copy.contents,
      ...(copy.keystore === undefined ? {} : { keystore: copy.keystore }),
    };
    // What stands there was found to be this identity's; its version may be another than when it was delivered.
    const version = facts.versions.get(placeKey(place));
    return [
      {
        ...base,
        verb: 'destroy-copy',
        class: 'final',
        place,
        ifVersion: version ?? copy.version,
        eventId: facts.newId(),
        target: copy.path,
        consequence:
          version === undefined
            ? 'is gone already; this is recorded'
            : `removes ${copy.contents.join(' and ')}`,
      },
    ];
  });
  if (!madeSecret(generation) || generation.keyDestroyed) return copies;
  const { store, keyId } = generation.issued.key ?? {};
  const secret = generation.issued.key === undefined ? nounOf(facts.request.identity.kind) : 'key';
  const inStore = store !== undefined && keyId !== undefined;
  return [
    ...copies,
    {
      ...base,
      verb: 'destroy-key',
      class: 'final',
      store: store ?? null,
      keyId: keyId ?? null,
      eventId: facts.newId(),
      ...(inStore ? { on: store, target: keyId } : {}),
      consequence: inStore
        ? 'destroys the key in the store'
        : `records that no copy of the ${secret} made here is left`,
    },
  ];
}

/** The last key store to go takes its password file with it, unless one that stays has the same. */
function withPasswords(facts: PlanningFacts, tasks: readonly DraftTask[]): readonly DraftTask[] {
  const gone = new Set(tasks.flatMap((task) => (task.verb === 'destroy-copy' ? [placeKey(task.place)] : [])));
  const staying = facts.record.generations
    .flatMap(({ copies }) => copies)
    .filter((copy) => !gone.has(placeKey(copy)));
  const fileOf = (task: DraftTask | undefined) =>
    task?.verb === 'destroy-copy' ? task.place.keystore?.passwordFile : undefined;
  return tasks.map((task, index) => {
    const file = fileOf(task);
    if (
      task.verb !== 'destroy-copy' ||
      file === undefined ||
      sharesPassword(facts, task.place) ||
      staying.some((copy) => copy.keystore?.passwordFile === file) ||
      tasks.slice(index + 1).some((later) => fileOf(later) === file)
    )
      return task;
    return {
      ...task,
      endsPassword: true,
      consequence: `${task.consequence}, and ${file} if it was made here`,
    };
  });
}

/** destroy: key material and delivered copies of every generation that still has any. */
export function planDestruction(facts: PlanningFacts): PlanDraft | Refusal {
  const { identity } = facts.request;
  const standing = facts.record.generations.filter(
    (generation) => concerns(facts.request, generation.machine) && hasRemains(generation),
  );
  const tasks = withPasswords(
    facts,
    standing.flatMap((generation) => destroyTasks(facts, generation)),
  );
  const elsewhere = standing
    .filter((generation) => isElsewhere(facts, generation))
    .map(
      ({ credential }) =>
        `What is left of ${nounOf(identity.kind)} ${credential.serialNumber} belongs to the clone that issued it: destroy it there.`,
    );
  if (tasks.length === 0) {
    return refusal(
      identity,
      'nothing-to-destroy',
      `${formatSubject(facts.request)} has no key and no delivered copy left here that this tool made.`,
      elsewhere[0] ?? 'Nothing needs to be destroyed.',
    );
  }
  // A key that is a credential itself is in no other place than its store.
  const stillValid = facts.record.generations.filter(
    (generation) =>
      identity.kind !== 'Key' &&
      concerns(facts.request, generation.machine) &&
      isAccepted(generation, facts.now),
  );
  return {
    tasks,
    warnings: [
      ...consumersWarning(facts),
      ...elsewhere,
      ...(stillValid.length > 0
        ? [
            `${capitalized(countOf(identity.kind, stillValid.length))} ${stillValid.length === 1 ? 'stays' : 'stay'} ${validityText(
              stillValid
                .map((g) => g.credential.notAfter)
                .sort()
                .at(-1) ?? '',
              identity.kind,
            )} for whoever holds another copy: revoke first if that matters.`,
          ]
        : []),
    ],
    summary: `destroy ${formatSubject(facts.request)}: ${identity.kind === 'Token' ? '' : 'its keys and '}every delivered copy`,
    consequence:
      identity.kind === 'Token'
        ? 'All copies are gone for good. This cannot be taken back.'
        : 'Keys and copies are gone for good. This cannot be taken back.',
  };
}
