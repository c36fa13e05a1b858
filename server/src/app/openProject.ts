import { userInfo } from 'node:os';
import path from 'node:path';
import type { SealedStore } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import { eventFile } from '../core/lifecycle/eventFile.ts';
import { createIdSource } from '../core/lifecycle/sortableId.ts';
import { verifyChain } from '../core/lifecycle/verifyChain.ts';
import type { Clock } from '../core/ports.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import { nodeRandom } from '../platform/crypto/randomSource.ts';
import { nodeSignatureVerifier } from '../platform/crypto/signatureVerifier.ts';
import { readOwnText } from '../platform/disk/ownText.ts';
import { openProjectFiles } from '../platform/disk/projectFiles.ts';
import { openStateFolder } from '../platform/disk/stateFolder.ts';
import { projectStateFolder, userStateFolder } from '../platform/disk/userState.ts';
import { openGit } from '../platform/git/git.ts';
import { openNativeModules } from '../platform/modules/nativeModules.ts';
import { probeEndpoint } from '../platform/probe/probeEndpoint.ts';
import { openReloadCommands, type ReloadCommands } from '../platform/reload/reloadCommands.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import { openSealedStore } from '../platform/seal/sealedStore.ts';
import { SYSTEM_CLOCK } from '../platform/systemClock.ts';
import { openActions } from './actions/actions.ts';
import type { JournalView } from './actions/journal.ts';
import { openPasswordNotes } from './actions/passwordNotes.ts';
import type { Services } from './actions/services.ts';
import { eventsElsewhere } from './actions/worldAhead.ts';
import type { Project, Unlock } from './api.ts';
import { backendOverviews } from './backendOverview.ts';
import { openBackendPool } from './backendPool.ts';
import { openBindings } from './bindings.ts';
import { formerIdentities } from './declarations.ts';
import { checkBackend, doctorReport } from './doctor.ts';
import { foundWhenAsked } from './found/foundWhenAsked.ts';
import { inventoryRows } from './inventory.ts';
import { openLintReader } from './lint/lintReader.ts';
import { loginRows } from './loginRows.ts';
import { openLoginStore } from './loginStore.ts';
import { openLogins } from './logins.ts';
import { type BackendLook, type DeniedUse, LOOK_COUNTS_MILLISECONDS, openLooks } from './looks.ts';
import { offersOf } from './offers.ts';
import { openRecords } from './openRecords.ts';
import { openOverview } from './overview.ts';
import { type OutsideOptions, readOutsidePolicies } from './policies/outsidePolicies.ts';
import type { ProjectRecords } from './projectRecords.ts';
import { readProjectRecords } from './projectRecords.ts';
import { recordFindings } from './recordFindings.ts';
import { askBackends } from './scan/askBackends.ts';
import { keepSecret } from './scan/keepSecret.ts';
import { keyJudgement } from './scan/keyJudgement.ts';
import { remembering } from './scan/knownContents.ts';
import { scanProject } from './scan/scanProject.ts';
import { openTrustReader } from './trust/trustReader.ts';
import { TOOL_NAME } from './version.ts';
import { askWizard } from './wizard.ts';
import { type FirstReader, openWorkspace, type Workspace } from './workspace.ts';

export interface OpenProjectOptions {
  readonly root: string;
  /** False: read-only analysis; no git, no backend, no sealed store. */
  readonly trusted: boolean;
  readonly unlock: Unlock;
  readonly clock?: Clock;
  /** Default: the user's state folder of this system. */
  readonly stateHome?: string;
  readonly actor?: string;
  /** PKCS#11 modules that the user's editor names: by short name, the absolute path of each. */
  readonly nativeModules?: Readonly<Record<string, unknown>>;
  /** `--policy` of the command line: policies that hold besides. */
  readonly policies?: OutsideOptions['given'];
  /** Policies that the user's editor names, unchecked. */
  readonly configuredPolicies?: unknown;
  /** Longest wait for one answer of a backend over the network; left out: each backend's own (a minute). */
  readonly answerMilliseconds?: number;
}

/** An untrusted workspace runs nothing, whatever this machine allows. */
const NO_COMMANDS: ReloadCommands = {
  find: async () => undefined,
  howToAllow: () => 'Trust the workspace first, if you know where it comes from.',
};

const NOTHING_DENIED: ReadonlyMap<string, readonly DeniedUse[]> = new Map();

/** Where the user's sealed store lies: one for all projects and faces. */
export function sealedStoreFolder(stateHome?: string): string {
  return path.join(stateHome ?? userStateFolder(process.env, process.platform), 'sealed');
}

/** Opens one project root. Nothing is scanned, unlocked or contacted before it is asked for. */
export async function openProject(options: OpenProjectOptions): Promise<Project> {
  const root = path.resolve(options.root);
  const { trusted } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const stateHome = options.stateHome ?? userStateFolder(process.env, process.platform);
  const stateFolder = await projectStateFolder(stateHome, root);
  const projectState = openStateFolder(stateFolder);
  const git = await openGit(root, { trusted });
  const outside = memo(() =>
    readOutsidePolicies({
      stateHome,
      env: process.env,
      given: options.policies,
      configured: options.configuredPolicies,
    }),
  );
  const workspace = openWorkspace(root, { clock, outsidePolicies: (index) => outside().of(index) });
  const scanned = once((signal: AbortSignal, reader?: FirstReader) => workspace.scan(signal, reader));

  /** The manifests as they were typed last, however large. */
  const read = async (signal: AbortSignal): Promise<void> => {
    await scanned(signal);
    workspace.settle();
  };

  const sealedFolder = sealedStoreFolder(stateHome);
  let sealedStore: Promise<OpenSealedStore> | undefined;
  const sealed = (): Promise<OpenSealedStore> => {
    if (!trusted) return Promise.reject(untrusted());
    sealedStore ??= openSealedStore(sealedFolder, options.unlock, nodeRandom);
    // A wrong passphrase may be followed by the right one.
    sealedStore.catch(() => {
      sealedStore = undefined;
    });
    return sealedStore;
  };

  const files = openProjectFiles(root, { git, trusted, lockFolder: path.join(stateFolder, 'locks') });
  const bindings = openBindings(projectState);
  const loginStore = openLoginStore(async () =>
    (await sealed()).scope(`projects/${path.basename(stateFolder)}`),
  );
  const looks = openLooks(projectState, clock);
  const backends = openBackendPool({
    looks,
    manifestOf: (name) => workspace.index().backend(name),
    bindings: trusted ? bindings : { ...bindings, require: () => Promise.reject(untrusted()) },
    stateHome,
    projectState: stateFolder,
    sealed,
    logins: loginStore,
    files,
    modules: trusted
      ? openNativeModules({ env: process.env, stateHome, configured: options.nativeModules })
      : { find: async () => undefined, names: async () => [] },
    clock,
    random: nodeRandom,
    hasher: nodeHasher,
    answerMilliseconds: options.answerMilliseconds,
  });
  const lint = openLintReader();
  const trust = openTrustReader(root);
  const store = openRecords({ root, stateFolder, workspace, readOnly: !trusted });
  const services: Services = {
    root,
    backends,
    store,
    sealed: sealed as () => Promise<SealedStore>,
    files,
    passwords: openPasswordNotes(openStateFolder(path.join(stateFolder, 'passwords')), nodeHasher),
    reloads: trusted ? openReloadCommands({ env: process.env, stateHome, root }) : NO_COMMANDS,
    git,
    probe: probeEndpoint,
    clock,
    hasher: nodeHasher,
    verifier: nodeSignatureVerifier,
    newId: createIdSource(clock, nodeRandom),
    actor: { name: options.actor ?? (await actorName(git)), tool: TOOL_NAME },
  };
  const actions = openActions({
    services,
    workspace,
    policyProblems: () => outside().problems,
    stateFolder,
    trusted,
    formerIdentities,
  });

  async function identities(signal: AbortSignal): Promise<readonly IdentityId[]> {
    await read(signal);
    const all = new Map<string, IdentityId>();
    for (const { id, key } of workspace.index().identities()) all.set(key, id);
    for (const id of await store.list(signal))
      if (!all.has(formatIdentity(id))) all.set(formatIdentity(id), id);
    return [...all.values()];
  }

  async function readRecords(signal: AbortSignal): Promise<ProjectRecords> {
    await read(signal);
    return readProjectRecords(store, signal);
  }

  async function unfinishedViews(): Promise<readonly JournalView[]> {
    return (await actions.journalsNow()).views.filter((view) => view.ended === null);
  }

  /** What a look that still counts said that logins may not do. */
  const deniedNow = async () => {
    if (!trusted) return NOTHING_DENIED;
    const denied = new Map<string, readonly DeniedUse[]>();
    for (const { name } of workspace.index().backends()) {
      const { seen } = (await looks.of(name)) ?? {};
      const age = clock.now().getTime() - Date.parse(seen?.at ?? '');
      if (seen !== undefined && age >= 0 && age < LOOK_COUNTS_MILLISECONDS && seen.denied.length > 0)
        denied.set(name, seen.denied);
    }
    // The same object as long as there is nothing: rows rest on it.
    return denied.size === 0 ? NOTHING_DENIED : denied;
  };

  const overview = openOverview({
    denied: deniedNow,
    workspace,
    store,
    git,
    trusted,
    lint,
    trust,
    journals: unfinishedViews,
    unfinished: actions.unfinished,
    clock,
    hasher: nodeHasher,
  });

  const logins = openLogins({
    workspace,
    bindings,
    sealed,
    sealedFolder,
    scanned: read,
    loginStore,
    backends,
    looks,
    files,
    clock,
    hasher: nodeHasher,
  });

  /** Of what this folder's user confirmed and gave; an untrusted one has no business with it. */
  const loginsNow = async () =>
    trusted
      ? loginRows({
          backends: workspace.index().backends(),
          bindings,
          looks,
          files,
          hasher: nodeHasher,
          now: clock.now(),
        })
      : [];

  return {
    root,
    get name() {
      // Whoever asks while the folder is read does not wait for an index of what there is by then.
      return (workspace.reading() ? undefined : workspace.index().project()?.name) ?? path.basename(root);
    },
    trusted,
    workspace,
    actions: {
      ...actions,
      async plan(request, signal) {
        await read(signal);
        return actions.plan(request, signal);
      },
      async act(request, consent, observer, signal) {
        await read(signal);
        return actions.act(request, consent, observer, signal);
      },
      async resume(planId, how, observer, signal) {
        await read(signal);
        return actions.resume(planId, how, observer, signal);
      },
      async verify(subject, signal, more) {
        await read(signal);
        return actions.verify(subject, signal, more);
      },
    },
    async check(signal, only) {
      const { recorded, damaged, recordsFor } = await readRecords(signal);
      const index = workspace.index();
      const records = recordsFor(index);
      const policies = workspace.outsidePolicies();
      const given = {
        index,
        policies,
        records,
        recorded,
        damaged,
        git,
        lint: await lint.read({ index, records, now: clock.now() }, signal),
        trust: await trust.read(index),
        now: clock.now(),
        hasher: nodeHasher,
      };
      const onRecord = await recordFindings(given, signal);
      const findings: Finding[] = [...[...workspace.findings().values()].flat(), ...onRecord.findings];
      const wanted =
        only === undefined ? findings : findings.filter((finding) => only.includes(finding.file));
      return wanted.sort(byPlace);
    },
    policyProblems: () => outside().problems,
    policyReferences: () => outside().references,
    async fetchPolicies(reference, signal) {
      const { fetchPack } = await import('./policies/fetchPack.ts');
      return fetchPack(stateHome, reference, signal);
    },
    async inventory(signal) {
      const { recorded, recordsFor } = await readRecords(signal);
      const index = workspace.index();
      const rows = inventoryRows({
        index,
        records: recordsFor(index),
        recorded,
        unfinished: await unfinishedViews(),
        now: clock.now(),
        hasher: nodeHasher,
        denied: await deniedNow(),
      });
      return [...rows, ...(await loginsNow())];
    },
    begin: (signal, shown) => scanned(signal, overview.first(signal, shown)),
    async overview(signal, events) {
      // For an editor: nobody who types waits for it.
      await scanned(signal);
      const found = await overview.read(signal, events);
      const logins = await loginsNow();
      return logins.length === 0 ? found : { ...found, rows: [...found.rows, ...logins] };
    },
    identities,
    async events(identity, signal) {
      await scanned(signal);
      return (await store.read(identity, signal)).events;
    },
    scan: (starts, told, signal) =>
      trusted
        ? remembering({ kind: 'files', root, isWhole: false, stateHome }, (known) =>
            scanProject(root, starts, git, { told, known }, signal),
          )
        : scanProject(root, starts, git, { told }, signal),
    async offers(signal) {
      await scanned(signal);
      const declared = workspace.index().backends();
      const seen = new Map<string, BackendLook>();
      for (const { name } of trusted ? declared : []) {
        const look = await looks.of(name);
        if (look !== undefined) seen.set(name, look);
      }
      return offersOf(declared, seen);
    },
    async recorded(signal) {
      return (await readRecords(signal)).events;
    },
    async askBackends(keys, signal) {
      await read(signal);
      return askBackends(keys, { index: workspace.index(), backends, hasher: nodeHasher }, signal);
    },
    ...keyJudgement({ root, workspace, git, clock, records: readRecords }),
    ownText: (file, longest) => readOwnText(root, file, longest),
    standingOf: async (files, signal) => (await git?.standingOf(files, signal)) ?? new Map(),
    keepSecret: (backend, path, value, signal) => keepSecret(backends, backend, path, value, signal),
    async wasCommitted(file, value, signal) {
      if (git === undefined) return undefined;
      const { wasCommitted } = await import('./scan/wasCommitted.ts');
      return wasCommitted(root, file, value, signal);
    },
    async verifyLog(signal) {
      const { events, recorded, damaged } = await readRecords(signal);
      const here = new Set(events.map((event) => event.id));
      const elsewhere = (await eventsElsewhere(recorded, here, services, signal)).map(({ event }) => event);
      const lost = (await actions.ownEvents(signal)).filter((event) => !here.has(event.id));
      return {
        events: events.length,
        clones: new Set(events.map((event) => event.chain.clone)).size,
        problems: [
          ...damaged.map(({ file, why }) => ({ file, what: why })),
          ...lost.map((event) => ({
            file: eventFile(event),
            what: 'it was recorded here and is gone, on every branch: `idac resume` puts it back',
          })),
          // A clone's chain may lie on several branches: an event that another one holds is no gap.
          ...verifyChain([...events, ...elsewhere], nodeHasher),
        ],
      };
    },
    async doctor(signal) {
      await read(signal);
      const { unreadable } = await actions.journalsNow();
      return doctorReport(
        { workspace, services, bindings, looks, files, actions, unreadable, trusted, stateHome, sealed },
        signal,
      );
    },
    async checkBackend(name, signal) {
      await read(signal);
      return checkBackend(name, { workspace, services, bindings, looks, files, logins }, signal);
    },
    async backends(signal) {
      await scanned(signal);
      const declared = workspace.index().backends();
      return backendOverviews(declared, { trusted, bindings, looks, files, hasher: nodeHasher });
    },
    logins,
    async wizard(request, signal) {
      await read(signal);
      const name = workspace.index().project()?.name ?? path.basename(root);
      return askWizard(request, { root, name, index: workspace.index(), git }, signal);
    },
    found: foundWhenAsked({ ...services, trusted, workspace, scanned: read, knownRecords: overview.records }),
    async close() {
      git?.close();
      await looks.settled();
      await backends.close();
    },
  };
}

/** The last line of defence: whoever asks in an untrusted workspace was to be refused long before. */
function untrusted(): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: 'This workspace is not trusted, so no backend is contacted and no key is opened.',
    hint: 'Trust the workspace first, if you know where it comes from.',
  });
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function once(work: Workspace['scan']): Workspace['scan'] {
  let done: Promise<void> | undefined;
  return (signal, reader) => {
    done ??= work(signal, reader);
    // A cancelled scan is made again.
    done.catch(() => {
      done = undefined;
    });
    return done;
  };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}

/** Who acts, as git or the system names them; never an address. */
async function actorName(git: Awaited<ReturnType<typeof openGit>>): Promise<string> {
  const fromGit = await git?.user(new AbortController().signal);
  if (fromGit !== undefined) return fromGit;
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return 'unknown';
  }
}
