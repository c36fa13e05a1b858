import type { Backend, LoginFacts, Role, StateFolder } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import { isRecord, isTextList, writeJson } from '../backends/jsonFile.ts';
import type { Use } from '../backends/permit.ts';
import type { OfferingRole } from '../core/impact/replacement/offers.ts';
import type { Clock } from '../core/ports.ts';
import { canonicalJson } from '../core/text/canonicalJson.ts';
import type { DoctorSection } from './api.ts';
import type { Binding } from './bindings.ts';
import { boundTo } from './loginStore.ts';

/** A verb of a role that the login may not use there, as it was told. */
export interface DeniedUse {
  readonly role: Role;
  readonly verb: Use['verb'];
  readonly detail: string;
}

/** What was seen of a backend when somebody looked: public data, so that nobody need be asked to show it again. */
export interface BackendLook {
  /** What it was seen at: type, address and CA. */
  readonly binding: string;
  /** The login that was given for it, and when; ISO 8601. */
  readonly given?: { readonly method: string; readonly at: string };
  readonly seen?: {
    readonly at: string;
    readonly login?: LoginFacts;
    readonly denied: readonly DeniedUse[];
  };
  /** Which key algorithms it takes or makes, by role, as it said when it was opened. */
  readonly offers?: {
    readonly at: string;
    readonly algorithms: Readonly<Partial<Record<OfferingRole, readonly string[]>>>;
  };
  /** The login that is kept was refused. */
  readonly refused?: { readonly at: string };
  /** What somebody who checked it was told. */
  readonly checked?: { readonly at: string; readonly checks: DoctorSection['checks'] };
}

/** How the backends were when they were opened or checked last, each in a file of the user's state folder. */
export interface Looks {
  of(backend: string): Promise<BackendLook | undefined>;
  /** A login was given: what was seen with the former one no longer counts. */
  given(binding: Binding, given: NonNullable<BackendLook['given']>): Promise<void>;
  forget(backend: string): Promise<void>;
  /** Looks now, and keeps what it sees. What cannot be seen is left out; a cancellation is thrown. */
  look(binding: Binding, backend: Backend, signal: AbortSignal): Promise<BackendLook>;
  refused(binding: Binding): Promise<void>;
  checked(binding: Binding, checks: DoctorSection['checks']): Promise<void>;
  /** In the background, where the last look is too old; `settled` waits for it. */
  afterOpening(binding: Binding, backend: Backend): void;
  settled(): Promise<void>;
}

/** After this a look is made again when the backend is opened, and what it denied stands in nobody's way. */
export const LOOK_COUNTS_MILLISECONDS = 3_600_000;
const BACKGROUND_MILLISECONDS = 5_000;

export function openLooks(state: StateFolder, clock: Clock): Looks {
  const underWay = new Set<Promise<unknown>>();
  const file = (backend: string): string => `looks/${backend}.json`;

  /** One that is damaged is forgotten: it only says again what a look would. */
  async function of(backend: string): Promise<BackendLook | undefined> {
    const bytes = await state.read(file(backend));
    if (bytes === undefined) return undefined;
    try {
      return parseLook(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      return undefined;
    }
  }

  async function change(binding: Binding, to: (before: BackendLook) => BackendLook): Promise<BackendLook> {
    return state.locked(
      'looks',
      async () => {
        const kept = await of(binding.backend);
        const bound = boundTo(binding);
        const now = to(kept?.binding === bound ? kept : { binding: bound });
        await writeJson(state, file(binding.backend), { schemaVersion: 1, ...now });
        return now;
      },
      new AbortController().signal,
    );
  }

  async function look(binding: Binding, backend: Backend, signal: AbortSignal): Promise<BackendLook> {
    const [login, denied] = await Promise.all([
      unlessUntold(backend.login?.(signal), signal),
      unlessUntold(deniedAt(backend, signal), signal),
    ]);
    const seen = {
      at: clock.now().toISOString(),
      ...(login === undefined ? {} : { login }),
      denied: denied ?? [],
    };
    // It was opened, so its login counts.
    return change(binding, ({ refused: _refused, ...before }) => ({ ...before, seen }));
  }

  async function noteOffers(
    binding: Binding,
    backend: Backend,
    before: BackendLook | undefined,
  ): Promise<void> {
    const algorithms = offersOf(backend);
    const known = before?.binding === boundTo(binding) ? before.offers?.algorithms : undefined;
    if (canonicalJson(known ?? null) === canonicalJson(algorithms)) return;
    const offers = { at: clock.now().toISOString(), algorithms };
    await change(binding, (now) => ({ ...now, offers }));
  }

  return {
    of,
    look,
    async given(binding, given) {
      await change(binding, ({ binding: bound }) => ({ binding: bound, given }));
    },
    forget: (backend) => state.remove(file(backend)),
    async refused(binding) {
      await change(binding, (before) => ({ ...before, refused: { at: clock.now().toISOString() } }));
    },
    async checked(binding, checks) {
      await change(binding, (before) => ({ ...before, checked: { at: clock.now().toISOString(), checks } }));
    },
    afterOpening(binding, backend) {
      // What the embedded one makes is known without a look.
      if (backend.type === 'local') return;
      const work = (async () => {
        const before = await of(binding.backend);
        await noteOffers(binding, backend, before);
        // What is not logged in to denies nobody anything, and ends never.
        if (backend.login === undefined) return;
        const age = clock.now().getTime() - Date.parse(before?.seen?.at ?? '');
        const isFresh = before?.binding === boundTo(binding) && age >= 0 && age < LOOK_COUNTS_MILLISECONDS;
        if (isFresh && before.refused === undefined) return;
        await look(binding, backend, AbortSignal.timeout(BACKGROUND_MILLISECONDS));
      })();
      // Nobody waits for what is only remembered.
      const settled = work.catch(() => undefined).finally(() => underWay.delete(settled));
      underWay.add(settled);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

function offersOf({ authority, keys, ssh }: Backend): NonNullable<BackendLook['offers']>['algorithms'] {
  return {
    ...(authority === undefined ? {} : { CertificateAuthority: authority.keyAlgorithms }),
    ...(keys === undefined ? {} : { KeyStore: keys.keyAlgorithms }),
    ...(ssh === undefined ? {} : { SshAuthority: ssh.keyAlgorithms }),
  };
}

async function unlessUntold<T>(work: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BackendError) return undefined;
    throw error;
  }
}

/** Of each role that makes or keeps credentials, what no identity could have done there. */
async function deniedAt(backend: Backend, signal: AbortSignal): Promise<readonly DeniedUse[] | undefined> {
  const { authority, keys, ssh, tokens, workloads, permits } = backend;
  const roles: readonly (readonly [Role, unknown, readonly Use['verb'][]])[] = [
    ['CertificateAuthority', authority, ['issue', 'revoke']],
    ['KeyStore', keys, ['make', 'revoke', 'destroy']],
    ['SshAuthority', ssh, ['issue', 'revoke']],
    ['TokenIssuer', tokens, ['issue', 'revoke']],
    ['WorkloadRegistry', workloads, ['issue', 'revoke']],
  ];
  const uses = roles.flatMap(([role, capability, verbs]) =>
    capability === undefined ? [] : verbs.map((verb): Use => ({ role, verb })),
  );
  const answers = await permits?.(uses, signal);
  return answers?.flatMap(({ use, allowed, detail }) =>
    allowed === false ? [{ role: use.role, verb: use.verb, detail }] : [],
  );
}

function parseLook(value: unknown): BackendLook | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1 || typeof value['binding'] !== 'string')
    return undefined;
  const { binding, given, seen, offers, refused, checked } = value;
  return {
    binding,
    ...(isRecord(given) && typeof given['method'] === 'string' && typeof given['at'] === 'string'
      ? { given: { method: given['method'], at: given['at'] } }
      : {}),
    ...(isRecord(seen) && typeof seen['at'] === 'string'
      ? { seen: { at: seen['at'], ...parseLogin(seen['login']), denied: parseDenied(seen['denied']) } }
      : {}),
    ...parseOffers(offers),
    ...(isRecord(refused) && typeof refused['at'] === 'string' ? { refused: { at: refused['at'] } } : {}),
    ...(isRecord(checked) && typeof checked['at'] === 'string' && Array.isArray(checked['checks'])
      ? { checked: { at: checked['at'], checks: checked['checks'].filter(isCheck) } }
      : {}),
  };
}

function isCheck(value: unknown): value is DoctorSection['checks'][number] {
  return (
    isRecord(value) &&
    typeof value['what'] === 'string' &&
    typeof value['ok'] === 'boolean' &&
    typeof value['detail'] === 'string' &&
    (value['hint'] === undefined || typeof value['hint'] === 'string')
  );
}

function parseLogin(value: unknown): { readonly login?: LoginFacts } {
  if (!isRecord(value) || !isTextList(value['reach'])) return {};
  const { reach, expiresAt, renewable } = value;
  return {
    login: {
      reach,
      ...(typeof expiresAt === 'string' || expiresAt === null ? { expiresAt } : {}),
      ...(renewable === true ? { renewable } : {}),
    },
  };
}

function parseOffers(value: unknown): Pick<BackendLook, 'offers'> {
  if (!isRecord(value) || typeof value['at'] !== 'string' || !isRecord(value['algorithms'])) return {};
  const algorithms = Object.fromEntries(
    Object.entries(value['algorithms']).filter(([, each]) => isTextList(each)),
  );
  return { offers: { at: value['at'], algorithms } };
}

function parseDenied(value: unknown): readonly DeniedUse[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (each): each is DeniedUse =>
      isRecord(each) &&
      typeof each['role'] === 'string' &&
      typeof each['verb'] === 'string' &&
      typeof each['detail'] === 'string',
  );
}
