import type { LoginMethod } from '../backends/contract.ts';
import { expiresText, timeLeft } from '../core/identity/expiry.ts';
import type { BackendResource } from '../core/manifest/resource.ts';
import { formatDay } from '../core/text/instant.ts';
import type { InventoryRow } from './api.ts';
import { backendTypeOf, pointsTo } from './backendPool.ts';
import type { Bindings } from './bindings.ts';
import { boundTo } from './loginStore.ts';
import type { Looks } from './looks.ts';

const LOGIN_KIND = 'Login';

export interface LoginRowsInput extends Readonly<Record<'files', Parameters<typeof pointsTo>[1]['files']>> {
  readonly backends: readonly BackendResource[];
  readonly bindings: Pick<Bindings, 'of'>;
  readonly looks: Pick<Looks, 'of'>;
  readonly hasher: Parameters<typeof pointsTo>[1]['hasher'];
  readonly now: Date;
}

/** What is left of a login's life when another one is due. */
const DUE_SHARE = 1 / 3;

type Standing = Pick<InventoryRow, 'state' | 'status' | 'notAfter' | 'notBefore' | 'renewAfter' | 'login'>;

/**
 * The first secret of each backend that is logged in to: a row like those of what is made with it. It tells what was seen
 * when somebody looked last; nobody is contacted, and no sealed store is opened.
 */
export async function loginRows(input: LoginRowsInput): Promise<readonly InventoryRow[]> {
  const rows = await Promise.all(input.backends.map((manifest) => rowOf(manifest, input)));
  return rows.filter((row) => row !== undefined);
}

async function rowOf(manifest: BackendResource, input: LoginRowsInput): Promise<InventoryRow | undefined> {
  if (!manifest.usable) return undefined;
  const standing = await standingOf(manifest, input).catch(() => undefined);
  if (standing === undefined) return undefined;
  const { name, spec, labels, file } = manifest;
  const left = standing.notAfter === null ? null : timeLeft(standing.notAfter, input.now);
  return {
    kind: LOGIN_KIND,
    namespace: '',
    name,
    machine: null,
    owner: spec.owner?.team ?? null,
    contact: spec.owner?.contact ?? null,
    backend: name,
    issuer: null,
    keyStore: null,
    keyOrigin: null,
    renewedBy: null,
    targets: [],
    machines: [],
    daysLeft: left?.days ?? null,
    hoursLeft: left?.hours ?? null,
    algorithm: null,
    spkiSha256: null,
    fingerprintSha256: null,
    serialNumber: null,
    labels,
    consumers: [],
    verbs: [],
    declaredAt: { file, range: manifest.locate(['metadata', 'name'], 'value') },
    ...standing,
  };
}

/** Undefined: there is nothing to log in to. A manifest whose address cannot be told has a finding instead. */
async function standingOf(manifest: BackendResource, input: LoginRowsInput): Promise<Standing | undefined> {
  const type = await backendTypeOf(manifest);
  const method = type.loginMethod?.(manifest.spec as never);
  const form: LoginMethod | undefined = method === undefined ? undefined : type.loginMethods?.[method];
  if (method === undefined || form === undefined) return undefined;
  const none = { notAfter: null, notBefore: null, renewAfter: null };
  const command = `idac login ${manifest.name}`;
  const binding = await pointsTo(manifest, input);
  const bound = await input.bindings.of(manifest.name);
  if (bound === undefined || boundTo(bound) !== boundTo(binding))
    return {
      ...none,
      state: 'unconfirmed',
      status: `address not confirmed: ${command}`,
      login: { method, seenAt: null, expiresAt: null, reach: [] },
    };
  const look = await input.looks.of(manifest.name);
  const { given, seen, refused } = look?.binding === boundTo(binding) ? look : {};
  const login = {
    method: given?.method ?? method,
    seenAt: seen?.at ?? null,
    expiresAt: seen?.login?.expiresAt ?? null,
    reach: seen?.login?.reach ?? [],
  };
  if (given === undefined && seen === undefined)
    return { ...none, state: 'missing', status: `no login is known: ${command}`, login };
  const notBefore = given?.at ?? null;
  if (refused !== undefined)
    return {
      ...none,
      notBefore,
      state: 'expired',
      status: `refused by the backend on ${formatDay(refused.at)}: ${command}`,
      login,
    };
  const end = login.expiresAt;
  if (end === null) {
    const unknown = seen?.login?.expiresAt === undefined ? 'its end is not told' : 'has no end';
    const since = notBefore === null ? '' : `, given on ${formatDay(notBefore)}`;
    return { ...none, notBefore, state: 'active', status: `${unknown}${since}`, login };
  }
  const from = Date.parse(notBefore ?? login.seenAt ?? end);
  const dueAt = new Date(Date.parse(end) - Math.max(0, Date.parse(end) - from) * DUE_SHARE);
  const now = input.now.getTime();
  const text = expiresText(end, input.now);
  const state =
    now >= Date.parse(end)
      ? 'expired'
      : now >= dueAt.getTime() && seen?.login?.renewable !== true
        ? 'due'
        : 'active';
  return {
    notBefore,
    notAfter: end,
    renewAfter: dueAt.toISOString(),
    state,
    status:
      state === 'active'
        ? text
        : state === 'due'
          ? `due for renewal, ${text}: ${command}`
          : `${text}: ${command}`,
    login,
  };
}
