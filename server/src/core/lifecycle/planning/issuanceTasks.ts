import { formatDuration } from '../../text/duration.ts';
import { requestIdOf } from '../attestation.ts';
import { requestForBearer } from '../credentialRequest.ts';
import { placeKey } from '../declaration.ts';
import { type Generation, hasEnded } from '../record.ts';
import type { KeyChoice } from '../task.ts';
import { type Decided, lifetimeText } from './decided.ts';
import type { DraftTask } from './draft.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, untilText } from './facts.ts';
import { packedText, sharesPassword } from './refuseDeliveries.ts';
import type { Share } from './share.ts';

function keyTask(facts: PlanningFacts, share: Share, key: KeyChoice): DraftTask {
  const base = { generation: share.generation, machine: share.bearer, keyChanges: share.keyChanges };
  const request = facts.requests.get(share.bearer);
  if (key.origin === 'machine' && request !== undefined) {
    return {
      ...base,
      verb: 'read-request',
      class: 'repeatable',
      path: request.path,
      version: request.version,
      key,
      target: request.path,
      consequence: share.keyChanges
        ? 'reads what the machine made; its key is new'
        : 'reads what the machine made; its key is the one in use',
    };
  }
  const inStore = key.store !== undefined;
  return {
    ...base,
    verb: 'make-key',
    class: share.keyChanges ? 'undoable' : 'repeatable',
    key,
    ...(key.store === undefined ? {} : { on: key.store }),
    ...(key.keyId === undefined ? {} : { target: key.keyId }),
    consequence: !share.keyChanges
      ? `uses the ${key.algorithm} key that is in the store; the key does not change`
      : inStore
        ? `makes a new ${key.algorithm} key in the store; it never leaves it`
        : `makes a new ${key.algorithm} key in memory, sealed here until it is delivered`,
  };
}

const ISSUE_WORDS: Readonly<Record<Decided['request']['kind'], string>> = {
  Certificate: 'issues a certificate',
  SshCertificate: 'signs an SSH certificate',
  SshKey: 'enrols the SSH key',
  Key: 'takes the key into use',
  Token: 'issues a token',
  Workload: 'registers the workload',
};

/** Make, deliver and verify: everything before the line. Services are told once, of all copies, before it is verified what they serve. */
export function makeTasks(
  facts: PlanningFacts,
  declaration: Decided,
  shares: readonly Share[],
  specDigest: string,
): DraftTask[] {
  const made = shares.map((share) => madeAndVerified(facts, declaration, share, specDigest));
  const reloads = reloadTasks(facts, shares);
  if (reloads.length === 0) return made.flatMap(({ making, verify }) => [...making, verify]);
  return [...made.flatMap(({ making }) => making), ...reloads, ...made.map(({ verify }) => verify)];
}

function reloadTasks(facts: PlanningFacts, shares: readonly Share[]): DraftTask[] {
  const named = shares.flatMap(({ places }) => places.flatMap(({ reload }) => reload ?? []));
  return [...new Set(named)].map((command): DraftTask => {
    const allowed = facts.reloads.get(command);
    const replaces = shares.some(({ places }) =>
      places.some((place) => place.reload === command && facts.versions.has(placeKey(place))),
    );
    const program = allowed !== undefined && 'program' in allowed ? ` (${allowed.program})` : '';
    return {
      verb: 'reload',
      generation: '',
      machine: null,
      class: 'repeatable',
      command,
      target: command,
      consequence: `runs the command that this machine allows as ${command}${program}${replaces ? '; undoing runs it again once the former content is back' : ''}`,
    };
  });
}

function madeAndVerified(
  facts: PlanningFacts,
  declaration: Decided,
  share: Share,
  specDigest: string,
): { readonly making: readonly DraftTask[]; readonly verify: DraftTask } {
  const base = { generation: share.generation, machine: share.bearer };
  const isByService = share.key?.origin === 'service';
  const issue: DraftTask = {
    ...base,
    verb: 'issue',
    class: 'undoable',
    backend: declaration.issuer,
    requestId: requestIdOf(declaration.identity, share.generation),
    key: share.key,
    request: requestForBearer(declaration.request, share.bearer, declaration.machines),
    durationSeconds: declaration.lifetimeSeconds,
    replaces: share.old.map((generation) => generation.id),
    specDigest,
    declaredIn: declaration.file,
    eventId: facts.newId(),
    keyChanges: isByService,
    consequence: `${ISSUE_WORDS[declaration.request.kind]} ${lifetimeText(declaration.lifetimeSeconds)}${ofBearer(share.bearer)}${isByService ? `; ${declaration.issuer} makes its ${share.key?.algorithm} key and sees it, and it is sealed here until it is delivered` : ''}; undoing ${declaration.request.kind === 'Key' ? 'destroys it' : 'revokes it'}`,
  };
  const deliveries = share.places.map((place): DraftTask => {
    const version = facts.versions.get(placeKey(place)) ?? null;
    return {
      ...base,
      verb: 'deliver',
      class: 'undoable',
      place,
      ifVersion: version,
      ...(sharesPassword(facts, place) ? { sharesPassword: true } : {}),
      eventId: facts.newId(),
      target: place.path,
      consequence: `${version === null ? 'writes' : 'replaces'} ${packedText(place)}; undoing ${version === null ? 'removes it' : 'puts the former content back'}`,
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
      .flatMap(([, live]) => live.map((generation) => generation.credential.fingerprintSha256)),
    eventId: facts.newId(),
    consequence:
      endpoints.length === 0
        ? 'reads back what was delivered and asks the issuer for its status'
        : `reads back what was delivered, and waits until ${endpoints.join(', ')} serves it`,
  };
  // Where the authority makes the key, it comes with the certificate.
  const key = share.key === null || isByService ? [] : [keyTask(facts, share, share.key)];
  return { making: [...key, issue, ...deliveries], verify };
}

/**
 * Former ones of the same bearer that the record calls ended and that their issuer still accepts: somebody destroyed the
 * secret alone, or wrote a record that hides one. Not one whose key is the new one's, too.
 */
function stillAccepted(facts: PlanningFacts, { traits }: Decided, share: Share): readonly Generation[] {
  if (traits.former !== 'revoked') return [];
  const newKey = facts.requests.get(share.bearer)?.spkiSha256;
  return facts.record.generations.filter(
    (generation) =>
      generation.machine === share.bearer &&
      !share.old.includes(generation) &&
      facts.attested.get(generation.id) === 'good' &&
      !hasEnded(generation, facts.now) &&
      (newKey === undefined || generation.credential.spkiSha256 !== newKey),
  );
}

function revokeFormer(facts: PlanningFacts, { traits }: Decided, former: Generation): DraftTask[] {
  const { backend } = former.issued;
  if (traits.former !== 'revoked' || backend === null || !canRevoke(facts, backend)) return [];
  return [
    {
      generation: former.id,
      machine: former.machine,
      verb: 'revoke',
      class: 'final',
      backend,
      serialNumber: former.credential.serialNumber,
      reason: 'superseded',
      eventId: facts.newId(),
      target: former.credential.serialNumber,
      consequence: `revokes the former ${traits.one}`,
    },
  ];
}

/** What ends with the new credential in place. */
export function retireTasks(facts: PlanningFacts, declaration: Decided, share: Share): DraftTask[] {
  return [
    ...retireLive(facts, declaration, share),
    ...stillAccepted(facts, declaration, share).flatMap((each) => revokeFormer(facts, declaration, each)),
  ];
}

function retireLive(facts: PlanningFacts, declaration: Decided, share: Share): DraftTask[] {
  const { overlapSeconds } = declaration.renewal;
  const { traits } = declaration;
  const after = overlapSeconds === 0 ? '' : ` after ${formatDuration(overlapSeconds)}`;
  return share.old.flatMap((old): DraftTask[] => {
    const base = { generation: old.id, machine: share.bearer };
    const supersede: DraftTask = {
      ...base,
      verb: 'supersede',
      class: 'final',
      by: share.generation,
      overlapSeconds,
      eventId: facts.newId(),
      consequence:
        traits.former === 'lapses'
          ? `retires the former ${traits.one}${after}; it is not revoked and stays ${untilText(old.credential.notAfter)} for whoever holds its key`
          : `retires the former ${traits.one}${after}`,
    };
    if (facts.attested.get(old.id) === 'unknown') return [supersede];
    const { store, keyId } = old.issued.key ?? {};
    const ownsKey = store !== undefined && keyId !== undefined && keyId !== share.key?.keyId;
    const keeps = declaration.key?.keepsFormer === true;
    return [
      supersede,
      ...revokeFormer(facts, declaration, old),
      ...(ownsKey && !keeps
        ? [
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
            } as const,
          ]
        : []),
    ];
  });
}

function canRevoke(facts: PlanningFacts, backend: string): boolean {
  return facts.issuers.get(backend)?.revocationReasons.includes('superseded') ?? false;
}
