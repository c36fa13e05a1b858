import { formatDuration } from '../../text/duration.ts';
import { requestIdOf } from '../attestation.ts';
import type { Declaration } from '../declaration.ts';
import { placeKey } from '../declaration.ts';
import type { Decided } from './decided.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, untilText } from './facts.ts';
import type { Share } from './share.ts';

function keyTask(facts: PlanningFacts, share: Share): DraftTask {
  const base = { generation: share.generation, machine: share.bearer, keyChanges: share.keyChanges };
  const request = facts.requests.get(share.bearer);
  if (share.key.origin === 'machine' && request !== undefined) {
    return {
      ...base,
      verb: 'read-request',
      class: 'repeatable',
      path: request.path,
      version: request.version,
      key: share.key,
      target: request.path,
      consequence: share.keyChanges
        ? 'reads the request that the machine made; its key is new'
        : 'reads the request that the machine made; its key is the one in use',
    };
  }
  const inStore = share.key.store !== undefined;
  return {
    ...base,
    verb: 'make-key',
    class: share.keyChanges ? 'undoable' : 'repeatable',
    key: share.key,
    ...(share.key.store === undefined ? {} : { on: share.key.store }),
    ...(share.key.keyId === undefined ? {} : { target: share.key.keyId }),
    consequence: !share.keyChanges
      ? `uses the ${share.key.algorithm} key that is in the store; the key does not change`
      : inStore
        ? `makes a new ${share.key.algorithm} key in the store; it never leaves it`
        : `makes a new ${share.key.algorithm} key in memory, sealed here until it is delivered`,
  };
}

/** Make, deliver and verify: everything before the line. */
export function makeTasks(
  facts: PlanningFacts,
  declaration: Decided,
  share: Share,
  specDigest: string,
): DraftTask[] {
  const base = { generation: share.generation, machine: share.bearer };
  const issue: DraftTask = {
    ...base,
    verb: 'issue',
    class: 'undoable',
    backend: declaration.issuer,
    requestId: requestIdOf(declaration.identity, share.generation),
    key: share.key,
    names: declaration.names,
    usages: declaration.usages,
    durationSeconds: declaration.durationSeconds,
    replaces: share.old.map((generation) => generation.id),
    specDigest,
    declaredIn: declaration.file,
    eventId: facts.newId(),
    consequence: `issues a certificate for ${formatDuration(declaration.durationSeconds)}${ofBearer(share.bearer)}; undoing revokes it`,
  };
  const deliveries = share.places.map((place): DraftTask => {
    const version = facts.versions.get(placeKey(place)) ?? null;
    return {
      ...base,
      verb: 'deliver',
      class: 'undoable',
      place,
      ifVersion: version,
      eventId: facts.newId(),
      target: place.path,
      consequence: `${version === null ? 'writes' : 'replaces'} ${place.contents.join(' and ')}; undoing ${version === null ? 'removes it' : 'puts the former content back'}`,
    };
  });
  const endpoints = share.old.length === 0 ? [] : declaration.endpoints;
  const verify: DraftTask = {
    ...base,
    verb: 'verify',
    class: 'repeatable',
    backend: declaration.issuer,
    places: share.places,
    expect: 'good',
    endpoints,
    servedByOthers: [...facts.record.live]
      .filter(([bearer]) => bearer !== share.bearer)
      .flatMap(([, live]) => live.map((generation) => generation.certificate.fingerprintSha256)),
    eventId: facts.newId(),
    consequence:
      endpoints.length === 0
        ? 'reads back what was delivered and asks the issuer for its status'
        : `reads back what was delivered, and waits until ${endpoints.join(', ')} serves it`,
  };
  return [keyTask(facts, share), issue, ...deliveries, verify];
}

/** What ends with the new credential in place. */
export function retireTasks(facts: PlanningFacts, declaration: Declaration, share: Share): DraftTask[] {
  const { overlapSeconds } = declaration.renewal;
  return share.old.flatMap((old): DraftTask[] => {
    const base = { generation: old.id, machine: share.bearer };
    const supersede: DraftTask = {
      ...base,
      verb: 'supersede',
      class: 'final',
      by: share.generation,
      overlapSeconds,
      eventId: facts.newId(),
      consequence: `retires the former certificate${overlapSeconds === 0 ? '' : ` after ${formatDuration(overlapSeconds)}`}; it is not revoked and stays valid until ${untilText(old.certificate.notAfter)} for whoever holds its key`,
    };
    const { store, keyId } = old.issued.key;
    const isElsewhere = facts.attested.get(old.id) === 'unknown';
    if (store === undefined || keyId === undefined || keyId === share.key.keyId || isElsewhere)
      return [supersede];
    return [
      supersede,
      {
        ...base,
        verb: 'destroy-key',
        class: 'final',
        store,
        keyId,
        on: store,
        target: keyId,
        eventId: facts.newId(),
        consequence: 'destroys the former key in the store',
      },
    ];
  });
}
