import type { ProjectFiles, Role } from '../backends/contract.ts';
import { PRIVATE_ADDRESS } from '../backends/contract.ts';
import { BACKENDS } from '../backends/generated/registry.ts';
import type { Location } from '../core/finding.ts';
import type { BackendResource } from '../core/manifest/resource.ts';
import type { Hasher } from '../core/ports.ts';
import type { DoctorSection } from './api.ts';
import { backendTypeOf, configOf, pointsTo } from './backendPool.ts';
import type { Bindings } from './bindings.ts';
import { configuredRoles } from './configuredRoles.ts';
import { boundTo } from './loginStore.ts';
import type { BackendLook, Looks } from './looks.ts';

/**
 * How a backend stood when it was opened or checked last. `untrusted`: nobody looks, for the folder is not trusted; `broken`: its manifest has
 * errors; `unconfirmed`, `missing`: its address or a login is what is missing; `refused`: it takes the login no more; `failed`: a check
 * failed; `unknown`: nobody looked yet.
 */
export type BackendStanding =
  | 'untrusted'
  | 'broken'
  | 'unconfirmed'
  | 'missing'
  | 'refused'
  | 'failed'
  | 'reachable'
  | 'unknown';

/** A declared backend, and what is known of it on this machine. Nobody was contacted for it. */
export interface BackendOverview {
  readonly backend: string;
  readonly type: string;
  /** What product that is. */
  readonly title: string;
  /** Null: its manifest does not tell. */
  readonly address: string | null;
  readonly roles: readonly Role[];
  readonly owner: string | null;
  readonly contact: string | null;
  readonly declaredAt: Location;
  readonly standing: BackendStanding;
  /** When that was seen; ISO 8601. */
  readonly at: string | null;
  /** Null: there is nothing to log in to, or nobody did. */
  readonly login: {
    readonly method: string;
    readonly givenAt: string;
    /** Null: no end is told. */
    readonly expiresAt: string | null;
    readonly reach: readonly string[];
  } | null;
  /** What it was checked for last. */
  readonly checks: DoctorSection['checks'];
}

interface OverviewInput {
  readonly trusted: boolean;
  readonly bindings: Pick<Bindings, 'of'>;
  readonly looks: Pick<Looks, 'of'>;
  readonly files: ProjectFiles;
  readonly hasher: Hasher;
}

export function backendOverviews(
  manifests: readonly BackendResource[],
  input: OverviewInput,
): Promise<readonly BackendOverview[]> {
  return Promise.all(manifests.map((manifest) => overviewOf(manifest, input)));
}

async function overviewOf(manifest: BackendResource, input: OverviewInput): Promise<BackendOverview> {
  const { name, spec, file } = manifest;
  const usable = manifest.usable;
  const seen = usable && input.trusted ? await seenOf(manifest, input) : NOTHING;
  const standing = !usable ? 'broken' : !input.trusted ? 'untrusted' : seen.standing;
  return {
    backend: name,
    type: spec.type,
    title: BACKENDS.find(({ type }) => type === spec.type)?.title ?? spec.type,
    address: usable ? await addressOf(manifest) : null,
    roles: usable ? configuredRoles(manifest) : [],
    owner: usable ? (spec.owner?.team ?? null) : null,
    contact: usable ? (spec.owner?.contact ?? null) : null,
    declaredAt: { file, range: manifest.locate(['metadata', 'name'], 'value') },
    standing,
    at: seen.at,
    login: seen.login,
    checks: seen.checks,
  };
}

/** Of a type that is not known, or from fields that are wrong, none can be told: its manifest has a finding. */
async function addressOf(manifest: BackendResource): Promise<string | null> {
  try {
    return (await backendTypeOf(manifest)).address(configOf(manifest) as never);
  } catch {
    return null;
  }
}

type Seen = Pick<BackendOverview, 'standing' | 'at' | 'login' | 'checks'>;
const NOTHING: Seen = { standing: 'unknown', at: null, login: null, checks: [] };

async function seenOf(manifest: BackendResource, input: OverviewInput): Promise<Seen> {
  try {
    const { loginMethod } = await backendTypeOf(manifest);
    const binding = await pointsTo(manifest, input);
    const bound = await input.bindings.of(manifest.name);
    const kept = await input.looks.of(manifest.name);
    const look = kept?.binding === boundTo(binding) ? kept : undefined;
    const wantsLogin = loginMethod?.(manifest.spec as never) !== undefined;
    const isConfirmed = bound !== undefined && boundTo(bound) === boundTo(binding);
    // What belongs to this project alone is confirmed with its first use.
    if (binding.address !== PRIVATE_ADDRESS && !isConfirmed) return { ...NOTHING, standing: 'unconfirmed' };
    if (wantsLogin && look?.given === undefined && look?.seen === undefined)
      return { ...NOTHING, standing: 'missing', ...checkedOf(look) };
    return { ...standingOf(look), login: loginOf(look), checks: look?.checked?.checks ?? [] };
  } catch {
    return NOTHING;
  }
}

function checkedOf(look: BackendLook | undefined): Pick<Seen, 'checks' | 'at'> {
  return { checks: look?.checked?.checks ?? [], at: look?.checked?.at ?? null };
}

/** The newest of what was seen counts. */
function standingOf(look: BackendLook | undefined): Pick<Seen, 'standing' | 'at'> {
  const { seen, checked, refused } = look ?? {};
  if (refused !== undefined) return { standing: 'refused', at: refused.at };
  if (checked !== undefined && !(seen !== undefined && seen.at > checked.at))
    return {
      standing: checked.checks.every(({ ok }) => ok) ? 'reachable' : 'failed',
      at: checked.at,
    };
  return seen === undefined ? { standing: 'unknown', at: null } : { standing: 'reachable', at: seen.at };
}

function loginOf(look: BackendLook | undefined): BackendOverview['login'] {
  const { given, seen } = look ?? {};
  if (given === undefined) return null;
  return {
    method: given.method,
    givenAt: given.at,
    expiresAt: seen?.login?.expiresAt ?? null,
    reach: seen?.login?.reach ?? [],
  };
}
