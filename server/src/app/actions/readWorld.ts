import type { DeliveredState, FormerVersion, Target } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { encodeUtf8 } from '../../core/credential/charset.ts';
import { toHex } from '../../core/credential/octets.ts';
import { formatIdentity, sameIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { fillMachine } from '../../core/lifecycle/credentialRequest.ts';
import type { Declaration } from '../../core/lifecycle/declaration.ts';
import { bearersOf, placeKey, placesOf } from '../../core/lifecycle/declaration.ts';
import { declarationOf, specDigestOf } from '../../core/lifecycle/declarationOf.ts';
import { type BeginningEvent, type DeliveredCopy, isMadeToLeave } from '../../core/lifecycle/event.ts';
import type { ActionRequest, Refusal } from '../../core/lifecycle/plan.ts';
import type {
  FormerFacts,
  PlanningFacts,
  ReloadFacts,
  RequestFacts,
} from '../../core/lifecycle/planning/facts.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import { bearersIn, concerns } from '../../core/lifecycle/planning/oneMachine.ts';
import type { FormerCopy, IdentityRecord } from '../../core/lifecycle/record.ts';
import { reduceRecord } from '../../core/lifecycle/record.ts';
import type { DeliveryPlace } from '../../core/lifecycle/task.ts';
import type { ManifestFile } from '../../core/manifest/manifestFile.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import type { Hasher } from '../../core/ports.ts';
import type { Workspace } from '../workspace.ts';
import type { CredentialIssuer } from './issuers/issuer.ts';
import { findIssuer } from './issuers/issuers.ts';
import { checkPassword } from './keystorePassword.ts';
import { attest, companionFingerprints, readLedgers } from './ledgers.ts';
import { refuseObserved } from './refuseObserved.ts';
import { judgeByPolicies } from './refusePolicies.ts';
import { backendsNamed, savedManifest, takeSaved } from './savedManifests.ts';
import type { Services } from './services.ts';
import { targetOf } from './steps/deliver.ts';
import { standsThere } from './steps/deliverable.ts';
import { readMachineRequest } from './steps/readRequest.ts';
import { StepFailure } from './steps/step.ts';
import { newerElsewhere, worldAhead } from './worldAhead.ts';

export interface World {
  readonly facts: PlanningFacts;
  /** Part of the plan's hash. */
  readonly basis: unknown;
}

/** Those of the named backends that make credentials of the identity's kind. */
async function openIssuers(
  names: Iterable<string>,
  kind: string,
  services: Services,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CredentialIssuer>> {
  const issuers = new Map<string, CredentialIssuer>();
  for (const name of new Set(names)) {
    const issuer = await findIssuer(services, name, kind, signal);
    if (issuer !== undefined) issuers.set(name, issuer);
  }
  return issuers;
}

async function readRequests(
  request: ActionRequest,
  declaration: Declaration,
  services: Services,
): Promise<ReadonlyMap<string | null, RequestFacts>> {
  const requests = new Map<string | null, RequestFacts>();
  const { origin, requestPath = null } = declaration.key ?? {};
  if (origin !== 'machine' || requestPath === null) return requests;
  for (const bearer of bearersIn(request, declaration)) {
    const path = bearer === null ? requestPath : fillMachine(requestPath, bearer);
    const file = await services.files.read(path);
    if (file === undefined) continue;
    const { kind } = request.identity;
    const { publicKey } = readMachineRequest(kind, file.bytes.reveal(), path, services.hasher);
    requests.set(bearer, {
      path,
      version: file.version,
      spkiSha256: toHex(services.hasher.hash('sha256', publicKey.spki)),
      algorithm: publicKey.algorithm,
    });
  }
  return requests;
}

/** A key store has the form and the password file that it was delivered with, whatever the manifest says by now. */
async function readAsDelivered(
  place: DeliveryPlace,
  target: Target,
  record: IdentityRecord,
  services: Services,
  signal: AbortSignal,
): Promise<DeliveredState | undefined> {
  const { keystore } =
    record.generations
      .flatMap(({ copies }) => copies)
      .filter((copy) => placeKey(copy) === placeKey(place))
      .at(-1) ?? {};
  if (keystore !== undefined) {
    const former = await targetOf(services, { ...place, keystore }, signal);
    const state = await former.read(place.path, signal);
    if (state?.locked === undefined) return state;
  }
  return target.read(place.path, signal);
}

/** What stands at each place that the action will write or remove; refuses what is not ours. */
async function readPlaces(
  request: ActionRequest,
  places: readonly DeliveryPlace[],
  { record, companions }: { readonly record: IdentityRecord; readonly companions: ReadonlySet<string> },
  writes: boolean,
  services: Services,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | Refusal> {
  const versions = new Map<string, string>();
  const fingerprints = new Set(
    record.generations.map((generation) => generation.credential.fingerprintSha256),
  );
  const keys = new Set(record.generations.map((generation) => generation.credential.spkiSha256));
  // A version alone proves nothing: whoever writes the record can name any file's.
  const recorded = new Set(
    record.generations.flatMap((generation) =>
      generation.copies.map((copy) => `${placeKey(copy)}@${copy.version}`),
    ),
  );
  for (const place of places) {
    const target = await targetOf(services, place, signal);
    if (writes) await checkPassword(services, place);
    // Both only look, and what may not be delivered is told first.
    const reading = readAsDelivered(place, target, record, services, signal);
    reading.catch(() => undefined);
    if (writes) {
      const { path, contents, mode } = place;
      await target.preflight({ path, contents, ...(mode === undefined ? {} : { mode }) }, signal);
    }
    const state = await reading;
    if (state === undefined) continue;
    const known =
      (recorded.has(`${placeKey(place)}@${state.version}`) && companions.has(state.credentialSha256 ?? '')) ||
      (state.credentialSha256 !== undefined && fingerprints.has(state.credentialSha256)) ||
      (state.credentialSha256 === undefined &&
        state.privateKeySpkiSha256 !== undefined &&
        keys.has(state.privateKeySpkiSha256));
    if (!known) {
      const holds =
        state.locked !== undefined
          ? `${state.locked}, so it cannot be told what is in it`
          : state.credentialSha256 === undefined
            ? 'something that this tool did not put there'
            : `a credential that the record does not know (SHA-256 ${state.credentialSha256.slice(0, 16)}…)`;
      return refusal(
        request.identity,
        'target-occupied',
        `${place.path} at ${place.backend} holds ${holds}.`,
        state.locked !== undefined && place.keystore !== undefined
          ? `Put the password that opens it into ${place.keystore.passwordFile}, or move ${place.path} away.`
          : 'If another branch or clone issued it, bring its record here (git pull or merge) first. Otherwise move it away.',
      );
    }
    versions.set(placeKey(place), state.version);
  }
  return versions;
}

/** Whether what stood at each place before can still be had, and is what the record says. */
async function readFormers(
  copies: readonly FormerCopy[],
  record: IdentityRecord,
  services: Services,
  signal: AbortSignal,
): Promise<PlanningFacts['formers']> {
  const formers = new Map<string, FormerFacts>();
  for (const { generation, copy } of copies) {
    const { formerVersion } = await targetOf(services, copy, signal);
    const issued = record.generations.find(({ id }) => id === generation)?.issued;
    const found = await formerVersion?.(copy.path, copy.version, signal);
    formers.set(placeKey(copy), formerFacts(found, copy, issued, services));
  }
  return formers;
}

function formerFacts(
  found: FormerVersion | undefined,
  copy: DeliveredCopy,
  issued: BeginningEvent | undefined,
  { hasher }: Services,
): FormerFacts {
  const hint = 'Rotate, so that a new one is made and delivered.';
  if (found === undefined)
    return { there: false, why: `${copy.backend} keeps nothing of what was overwritten there`, hint };
  if (!found.there) return found;
  return issued !== undefined && standsThere(copy, issued, found.state, hasher)
    ? { there: true }
    : {
        there: false,
        why: `version ${copy.version} there holds something else than what was delivered`,
        hint,
      };
}

/** Reads everything that a plan rests on: saved text, newest record, the authority's own list, what stands at the targets. */
export async function readWorld(
  request: ActionRequest,
  workspace: Workspace,
  services: Services,
  formerIdentities: (resource: IdentityResource) => readonly ActionRequest['identity'][],
  signal: AbortSignal,
): Promise<World | Refusal> {
  const { identity } = request;
  const observed = refuseObserved(identity, workspace.index());
  if (observed !== undefined) return observed;
  const resource = await savedManifest(request, workspace);
  if (resource !== null && 'refused' in resource) return resource;
  const stored = await services.store.read(identity, signal);
  const record = reduceRecord(stored.events);
  const declared = (index: ProjectIndex) => (resource === null ? null : declarationOf(resource, index));
  const backends = backendsNamed(declared(workspace.index()), record);
  const others = [...backends].map((name) => workspace.index().backend(name)?.file);
  const unsaved = await takeSaved(
    identity,
    [...others, workspace.index().project()?.file].filter((file) => file !== undefined),
    workspace,
  );
  if (unsaved !== undefined) return unsaved;
  const exceptions = resource === null ? [] : await judgeByPolicies(request, workspace, services.clock);
  if ('refused' in exceptions) return exceptions;
  const index = workspace.index();
  const declaration = declared(index);
  if (declaration === null && record.generations.length === 0) {
    return refusal(
      identity,
      'not-declared',
      `${formatIdentity(identity)} is declared in no manifest here, and has no record.`,
      'Check the spelling: `idac inventory` lists what there is.',
    );
  }
  const former = resource === null ? [] : formerIdentities(resource);
  const recorded = record.generations.map((generation) => generation.issued.backend);
  const issuerNames = [
    // An authority that was left behind is declared no more; only revoking still needs it, and says so.
    ...recorded.filter((name) => name !== null && index.backend(name) !== undefined),
    declaration?.issuer ?? null,
  ].filter((name) => name !== null);
  const issuers = await openIssuers(issuerNames, identity.kind, services, signal);
  const names = [identity, ...former];
  // git and the authorities do not wait for each other.
  const [ledgers, branch] = await Promise.all([
    readLedgers(names, issuers, signal),
    newerElsewhere(names, stored.events, services, signal),
  ]);
  const ahead = worldAhead(identity, stored.events, branch, ledgers, services.clock);
  if (ahead !== undefined) return ahead;
  const attested = await attest(identity, record, ledgers, issuers, signal);
  if ('refused' in attested) return attested;

  const keyStores = new Map<
    string,
    NonNullable<Awaited<ReturnType<typeof services.backends.open>>['keys']>['keyAlgorithms']
  >();
  const store = declaration?.key?.store ?? null;
  if (store !== null) {
    const { keys } = await services.backends.open(store, signal);
    if (keys !== undefined) keyStores.set(store, keys.keyAlgorithms);
  }
  const defaultTargets = new Map<string, string>();
  for (const { backend } of declaration?.deliveries ?? []) {
    const { defaultTarget } = await services.backends.open(backend, signal);
    defaultTargets.set(backend, defaultTarget ?? '');
  }
  const defaultTargetOf = (backend: string) => defaultTargets.get(backend) ?? '';
  const machineOf = new Map(record.generations.map(({ id, machine }) => [id, machine]));
  const formerCopies = record.formers.filter(
    ({ over }) => request.verb === 'restore' && concerns(request, machineOf.get(over.generation) ?? null),
  );
  const writes = request.verb === 'issue' || request.verb === 'renew' || request.verb === 'rotate';
  const places =
    writes && declaration !== null
      ? // A key that may not leave is refused by the planner, in better words than the target's.
        declaration.key !== null &&
        !isMadeToLeave(declaration.key.origin) &&
        declaration.deliveries.some((d) => d.contents.includes('privateKey'))
        ? []
        : bearersIn(request, declaration).flatMap((bearer) => placesOf(declaration, bearer, defaultTargetOf))
      : request.verb === 'destroy'
        ? record.generations
            .filter(({ machine }) => concerns(request, machine))
            .flatMap((generation) => generation.copies)
        : formerCopies.map(({ over }) => over.copy);
  const ours = { record, companions: companionFingerprints(ledgers) };
  const overwrites = writes || request.verb === 'restore';
  const versions = await readPlaces(request, places, ours, overwrites, services, signal);
  if ('refused' in versions) return versions;

  const specDigest = declaration === null ? null : specDigestOf(declaration, services.hasher);
  const manifest = resource === null ? undefined : workspace.files().get(resource.file);
  return {
    facts: {
      request,
      now: services.clock.now(),
      newId: services.newId,
      passwordFilesElsewhere: passwordFilesOfOthers(identity, places, index),
      reloads: await readReloads(places, services),
      record,
      attested,
      exceptions,
      declaration,
      specDigest,
      issuers: new Map([...issuers].map(([name, issuer]) => [name, issuer.facts])),
      keyStores,
      backendOwners: ownersOf(backends, index),
      defaultTargetOf,
      versions,
      formers: await readFormers(formerCopies, record, services, signal),
      requests: declaration === null ? new Map() : await readRequests(request, declaration, services),
    },
    basis: {
      head: stored.head,
      manifest: digestOf(manifest, services.hasher),
      declaration,
      ...(exceptions.length === 0 ? {} : { exceptions }),
      backends: [...backends].sort().map((name) => [name, index.backend(name)?.spec ?? null]),
    },
  };
}

/** Of files that did not change since: one may hold a thousand identities, and each action asks. */
const digests = new WeakMap<ManifestFile, string>();

function digestOf(file: ManifestFile | undefined, hasher: Hasher): string {
  const digest = (file && digests.get(file)) ?? toHex(hasher.hash('sha256', encodeUtf8(file?.text ?? '')));
  if (file !== undefined) digests.set(file, digest);
  return digest;
}

function ownersOf(backends: Iterable<string>, index: ProjectIndex): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const name of backends) {
    const { team, contact } = index.backend(name)?.spec.owner ?? {};
    const owner = [team, contact].filter((part) => part !== undefined).join(', ');
    if (owner !== '') owners.set(name, owner);
  }
  return owners;
}

/** What the other identities declare; read only where this one has key stores. */
function passwordFilesOfOthers(
  identity: ActionRequest['identity'],
  places: readonly DeliveryPlace[],
  index: ProjectIndex,
): ReadonlySet<string> {
  if (places.every(({ keystore }) => keystore === undefined)) return new Set();
  const files = index
    .identities()
    .filter((other) => other.usable && !sameIdentity(other.id, identity))
    .map((other) => declarationOf(other, index))
    .filter(({ deliveries }) => deliveries.some(({ keystore }) => keystore !== undefined))
    .flatMap((other) => bearersOf(other).flatMap((bearer) => placesOf(other, bearer, () => '')))
    .flatMap(({ keystore }) => (keystore === undefined ? [] : [keystore.passwordFile.toLowerCase()]));
  return new Set(files);
}

async function readReloads(
  places: readonly DeliveryPlace[],
  { reloads }: Services,
): Promise<ReadonlyMap<string, ReloadFacts>> {
  const facts = new Map<string, ReloadFacts>();
  for (const name of new Set(places.flatMap(({ reload }) => reload ?? []))) {
    const command = await reloads.find(name);
    facts.set(
      name,
      command === undefined ? { howToAllow: reloads.howToAllow(name) } : { program: command.argv[0] },
    );
  }
  return facts;
}

/** What a backend refused, or a file does not hold, before anything was done: a refusal of the plan. */
export function refusalOf(request: ActionRequest, error: unknown): Refusal | undefined {
  if (error instanceof StepFailure)
    return refusal(request.identity, 'invalid-request', error.what, error.hint);
  if (!(error instanceof BackendError)) return undefined;
  const refusing = ['forbidden', 'unsupported', 'not-found', 'invalid-request', 'conflict'];
  return refusing.includes(error.kind)
    ? refusal(request.identity, error.kind, error.what, error.hint)
    : undefined;
}
