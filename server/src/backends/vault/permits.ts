import { formatDuration } from '../../core/text/duration.ts';
import type { BackendContext } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { Permit, Use } from '../permit.ts';
import { type Capabilities, type Need, needText } from './capabilities.ts';
import type { VaultConfig } from './configuration.ts';
import type { KvSecrets } from './kv/secrets.ts';
import type { Ledger } from './ledger/ledger.ts';
import { apiPath } from './paths.ts';
import { colonSerial } from './pki/certificates.ts';
import { checkAgainstRole } from './pki/request.ts';
import { type PkiPlace, readPkiRole } from './pki/role.ts';
import type { Vault } from './session.ts';
import { checkAgainstSshRole } from './ssh/authority.ts';
import { readSshRole } from './ssh/role.ts';
import { checkClaims } from './tokens/issuance.ts';
import type { TokenSource } from './tokens/source.ts';
import { keyNameOf } from './transit/keyName.ts';

/** The parts of the backend that its manifest names. */
export interface PermitParts {
  readonly context: BackendContext;
  readonly vault: Vault;
  readonly capabilities: Capabilities;
  readonly pki:
    | { readonly place: PkiPlace; readonly mountMaximum: number; readonly ledger: Ledger }
    | undefined;
  readonly transit:
    | { readonly place: { readonly mount: string; readonly prefix: string }; readonly ledger: Ledger }
    | undefined;
  readonly ssh: { readonly roles: NonNullable<VaultConfig['ssh']>; readonly ledger: Ledger } | undefined;
  readonly tokens: { readonly source: TokenSource; readonly ledger: Ledger } | undefined;
  readonly secrets: KvSecrets | undefined;
}

/** Any of ours, where a use names none: policies are written for all of a kind. */
const ANY_SERIAL = '00';
const ANY_KEY = 'Key/default/any/0/0';
const ANY_PATH = 'any';
/** So long what a role lets through counts. */
const KEPT_MILLISECONDS = 5_000;

type Answer = Omit<Permit, 'use'>;

/**
 * What the login may do on exactly the paths that each verb calls, by one call to `sys/capabilities-self`, and what the
 * roles let through, read beside it. Nothing is written, and no answer is older than a few seconds.
 */
export function vaultPermits(parts: PermitParts) {
  const { vault, capabilities, context } = parts;
  const read = new Map<string, { readonly until: number; readonly check: Promise<Answer> }>();

  /** One reading for all machines of an identity, and for a run over many identities. */
  function roleOnce(key: string, check: () => Promise<Answer>): Promise<Answer> {
    const now = context.clock.now().getTime();
    for (const [each, { until }] of read) if (until <= now) read.delete(each);
    const known = read.get(key);
    if (known !== undefined) return known.check;
    const fresh = unlessRefused(check);
    read.set(key, { until: now + KEPT_MILLISECONDS, check: fresh });
    fresh.catch(() => read.delete(key));
    return fresh;
  }

  async function permits(uses: readonly Use[], signal: AbortSignal): Promise<readonly Permit[]> {
    const needs = uses.map((use) => needsOf(use, parts));
    const [lacking, roles] = await Promise.all([
      capabilities.lacking(needs.flat(), signal),
      Promise.all(
        uses.map((use) => {
          const check = roleCheckOf(use, parts, signal);
          return check === undefined ? undefined : roleOnce(roleKey(use), check);
        }),
      ),
    ]);
    return uses.flatMap((use, place) => {
      const role = roles[place];
      const answers = [
        rightsAnswer(vault.name, needs[place] ?? [], lacking),
        ...(role === undefined ? [] : [role]),
        ...(use.verb === 'issue' && use.role !== 'KeyStore' ? [budgetAnswer(capabilities)] : []),
      ];
      return answers.map((answer) => ({ use, ...answer }));
    });
  }

  return {
    permits,
    /** The next answer is about this moment. */
    forget() {
      capabilities.forget();
      read.clear();
    },
  };
}

/** What is asked of the role; a key or a machine does not matter to it. */
function roleKey({ role, request, algorithm, keyByService, durationSeconds }: Use): string {
  return JSON.stringify([role, request, algorithm, keyByService, durationSeconds]);
}

function needsOf(use: Use, parts: PermitParts): readonly Need[] {
  switch (use.role) {
    case 'CertificateAuthority':
      return parts.pki === undefined ? [] : pkiNeeds(use, parts.pki);
    case 'KeyStore':
      return parts.transit === undefined ? [] : transitNeeds(use, parts.transit);
    case 'SshAuthority':
      return parts.ssh === undefined ? [] : sshNeeds(use, parts.ssh);
    case 'TokenIssuer':
      return parts.tokens === undefined ? [] : tokenNeeds(use, parts.tokens);
    case 'Target':
    case 'SecretStore':
      return parts.secrets === undefined ? [] : secretNeeds(use, parts.secrets);
    case 'WorkloadRegistry':
      return [];
    default:
      return use.role satisfies never;
  }
}

const reads = (path: string): Need => ({ path, capabilities: ['read'] });
const updates = (path: string): Need => ({ path, capabilities: ['update'] });

function pkiNeeds(
  use: Use,
  { place: { mount, role }, ledger }: NonNullable<PermitParts['pki']>,
): readonly Need[] {
  const certificate = reads(apiPath(mount, 'cert', colonSerial(use.serialNumber ?? ANY_SERIAL)));
  switch (use.verb) {
    case 'issue':
      return [
        reads(apiPath(mount, 'roles', role)),
        updates(apiPath(mount, use.keyByService === true ? 'issue' : 'sign', role)),
        ...ledger.needs('note'),
      ];
    case 'revoke':
      return [certificate, updates(apiPath(mount, 'revoke')), ...ledger.needs('reason')];
    case 'status':
      return [certificate];
    default:
      return [];
  }
}

function transitNeeds(use: Use, { place, ledger }: NonNullable<PermitParts['transit']>): readonly Need[] {
  const { mount, prefix } = place;
  const name = keyNameOf(prefix, use.keyId ?? ANY_KEY);
  const key = apiPath(mount, 'keys', name);
  switch (use.verb) {
    case 'make':
      return [{ path: key, capabilities: ['read', 'update'] }];
    case 'sign':
      return [reads(key), updates(apiPath(mount, 'sign', name))];
    case 'revoke':
      return [reads(key), updates(`${key}/rotate`), updates(`${key}/config`), ...ledger.needs('reason')];
    case 'destroy':
      return [{ path: key, capabilities: ['read', 'delete'] }, updates(`${key}/config`)];
    case 'issue':
    case 'status':
      return [reads(key)];
    default:
      return [];
  }
}

function sshNeeds(use: Use, { roles, ledger }: NonNullable<PermitParts['ssh']>): readonly Need[] {
  if (use.verb !== 'issue') return [];
  const wanted =
    use.request?.kind === 'SshCertificate' ? [use.request.certificateType] : (['user', 'host'] as const);
  const places = wanted.flatMap((type) => roles[type] ?? []);
  return [
    ...places.flatMap(({ mount, role }) => [
      reads(apiPath(mount, 'roles', role)),
      updates(apiPath(mount, 'sign', role)),
    ]),
    ...ledger.needs('note'),
  ];
}

function tokenNeeds(use: Use, { source, ledger }: NonNullable<PermitParts['tokens']>): readonly Need[] {
  switch (use.verb) {
    case 'issue':
      return [...source.needs.issue, ...ledger.needs('note')];
    case 'revoke':
      return [...source.needs.revoke, ...ledger.needs('reason')];
    case 'status':
      return source.needs.status;
    default:
      return [];
  }
}

function secretNeeds(use: Use, secrets: KvSecrets): readonly Need[] {
  const path = use.delivery?.path ?? ANY_PATH;
  switch (use.verb) {
    case 'deliver':
      return secrets.needs(path).deliver;
    case 'remove':
      return secrets.needs(path).remove;
    case 'read':
      return [reads(secrets.dataPath(path))];
    default:
      return [];
  }
}

function rightsAnswer(name: string, needs: readonly Need[], lacking: readonly Need[] | undefined): Answer {
  const what = 'rights of the login';
  if (needs.length === 0) return { what, allowed: true, detail: `${name} need not be asked for it` };
  if (lacking === undefined)
    return {
      what,
      allowed: 'unknown',
      detail: `the login at ${name} may not ask what it may do (sys/capabilities-self)`,
      hint: 'give it the policy `default` too, so that this can be told before an action',
    };
  const asked = new Set(needs.map(({ path }) => decodeURIComponent(path)));
  const missing = merged(
    lacking.filter(({ path }) => asked.has(path)),
    needs,
  );
  return missing.length === 0
    ? { what, allowed: true, detail: [...asked].join(', ') }
    : {
        what,
        allowed: false,
        detail: `the login at ${name} lacks ${missing.map(needText).join(', ')}`,
        hint: 'ask for a policy that allows it; docs/backends/vault.md has the smallest one',
      };
}

/** Several uses may want different things of one path: each is told what it lacks itself. */
function merged(lacking: readonly Need[], needs: readonly Need[]): readonly Need[] {
  const wanted = new Map<string, Set<string>>();
  for (const { path, capabilities } of needs) {
    const plain = decodeURIComponent(path);
    wanted.set(plain, new Set([...(wanted.get(plain) ?? []), ...capabilities]));
  }
  const missing = new Map<string, Need>();
  for (const { path, capabilities } of lacking) {
    const own = capabilities.filter((each) => wanted.get(path)?.has(each));
    const before = missing.get(path)?.capabilities ?? [];
    if (own.length > 0) missing.set(path, { path, capabilities: [...new Set([...before, ...own])] });
  }
  return [...missing.values()];
}

function budgetAnswer(capabilities: Capabilities): Answer {
  const what = 'budget';
  const limit = capabilities.rateLimit();
  if (limit === undefined)
    return { what, allowed: 'unknown', detail: 'the product does not tell what is left of its rate limits' };
  return {
    what,
    allowed: true,
    detail: `${limit.remaining} of ${limit.limit} calls were left by its rate limit when it was asked`,
  };
}

function roleCheckOf(use: Use, parts: PermitParts, signal: AbortSignal): (() => Promise<Answer>) | undefined {
  if (use.verb !== 'issue') return undefined;
  const { vault, context, pki, ssh, tokens } = parts;
  const { request, durationSeconds, algorithm } = use;
  const what = 'role';
  const told = (place: string, seconds: number): Answer => ({
    what,
    allowed: true,
    detail: `${place} gives what is declared, and at most ${formatDuration(seconds)}`,
  });
  if (use.role === 'CertificateAuthority' && pki !== undefined)
    return async () => {
      const { place, mountMaximum } = pki;
      const role = await readPkiRole(vault, place, mountMaximum, signal);
      const shown = `the role ${place.role} of ${context.name}`;
      if (request?.kind === 'Certificate' && durationSeconds !== undefined && algorithm !== undefined)
        checkAgainstRole({ ...request, durationSeconds }, algorithm, role, shown, {
          makes: use.keyByService,
        });
      return told(shown, role.maximumTtl);
    };
  if (use.role === 'SshAuthority' && ssh !== undefined && request?.kind === 'SshCertificate') {
    const place = ssh.roles[request.certificateType];
    if (place === undefined) return undefined;
    return async () => {
      const role = await readSshRole(vault, request.certificateType, place, signal);
      const shown = `the role ${place.role} of ${context.name}`;
      if (durationSeconds !== undefined) checkAgainstSshRole({ ...request, durationSeconds }, role, shown);
      return told(shown, role.maximumTtl);
    };
  }
  if (use.role === 'TokenIssuer' && tokens !== undefined)
    return async () => {
      const { source } = tokens;
      const role = await source.role(signal);
      if (request?.kind === 'Token') checkClaims(request, { context, source }, role.needsScopes);
      return told(`the role ${source.path}`, role.maximumDurationSeconds);
    };
  return undefined;
}

/** What the role would refuse is an answer; a server that does not answer is none. */
async function unlessRefused(check: () => Promise<Answer>): Promise<Answer> {
  try {
    return await check();
  } catch (error) {
    const told = ['forbidden', 'not-found', 'unsupported', 'invalid-request'];
    if (!(error instanceof BackendError) || !told.includes(error.kind)) throw error;
    return { what: 'role', allowed: false, detail: error.what, hint: error.hint };
  }
}
