import { formatIdentity } from '../../identity/identityId.ts';
import { formatDuration } from '../../text/duration.ts';
import { keyIdOf, requestIdOf } from '../attestation.ts';
import type { Declaration } from '../declaration.ts';
import { placeKey, placesOf } from '../declaration.ts';
import type { Refusal } from '../plan.ts';
import { formatSubject } from '../plan.ts';
import type { Generation } from '../record.ts';
import type { DeliveryPlace, KeyChoice } from '../task.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, refusal, untilText } from './facts.ts';
import { bearersIn } from './oneMachine.ts';

export interface PlanDraft {
  readonly tasks: readonly DraftTask[];
  readonly summary: string;
  readonly warnings: readonly string[];
  readonly consequence: string;
}

/** Where nobody says how long: what public authorities will allow at most from 2029 on. */
const DEFAULT_DURATION_SECONDS = 47 * 86_400;

/** A declaration whose duration is decided: its own, else the issuer's default. */
type Decided = Declaration & { readonly durationSeconds: number };

function decided(declaration: Declaration, facts: PlanningFacts): Decided {
  const issuer = facts.issuers.get(declaration.issuer);
  return {
    ...declaration,
    durationSeconds:
      declaration.durationSeconds ?? issuer?.defaultDurationSeconds ?? DEFAULT_DURATION_SECONDS,
  };
}

/** What is made for one bearer, and what it takes over from. */
interface Share {
  readonly bearer: string | null;
  readonly generation: string;
  readonly old: readonly Generation[];
  readonly key: KeyChoice;
  readonly keyChanges: boolean;
  readonly places: readonly DeliveryPlace[];
}

/** Why the declaration cannot be carried out at all, whatever the verb. */
function refuseDeclaration(facts: PlanningFacts, declaration: Decided): Refusal | undefined {
  const { identity, key } = declaration;
  const issuer = facts.issuers.get(declaration.issuer);
  const no = (code: string, what: string, hint: string) => refusal(identity, code, what, hint);
  if (declaration.renewal.by !== 'idac') {
    return no(
      'renewed-elsewhere',
      `${formatIdentity(identity)} is renewed by its ${declaration.renewal.by}, so it is not issued from here.`,
      'Set spec.renewal.by to idac if this tool is to issue it.',
    );
  }
  if (issuer === undefined) {
    return no(
      'not-an-authority',
      `Backend ${declaration.issuer} issues no certificates.`,
      'Name a backend with the role CertificateAuthority in spec.issuer.',
    );
  }
  if (!issuer.keyAlgorithms.includes(key.algorithm)) {
    return no(
      'algorithm-not-offered',
      `${declaration.issuer} does not sign ${key.algorithm} keys.`,
      `Set spec.key.algorithm to one of ${issuer.keyAlgorithms.join(', ')}.`,
    );
  }
  const usage = declaration.usages.find((wanted) => !issuer.usages.includes(wanted));
  if (usage !== undefined) {
    return no(
      'usage-not-offered',
      `${declaration.issuer} does not issue for ${usage}.`,
      `It offers ${issuer.usages.join(', ')}.`,
    );
  }
  if (declaration.durationSeconds > issuer.maximumDurationSeconds) {
    return no(
      'duration-too-long',
      `${declaration.issuer} issues for ${formatDuration(issuer.maximumDurationSeconds)} at most; the manifest asks for ${formatDuration(declaration.durationSeconds)}.`,
      `Set spec.duration to ${formatDuration(issuer.maximumDurationSeconds)} or less.`,
    );
  }
  if (key.origin === 'service') {
    return no(
      'origin-not-offered',
      `${declaration.issuer} does not make keys for others.`,
      'Set spec.key.origin to machine, store or engine.',
    );
  }
  if (
    key.origin === 'store' &&
    (key.store === null || !facts.keyStores.get(key.store)?.includes(key.algorithm))
  ) {
    return no(
      'store-not-offered',
      key.store === null
        ? 'The key is to be made in a store, but no store is named.'
        : `Backend ${key.store} does not make ${key.algorithm} keys.`,
      'Name a backend with the role KeyStore in spec.key.store.',
    );
  }
  const delivered = declaration.deliveries.find((delivery) => delivery.contents.includes('privateKey'));
  if (delivered !== undefined && key.origin !== 'engine') {
    return no(
      'key-not-exportable',
      `The private key never leaves its ${key.origin}, so it cannot be delivered to ${delivered.path}.`,
      `Remove privateKey from that delivery's contents, or set spec.key.origin to engine.`,
    );
  }
  return undefined;
}

function shareOf(facts: PlanningFacts, declaration: Declaration, bearer: string | null): Share | Refusal {
  const { verb } = facts.request;
  const { key } = declaration;
  const old = facts.record.live.get(bearer) ?? [];
  const previous = old.at(-1);
  const generation = facts.newId();
  const base = { bearer, generation, old, places: placesOf(declaration, bearer, facts.defaultTargetOf) };
  const choice = { origin: key.origin, algorithm: key.algorithm };
  const keeps = verb === 'renew' && !key.changesOnRenewal && previous !== undefined;

  if (key.origin === 'machine') {
    const request = facts.requests.get(bearer);
    if (request === undefined) {
      return refusal(
        declaration.identity,
        'no-request',
        `There is no certificate request${ofBearer(bearer)}.`,
        key.requestPath === null
          ? 'Name the request file in spec.key.csr.'
          : `Make the key and its request on the machine and put the request at ${key.requestPath}.`,
      );
    }
    const sameKey = old.some((generation) => generation.certificate.spkiSha256 === request.spkiSha256);
    if (verb === 'rotate' && sameKey) {
      return refusal(
        declaration.identity,
        'same-key',
        `The request ${request.path} still holds the key that is in use${ofBearer(bearer)}; a rotation needs another one.`,
        'Make a new key and request on the machine, or renew in place of rotating.',
      );
    }
    return { ...base, key: choice, keyChanges: !sameKey };
  }
  if (key.origin === 'store' && key.store !== null) {
    const kept = keeps && previous.issued.key.store === key.store ? previous.issued.key.keyId : undefined;
    const keyId = kept ?? keyIdOf(declaration.identity, bearer, generation);
    return { ...base, key: { ...choice, store: key.store, keyId }, keyChanges: kept === undefined };
  }
  if (keeps) {
    return refusal(
      declaration.identity,
      'key-not-kept',
      'The key was erased here once it was delivered, so it cannot be renewed with the same key.',
      'Rotate, or set spec.key.rotationPolicy to Always, or keep the key in a store (spec.key.origin: store).',
    );
  }
  return { ...base, key: choice, keyChanges: true };
}

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

function makeTasks(
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

function retireTasks(facts: PlanningFacts, declaration: Declaration, share: Share): DraftTask[] {
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

/** issue, renew, rotate: make and deliver for each bearer, verify, and only then retire what was there before. */
export function planIssuance(
  facts: PlanningFacts,
  declared: Declaration,
  specDigest: string,
): PlanDraft | Refusal {
  const declaration = decided(declared, facts);
  const refused = refuseDeclaration(facts, declaration);
  if (refused !== undefined) return refused;
  const { verb } = facts.request;
  const { identity } = declaration;
  const all = bearersIn(facts.request, declaration);
  const subject = formatSubject(facts.request);
  const isLive = (bearer: string | null) => (facts.record.live.get(bearer)?.length ?? 0) > 0;
  const bearers = all.filter((bearer) => isLive(bearer) === (verb !== 'issue'));
  if (bearers.length === 0) {
    return verb === 'issue'
      ? refusal(identity, 'already-issued', `${subject} is issued already.`, 'Renew or rotate it.')
      : refusal(identity, 'not-issued', `${subject} has no certificate to ${verb}.`, 'Issue it first.');
  }
  const shares: Share[] = [];
  for (const bearer of bearers) {
    const share = shareOf(facts, declaration, bearer);
    if ('refused' in share) return share;
    shares.push(share);
  }
  const tasks = [
    ...shares.flatMap((share) => makeTasks(facts, declaration, share, specDigest)),
    ...shares.flatMap((share) => retireTasks(facts, declaration, share)),
  ];
  if (facts.issuers.get(declaration.issuer)?.publishes) {
    tasks.push({
      verb: 'publish',
      generation: '',
      machine: null,
      class: 'repeatable',
      backend: declaration.issuer,
      consequence: 'publishes a fresh certificate revocation list and the roots',
    });
  }
  if (declaration.key.origin === 'engine') {
    tasks.push({
      verb: 'erase-staged',
      generation: '',
      machine: null,
      class: 'repeatable',
      consequence: 'erases the sealed copies of the keys here, now that each is where it belongs',
    });
  }
  const left = all.length - bearers.length;
  const warnings = [
    ...(declaration.consumers.length > 0 ? [`Used by ${declaration.consumers.join(', ')}.`] : []),
    ...(left > 0 && verb !== 'issue'
      ? [`${left} of ${all.length} machines have no certificate yet: issue covers them.`]
      : []),
    ...(declaration.key.origin === 'engine' &&
    !declaration.deliveries.some((d) => d.contents.includes('privateKey'))
      ? [
          'No delivery holds the private key: it is erased at the end, and the certificate cannot be used by anyone.',
        ]
      : []),
  ];
  const count = shares.length === 1 ? 'one certificate' : `${shares.length} certificates`;
  const changes = shares.some((share) => share.keyChanges);
  const keys = `${changes ? 'a new key' : 'the key in use'}${shares.length === 1 ? '' : ' each'}`;
  return {
    tasks,
    warnings,
    summary: `${verb} ${subject}: ${count} from ${declaration.issuer} for ${formatDuration(declaration.durationSeconds)}, with ${keys}`,
    consequence:
      verb === 'issue'
        ? 'A new credential is made and delivered.'
        : 'The new credential is delivered and verified before the former one is retired.',
  };
}
