import type { Backend, ProjectFiles } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { BackendResource } from '../core/manifest/resource.ts';
import { deliveriesOf } from '../core/rules/identityParts.ts';
import { formatDay, formatInstant } from '../core/text/instant.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import type { UnreadableJournal } from './actions/journals.ts';
import type { Services } from './actions/services.ts';
import type { Actions, BackendCheck, DoctorReport, DoctorSection, Logins } from './api.ts';
import { pointsTo, usableManifest } from './backendPool.ts';
import type { Bindings } from './bindings.ts';
import { describeFailure } from './failure.ts';
import type { BackendLook, Looks } from './looks.ts';
import type { Workspace } from './workspace.ts';

type Section = DoctorSection;
type Check = Section['checks'][number];

export interface DoctorInput {
  readonly workspace: Workspace;
  readonly services: Services;
  readonly bindings: Bindings;
  readonly looks: Looks;
  readonly files: ProjectFiles;
  readonly actions: Actions;
  readonly unreadable: readonly UnreadableJournal[];
  readonly trusted: boolean;
  readonly stateHome: string;
  readonly sealed: () => Promise<OpenSealedStore>;
}

/** A check that throws is a failed check with the reason, not a failed report. */
async function attempt(what: string, check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    const failure = describeFailure(error);
    return [{ what, ok: false, detail: failure.what, hint: failure.hint }];
  }
}

async function keyStoreChecks({ sealed, stateHome }: DoctorInput): Promise<readonly Check[]> {
  return attempt('sealed store', async () => {
    const { encrypted, slots, folder } = await (await sealed()).status();
    const ways = slots.map((slot) => (slot.how === 'key' ? `key ${slot.keyName}` : slot.how)).join(', ');
    return [
      { what: 'state folder', ok: true, detail: stateHome },
      encrypted
        ? { what: 'sealed store', ok: true, detail: `encrypted; opened by ${ways} (${folder})` }
        : {
            what: 'sealed store',
            ok: false,
            detail: `private keys in ${folder} are NOT encrypted at rest`,
            hint: 'Set a passphrase with `idac login`.',
          },
    ];
  });
}

async function backendSections(input: DoctorInput, signal: AbortSignal): Promise<readonly Section[]> {
  const sections: Section[] = [];
  for (const manifest of input.workspace.index().backends())
    sections.push((await backendSection(manifest, input, signal)).section);
  return sections;
}

async function backendSection(
  manifest: BackendResource,
  { services, bindings, looks, files }: Pick<DoctorInput, 'services' | 'bindings' | 'looks' | 'files'>,
  signal: AbortSignal,
): Promise<{ readonly section: Section; readonly refused: boolean }> {
  const { name, spec } = manifest;
  let notes: readonly string[] = [];
  let refused = false;
  const checks = await attempt('open', async () => {
    try {
      const backend = await services.backends.open(name, signal);
      notes = backend.limits;
      const { checks } = await backend.health(signal);
      const bound = await bindings.of(name);
      const binding = await pointsTo(manifest, { files, hasher: services.hasher });
      const look = backend.login === undefined ? undefined : await looks.look(binding, backend, signal);
      return [
        { what: 'roles', ok: true, detail: rolesOf(backend).join(', ') },
        ...ownerChecks(spec.owner),
        ...(look === undefined ? [] : loginChecks(look)),
        { what: 'address', ok: bound !== undefined, detail: bound?.address ?? 'not confirmed' },
        ...checks,
      ];
    } catch (error) {
      refused = error instanceof BackendError && error.kind === 'unauthenticated';
      throw error;
    }
  });
  signal.throwIfAborted();
  await keepChecks(manifest, { files, hasher: services.hasher, looks }, checks);
  return { section: { title: `Backend ${name} (${spec.type})`, checks, notes }, refused };
}

/** For who asks later how it stood. A manifest whose address cannot be told has nothing to keep them for. */
async function keepChecks(
  manifest: BackendResource,
  { looks, ...input }: Parameters<typeof pointsTo>[1] & Pick<DoctorInput, 'looks'>,
  checks: readonly Check[],
): Promise<void> {
  const binding = await pointsTo(manifest, input).catch(() => undefined);
  if (binding !== undefined) await looks.checked(binding, checks);
}

/** What doctor says of one backend, and whether signing in would help. */
export async function checkBackend(
  name: string,
  {
    workspace,
    logins,
    ...input
  }: Pick<DoctorInput, 'workspace' | 'services' | 'bindings' | 'looks' | 'files'> & { logins: Logins },
  signal: AbortSignal,
): Promise<BackendCheck> {
  const manifest = usableManifest(name, workspace.index().backend(name));
  const { section, refused } = await backendSection(manifest, input, signal);
  signal.throwIfAborted();
  const standing = await logins.standing(name);
  return {
    ...section,
    backend: name,
    ok: section.checks.every(({ ok }) => ok),
    signIn: standing === 'unconfirmed' || standing === 'missing' || (standing === 'settled' && refused),
  };
}

/** Which login it is, how old, and until when it counts; with what it may use. */
function loginChecks({ given, seen }: BackendLook): readonly Check[] {
  const login = seen?.login;
  if (login === undefined && given === undefined) return [];
  const parts = [
    ...(given === undefined ? [] : [`by ${given.method}, given on ${formatDay(given.at)}`]),
    login?.expiresAt === undefined
      ? 'its end is not told'
      : login.expiresAt === null
        ? 'without an end'
        : `until ${formatInstant(login.expiresAt)}`,
    ...(login === undefined || login.reach.length === 0 ? [] : [`may use ${login.reach.join(', ')}`]),
  ];
  const denied = (seen?.denied ?? []).map(({ role, verb }) => `${verb} as ${role}`);
  return [
    { what: 'kept login', ok: true, detail: parts.join('; ') },
    ...(denied.length === 0
      ? []
      : [{ what: 'denied', ok: true, detail: `this login may not ${denied.join(', ')}` }]),
  ];
}

function ownerChecks(
  owner: { readonly team: string; readonly contact?: string } | undefined,
): readonly Check[] {
  if (owner === undefined) return [];
  const { team, contact } = owner;
  return [{ what: 'owner', ok: true, detail: contact === undefined ? team : `${team} (${contact})` }];
}

function rolesOf(backend: Backend): readonly string[] {
  return [
    ...(backend.authority === undefined ? [] : ['CertificateAuthority']),
    ...(backend.keys === undefined ? [] : ['KeyStore']),
    ...(backend.ssh === undefined ? [] : ['SshAuthority']),
    ...(backend.tokens === undefined ? [] : ['TokenIssuer']),
    ...(backend.workloads === undefined ? [] : ['WorkloadRegistry']),
    ...(backend.secrets === undefined ? [] : ['SecretStore']),
    ...(backend.targets === undefined ? [] : [`Target (${Object.keys(backend.targets).join(', ')})`]),
  ];
}

async function actionChecks(
  { actions, unreadable, services }: DoctorInput,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  return attempt('unfinished actions', async () => {
    const unfinished = await actions.unfinished(signal);
    const damaged = await services.store.damaged(signal);
    return [
      ...(unfinished.length === 0
        ? [{ what: 'unfinished actions', ok: true, detail: 'none' }]
        : unfinished.map(({ plan, startedAt, running, next }) => ({
            what: `${plan.verb} ${formatIdentity(plan.identity)}`,
            ok: running,
            detail: running
              ? `running since ${formatInstant(startedAt)}`
              : `stopped; begun ${formatInstant(startedAt)}`,
            hint: next,
          }))),
      ...unreadable.map(({ file, what, hint }) => ({ what: file, ok: false, detail: what, hint })),
      ...(damaged.length === 0
        ? [{ what: 'record', ok: true, detail: 'every event can be read' }]
        : damaged.map(({ file, why }) => ({
            what: file,
            ok: false,
            detail: why,
            hint: 'Restore the file from git.',
          }))),
      {
        what: 'git',
        ok: true,
        detail:
          services.git === undefined
            ? 'not used: no work tree, or git is not installed'
            : 'reads refs and ignore rules, read-only',
      },
    ];
  });
}

/** The commands that manifests name, as this machine allows them; none is run. */
async function reloadSections({ workspace, services }: DoctorInput): Promise<readonly Section[]> {
  const names = workspace
    .index()
    .identities()
    .filter((identity) => identity.usable)
    .flatMap((identity) => deliveriesOf(identity).flatMap(({ reload }) => reload ?? []));
  const checks: Check[] = [];
  for (const name of [...new Set(names)].sort()) {
    const found = await attempt(name, async () => {
      const command = await services.reloads.find(name);
      return [
        command === undefined
          ? {
              what: name,
              ok: false,
              detail: 'is not allowed on this machine',
              hint: services.reloads.howToAllow(name),
            }
          : { what: name, ok: true, detail: `${command.argv[0]} (allowed in ${command.source})` },
      ];
    });
    checks.push(...found);
  }
  return checks.length === 0 ? [] : [{ title: 'Commands after a delivery', checks, notes: [] }];
}

/** Read-only: what works, what does not, and what to do about it. */
export async function doctorReport(input: DoctorInput, signal: AbortSignal): Promise<DoctorReport> {
  const sections: Section[] = [
    ...(input.trusted ? [{ title: 'Keys at rest', checks: await keyStoreChecks(input), notes: [] }] : []),
    ...(input.trusted ? await backendSections(input, signal) : []),
    ...(input.trusted ? await reloadSections(input) : []),
    { title: 'Record and actions', checks: await actionChecks(input, signal), notes: [] },
  ];
  return { ok: sections.every(({ checks }) => checks.every((check) => check.ok)), sections };
}
