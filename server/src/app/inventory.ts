import { BACKENDS } from '../backends/generated/registry.ts';
import { expiresText, timeLeft } from '../core/identity/expiry.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity, sameIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { Declaration } from '../core/lifecycle/declaration.ts';
import { bearersOf } from '../core/lifecycle/declaration.ts';
import { declarationOf, specDigestOf } from '../core/lifecycle/declarationOf.ts';
import { NO_END } from '../core/lifecycle/event.ts';
import { traitsOf } from '../core/lifecycle/kindTraits.ts';
import type { Verb } from '../core/lifecycle/plan.ts';
import { concerns } from '../core/lifecycle/planning/oneMachine.ts';
import type { IdentityRecord } from '../core/lifecycle/record.ts';
import { EMPTY_RECORD, hasRemains, isAccepted, isAdopted } from '../core/lifecycle/record.ts';
import type { IdentityState, Standing } from '../core/lifecycle/standing.ts';
import { standingOf } from '../core/lifecycle/standing.ts';
import type { BackendResource, IdentityResource } from '../core/manifest/resource.ts';
import { type Defaults, defaultsFor } from '../core/policy/defaults.ts';
import type { Hasher } from '../core/ports.ts';
import type { JournalView } from './actions/journal.ts';
import type { InventoryRow } from './api.ts';
import { configuredRoles } from './configuredRoles.ts';
import { formerIdentities } from './declarations.ts';
import type { DeniedUse } from './looks.ts';
import { observedRows } from './observedRows.ts';
import { sharedPart, sharedText } from './sharedRowParts.ts';

export interface InventoryInput {
  readonly index: ProjectIndex;
  /** By `formatIdentity`; former names are folded in. */
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly recorded: readonly IdentityId[];
  readonly unfinished: readonly JournalView[];
  readonly now: Date;
  readonly hasher: Hasher;
  /** By backend: what its login may not do, by a look that still counts. */
  readonly denied: ReadonlyMap<string, readonly DeniedUse[]>;
}

/** One for all rows that go nowhere. */
const NOWHERE: readonly string[] = [];

/** What the state allows; what the backend's type offers cuts it down further. */
function verbsFor(
  state: IdentityState,
  isDeclared: boolean,
  endsByItself: boolean,
  accepted: boolean,
): readonly Verb[] {
  switch (state) {
    case 'declared':
      return isDeclared ? ['issue'] : [];
    case 'destroyed':
      // Whoever kept a copy could still use it.
      return [...(isDeclared ? (['issue'] as const) : []), ...(accepted ? (['revoke'] as const) : [])];
    case 'active':
    case 'due':
    case 'outOfDate':
      return ['renew', 'rotate', 'restore', 'verify', 'revoke', 'destroy'];
    case 'expired':
      return [
        'renew',
        'rotate',
        'restore',
        'verify',
        ...(endsByItself ? [] : (['revoke'] as const)),
        'destroy',
      ];
    case 'revoked':
    case 'suspended':
      return isDeclared ? ['issue', 'destroy'] : ['destroy'];
    case 'superseded':
      return isDeclared ? ['issue', 'revoke', 'destroy'] : ['revoke', 'destroy'];
    case 'orphaned':
      return ['verify', 'revoke', 'destroy'];
    case 'pending':
    case 'destroying':
    case 'unknown':
      return [];
    default:
      return state satisfies never;
  }
}

/** Which of the verbs would be refused, and by whom; a plan would say the same. */
function deniedVerbs(
  verbs: readonly Verb[],
  kind: string,
  backend: string | null,
  store: string | null,
  denied: InventoryInput['denied'],
): NonNullable<InventoryRow['denied']> {
  const role = traitsOf(kind)?.role;
  const at = (name: string | null, wanted: DeniedUse['role'] | undefined, verb: DeniedUse['verb']) =>
    name === null || wanted === undefined
      ? undefined
      : denied.get(name)?.some((each) => each.role === wanted && each.verb === verb)
        ? name
        : undefined;
  return verbs.flatMap((verb) => {
    const by = (() => {
      switch (verb) {
        case 'issue':
        case 'renew':
        case 'rotate':
          return at(backend, role, role === 'KeyStore' ? 'make' : 'issue') ?? at(store, 'KeyStore', 'make');
        case 'revoke':
          return at(backend, role, 'revoke');
        case 'destroy':
          return at(store, 'KeyStore', 'destroy');
        // A delivery that a login may not make is refused by the plan.
        case 'restore':
        case 'verify':
          return undefined;
        default:
          return verb satisfies never;
      }
    })();
    return by === undefined ? [] : [{ verb, backend: by }];
  });
}

function statusText(standing: Standing, now: Date): string {
  const { state, current } = standing;
  const text = statusOf(state, current, now);
  return current?.putBack === true ? `the former one was put back, ${text}` : text;
}

function statusOf(state: IdentityState, current: Standing['current'], now: Date): string {
  switch (state) {
    case 'declared':
      return 'not issued yet';
    case 'active':
    case 'expired':
      return current === null ? 'not issued yet' : expiresText(current.credential.notAfter, now);
    case 'due':
      return current === null ? 'due' : `due for renewal, ${expiresText(current.credential.notAfter, now)}`;
    case 'outOfDate':
      return current === null
        ? 'changed'
        : `manifest changed since it was issued, ${expiresText(current.credential.notAfter, now)}`;
    case 'orphaned':
      return current === null
        ? 'no manifest'
        : `no manifest declares it, ${expiresText(current.credential.notAfter, now)}`;
    case 'pending':
      return 'an action is unfinished';
    case 'destroying':
      return 'being destroyed';
    case 'suspended':
      return 'on hold';
    case 'unknown':
      return 'unclear: a step of an unfinished action may have acted';
    case 'superseded':
    case 'revoked':
    case 'destroyed':
      return state;
    default:
      return state satisfies never;
  }
}

function unfinishedOf(
  input: InventoryInput,
  names: readonly IdentityId[],
  bearer: string | null,
): 'none' | 'making' | 'destroying' | 'unclear' {
  const view = input.unfinished.find(
    ({ action: { plan } }) =>
      names.some((name) => sameIdentity(plan.identity, name)) && concerns(plan, bearer),
  );
  if (view === undefined) return 'none';
  if ([...view.steps.values()].some(({ result }) => result.state === 'unknown')) return 'unclear';
  return view.action.plan.verb === 'destroy' ? 'destroying' : 'making';
}

function rowOf(
  input: InventoryInput,
  identity: IdentityId,
  resource: IdentityResource | null,
  bearer: string | null,
  isDeclared: boolean,
): InventoryRow {
  const { index, now, hasher } = input;
  const declaration = resource?.usable ? declarationOf(resource, index) : null;
  const record = input.records.get(formatIdentity(identity)) ?? EMPTY_RECORD;
  const standing = standingOf({
    record,
    bearer,
    declaration: isDeclared ? declaration : null,
    // What was never issued is compared with nothing.
    specDigest: declaration === null || record === EMPTY_RECORD ? null : specDigestOf(declaration, hasher),
    unfinished: unfinishedOf(
      input,
      [identity, ...(resource === null ? [] : formerIdentities(resource))],
      bearer,
    ),
    now,
  });
  const facts = standing.current?.credential ?? null;
  const backend = declaration?.issuer ?? standing.current?.issued.backend ?? null;
  const issuer = backend === null ? undefined : index.backend(backend);
  const roles = issuer === undefined ? [] : configuredRoles(issuer);
  const issuedHere = declaration === null || declaration.renewal.by === 'idac';
  const traits = traitsOf(identity.kind);
  const canIssue = traits !== undefined && roles.includes(traits.role) && resource?.usable !== false;
  const accepted = standing.current !== null && isAccepted(standing.current, now);
  const verbs = verbsFor(standing.state, isDeclared, traits?.endsByItself ?? true, accepted)
    .filter((verb) => traits?.verbs.includes(verb))
    // What has no end is made again only when its manifest changed.
    .filter((verb) => verb !== 'renew' || facts?.notAfter !== NO_END || standing.state === 'outOfDate')
    .filter((verb) => isAllowedAdopted(verb, standing, record, bearer))
    .filter((verb) => verb !== 'restore' || hasFormer(record, bearer, index, now))
    .filter((verb) =>
      verb === 'issue' || verb === 'renew' || verb === 'rotate'
        ? canIssue && issuedHere
        : roles.length > 0 || (verb === 'verify' && standing.current !== null && isAdopted(standing.current)),
    );
  const denied = deniedVerbs(verbs, identity.kind, backend, declaration?.key?.store ?? null, input.denied);
  const owner = resource?.usable
    ? (resource.spec.owner ?? defaultsFor(resource, index).values.owner)
    : undefined;
  const notAfter = facts === null || facts.notAfter === NO_END ? null : facts.notAfter;
  const left = notAfter === null ? null : timeLeft(notAfter, now);
  return {
    kind: identity.kind,
    namespace: identity.namespace,
    name: identity.name,
    machine: textOrNull(bearer),
    owner: textOrNull(owner?.team),
    contact: textOrNull(owner?.contact),
    backend: textOrNull(backend),
    issuer: facts?.issuer ?? null,
    keyStore: textOrNull(declaration?.key?.store ?? standing.current?.issued.key?.store),
    keyOrigin: declaration?.key?.origin ?? null,
    renewedBy: declaration?.renewal.by ?? null,
    targets: sharedPart(targetsOf(declaration, standing.current)),
    machines: sharedPart(declaration?.machines ?? (bearer === null ? [] : [bearer])),
    state: standing.state,
    notAfter,
    notBefore: facts?.notBefore ?? null,
    daysLeft: left?.days ?? null,
    hoursLeft: left?.hours ?? null,
    renewAfter: standing.renewAfter?.toISOString() ?? null,
    algorithm: textOrNull(facts?.keyAlgorithm ?? declaration?.key?.algorithm),
    spkiSha256: facts?.spkiSha256 ?? null,
    fingerprintSha256: facts?.fingerprintSha256 ?? null,
    serialNumber: facts?.serialNumber ?? null,
    labels: sharedPart(resource?.labels ?? {}),
    consumers: sharedPart(declaration?.consumers ?? []),
    verbs: sharedPart(verbs.filter((verb) => !denied.some((each) => each.verb === verb))),
    ...(denied.length === 0 ? {} : { denied }),
    declaredAt:
      resource === null
        ? null
        : { file: resource.file, range: resource.locate(['metadata', 'name'], 'value') },
    status: sharedText(statusText(standing, now)),
  };
}

function textOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : sharedText(text);
}

/** Of what is declared, else where copies of it still are. */
function targetsOf(declaration: Declaration | null, current: Standing['current']): InventoryRow['targets'] {
  const places = declaration?.deliveries ?? current?.copies ?? [];
  return places.length === 0 ? NOWHERE : [...new Set(places.map(({ backend }) => backend))];
}

/** Nothing of what was adopted was made here: only its authority can end it, and there is nothing to destroy or put back. */
function isAllowedAdopted(
  verb: Verb,
  { current }: Standing,
  record: IdentityRecord,
  bearer: string | null,
): boolean {
  if (current === null || !isAdopted(current)) return true;
  if (verb === 'revoke') return current.issued.backend !== null;
  if (verb === 'destroy')
    return record.generations.some((each) => each.machine === bearer && hasRemains(each));
  return verb !== 'restore';
}

/** A place of its keeps what stood there before, and that still counts. */
function hasFormer(record: IdentityRecord, bearer: string | null, index: ProjectIndex, now: Date): boolean {
  return record.formers.some(({ generation, copy: { backend, as } }) => {
    const former = record.generations.find(({ id }) => id === generation);
    const type = index.backend(backend)?.spec.type;
    const kept = BACKENDS.find((each) => each.type === type)?.formerVersions ?? [];
    return former?.machine === bearer && isAccepted(former, now) && !former.keyDestroyed && kept.includes(as);
  });
}

/** Machines that the manifest does not name, and that have a live credential, or a key or copy of an ended one. */
function strayBearers(
  record: IdentityRecord,
  declared: readonly (string | null)[],
): readonly (string | null)[] {
  const left = record.generations.filter(hasRemains).map(({ machine }) => machine);
  return [...new Set([...record.live.keys(), ...left])].filter((bearer) => !declared.includes(bearer));
}

interface Unissued {
  readonly denied: InventoryInput['denied'];
  /** The project's and those of policies. */
  readonly defaults: Defaults;
  readonly issuer: BackendResource | undefined;
  readonly rows: readonly InventoryRow[];
}

const unissued = new WeakMap<IdentityResource, Unissued>();
const recorded = new WeakMap<IdentityResource, readonly InventoryRow[]>();

/** As they were made last of this very manifest. */
export function latestRowsOf(resource: IdentityResource): readonly InventoryRow[] {
  return recorded.get(resource) ?? unissued.get(resource)?.rows ?? [];
}

/** Of what has no record: time does not change these rows, so they are kept as long as the manifests that they come from. */
function unissuedRows(input: InventoryInput, resource: IdentityResource): readonly InventoryRow[] {
  const { index } = input;
  const defaults = defaultsFor(resource, index);
  const known = unissued.get(resource);
  if (
    known !== undefined &&
    known.defaults === defaults &&
    known.denied === input.denied &&
    known.issuer === issuerOf(index, known)
  )
    return known.rows;
  const declaration = resource.usable ? declarationOf(resource, index) : null;
  const bearers = declaration === null ? [null] : bearersOf(declaration);
  const rows = bearers.map((bearer) => rowOf(input, resource.id, resource, bearer, true));
  unissued.set(resource, { defaults, rows, denied: input.denied, issuer: issuerOf(index, { rows }) });
  return rows;
}

function issuerOf(index: ProjectIndex, { rows }: Pick<Unissued, 'rows'>): BackendResource | undefined {
  const backend = rows[0]?.backend ?? null;
  return backend === null ? undefined : index.backend(backend);
}

/** Of one identity, or of each machine's share of it, with those of machines that it names no more. */
export function rowsOfIdentity(input: InventoryInput, resource: IdentityResource): readonly InventoryRow[] {
  const { index, records } = input;
  const { key } = resource;
  if (!records.has(key) && input.unfinished.length === 0) {
    recorded.delete(resource);
    return unissuedRows(input, resource);
  }
  const bearers = resource.usable ? bearersOf(declarationOf(resource, index)) : [null];
  const strays = resource.usable ? strayBearers(records.get(key) ?? EMPTY_RECORD, bearers) : [];
  const rows = [
    ...bearers.map((bearer) => rowOf(input, resource.id, resource, bearer, true)),
    ...strays.map((bearer) => rowOf(input, resource.id, resource, bearer, false)),
  ];
  recorded.set(resource, rows);
  return rows;
}

/**
 * One row for each identity, or for each machine's share of it; what is recorded without manifest comes last. `made`: rows that
 * were made of some of them for the same input.
 */
export function inventoryRows(
  input: InventoryInput,
  made?: ReadonlyMap<object, readonly InventoryRow[]>,
): readonly InventoryRow[] {
  const { index, records } = input;
  const rows: InventoryRow[] = [];
  const declared = new Set<string>();
  const covered = new Set<string>();
  for (const resource of index.identities()) {
    const { key } = resource;
    if (declared.has(key)) continue;
    declared.add(key);
    for (const former of formerIdentities(resource)) covered.add(formatIdentity(former));
    rows.push(...(made?.get(resource) ?? rowsOfIdentity(input, resource)));
  }
  for (const identity of input.recorded) {
    const key = formatIdentity(identity);
    if (declared.has(key) || covered.has(key)) continue;
    const record = records.get(key) ?? EMPTY_RECORD;
    // What was adopted was made by others: without its manifest it is as it was before.
    const adopted = [...record.live].filter(([, live]) => live.every(isAdopted)).map(([bearer]) => bearer);
    for (const bearer of strayBearers(record, adopted))
      rows.push(rowOf(input, identity, null, bearer, false));
  }
  rows.push(...observedRows(index));
  return rows;
}
