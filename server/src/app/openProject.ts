import path from 'node:path';
import type { Clock } from '../core/ports.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import { readOwnText } from '../platform/disk/ownText.ts';
import { projectStateFolder, userStateFolder } from '../platform/disk/userState.ts';
import { openGit } from '../platform/git/git.ts';
import { SYSTEM_CLOCK } from '../platform/systemClock.ts';
import { openActions } from './actions/actions.ts';
import type { JournalView } from './actions/journal.ts';
import type { Project, Unlock } from './api.ts';
import { backendOverviews } from './backendOverview.ts';
import { formerIdentities } from './declarations.ts';
import { checkBackend, doctorReport } from './doctor.ts';
import { foundWhenAsked } from './found/foundWhenAsked.ts';
import { openLintReader } from './lint/lintReader.ts';
import { loginRows } from './loginRows.ts';
import { openLogins } from './logins.ts';
import { type BackendLook, type DeniedUse, LOOK_COUNTS_MILLISECONDS } from './looks.ts';
import { offersOf } from './offers.ts';
import { openOverview } from './overview.ts';
import { type OutsideOptions, readOutsidePolicies } from './policies/outsidePolicies.ts';
import { openProjectServices } from './projectServices.ts';
import { recordedProject } from './recordedProject.ts';
import { askBackends } from './scan/askBackends.ts';
import { keepSecret } from './scan/keepSecret.ts';
import { keyJudgement } from './scan/keyJudgement.ts';
import { keysOfProject } from './scan/keysOfProject.ts';
import { remembering } from './scan/knownContents.ts';
import { scanProject } from './scan/scanProject.ts';
import { openTrustReader } from './trust/trustReader.ts';
import { sealedStoreFolder } from './unlockStore.ts';
import { askWizard } from './wizard.ts';
import { openWorkspace, type ScanPurpose, type Workspace } from './workspace.ts';

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

const NOTHING_DENIED: ReadonlyMap<string, readonly DeniedUse[]> = new Map();

/** Opens one project root. Nothing is scanned, unlocked or contacted before it is asked for. */
export async function openProject(options: OpenProjectOptions): Promise<Project> {
  const root = path.resolve(options.root);
  const { trusted } = options;
  const clock = options.clock ?? SYSTEM_CLOCK;
  const stateHome = options.stateHome ?? userStateFolder(process.env, process.platform);
  const stateFolder = await projectStateFolder(stateHome, root);
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
  const scanned = once(workspace.scan);

  /** The manifests as they were typed last, however large. */
  const read = async (signal: AbortSignal, purpose?: ScanPurpose): Promise<void> => {
    await scanned(signal, purpose);
    workspace.settle();
  };

  const { services, sealed, bindings, loginStore, looks } = await openProjectServices({
    root,
    trusted,
    unlock: options.unlock,
    workspace,
    git,
    clock,
    stateHome,
    stateFolder,
    actor: options.actor,
    nativeModules: options.nativeModules,
    answerMilliseconds: options.answerMilliseconds,
  });
  const { files, backends, store } = services;
  const lint = openLintReader();
  const trust = openTrustReader(root);
  const actions = openActions({
    services,
    workspace,
    policyProblems: () => outside().problems,
    stateFolder,
    trusted,
    formerIdentities,
  });

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
    sealedFolder: sealedStoreFolder(stateHome),
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

  const { records, ...recorded } = recordedProject({
    workspace,
    services,
    lint,
    trust,
    read,
    unfinished: unfinishedViews,
    denied: deniedNow,
    loginRows: loginsNow,
    ownEvents: actions.ownEvents,
  });

  return {
    ...recorded,
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
    policyProblems: () => outside().problems,
    policyReferences: () => outside().references,
    async fetchPolicies(reference, signal) {
      const { fetchPack } = await import('./policies/fetchPack.ts');
      return fetchPack(stateHome, reference, signal);
    },
    begin: (signal, shown) => scanned(signal, { reader: overview.first(signal, shown) }),
    async overview(signal, events) {
      // For an editor: nobody who types waits for it.
      await scanned(signal, { isJudged: true });
      const found = await overview.read(signal, events);
      const logins = await loginsNow();
      return logins.length === 0 ? found : { ...found, rows: [...found.rows, ...logins] };
    },
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
    async askBackends(keys, signal) {
      await read(signal);
      return askBackends(keys, { index: workspace.index(), backends, hasher: nodeHasher }, signal);
    },
    ...keyJudgement({
      root,
      clock,
      standingOf: async (files, signal) => (await git?.standingOf(files, signal)) ?? 'none',
      known: async (signal) => keysOfProject(workspace, await records(signal), clock.now()),
    }),
    ownText: (file, longest) => readOwnText(root, file, longest),
    standingOf: async (files, signal) => (await git?.standingOf(files, signal)) ?? new Map(),
    keepSecret: (backend, path, value, signal) => keepSecret(backends, backend, path, value, signal),
    async wasCommitted(file, value, signal) {
      if (git === undefined) return undefined;
      const { wasCommitted } = await import('./scan/wasCommitted.ts');
      return wasCommitted(root, file, value, signal);
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

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function once(work: Workspace['scan']): Workspace['scan'] {
  let done: Promise<void> | undefined;
  return (signal, purpose) => {
    done ??= work(signal, purpose);
    // A cancelled scan is made again.
    done.catch(() => {
      done = undefined;
    });
    return done;
  };
}
