/** One connection's life: the client, its documents, the open projects, trust and how the sealed store is unlocked. */
import type { Connection, InitializeParams } from 'vscode-languageserver/node';
import type { PreviewedPlan, Project, Unlock } from '../app/api.ts';
import { describeFailure } from '../app/failure.ts';
import { type Client, clientOf } from './client.ts';
import { type Documents, openDocuments } from './documents.ts';
import type { PlanBasis } from './planBasis.ts';
import { type Change, type OpenedProject, openProjects, type Projects } from './projects.ts';
import type { PlanArgument, UnlockAnswer } from './protocol.ts';
import { openReadings, type Readings } from './readings.ts';
import { openSealing, type Sealing } from './sealing.ts';
import { type OpenTexts, openTexts } from './secrets/openTexts.ts';
import { readSettings, type Settings } from './settings.ts';

export interface ServerOptions {
  readonly version: string;
  /** `--trusted`: counts where the client says nothing. */
  readonly trusted: boolean;
  readonly now: () => number;
}

/** A plan that was shown to a person, kept until the next one for the identity. */
export interface PlannedAction {
  readonly plan: PreviewedPlan;
  readonly opened: OpenedProject;
  readonly again: PlanArgument;
  readonly basis: PlanBasis;
}

export interface Session {
  readonly client: Client;
  /** Those that may be manifests. */
  readonly documents: Documents;
  /** All of them. */
  readonly texts: OpenTexts;
  readonly projects: Projects;
  readonly sealing: Sealing;
  readonly readings: Readings;
  /** Where the user's list of compromised keys lies. */
  readonly blockList: string | undefined;
  readonly plans: Map<string, PlannedAction>;
  /** By progress token: what `window/workDoneProgress/cancel` stops. */
  /** Backends that refused the login that is kept for them, when they were last asked; as `signInKey` names them. */
  readonly refusedLogins: Set<string>;
  readonly running: Map<string | number, AbortController>;
  now(): Date;
  trusted(): boolean;
  grantTrust(): Promise<void>;
  settings(): Settings;
  configure(settings: Settings): void;
  /** They may be others than before. Until what it returns is called. */
  onConfigured(listener: () => void): () => void;
  unlock(offered: Unlock, signal: AbortSignal): Promise<UnlockAnswer>;
  /** Until what it returns is called. */
  onChange(listener: (change: Change) => void): () => void;
  announce(change: Change): void;
  /** Waits for actions to stop between two steps. */
  close(): Promise<void>;
  /** Lets `close` wait for it. */
  track<T>(action: Promise<T>): Promise<T>;
}

export function openSession(
  connection: Connection,
  params: InitializeParams,
  options: ServerOptions,
): Session {
  const given = initializationOptions(params.initializationOptions);
  const client = clientOf(connection, params.capabilities);
  const documents = openDocuments();
  const listeners = new Set<(change: Change) => void>();
  const running = new Map<string | number, AbortController>();
  const actions = new Set<Promise<unknown>>();
  const plans = new Map<string, PlannedAction>();
  let trusted = given.trusted ?? options.trusted;
  const configured = new Set<() => void>();
  let settings = readSettings(given.settings);
  let unlock: Unlock | undefined;

  const announce = (change: Change): void => {
    if (change.what === 'world') texts.forgetFacts();
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        client.log(`after a change: ${String(error)}`);
      }
    }
  };
  const currentUnlock = async (): Promise<Unlock> => {
    if (unlock !== undefined || !trusted) return unlock ?? { how: 'none' };
    const { unlockFromEnvironment } = await import('../app/unlock.ts');
    return unlockFromEnvironment(process.env);
  };
  const open = async (root: string): Promise<Project> => {
    // Loaded after `initialize` was answered: parsers and backends are most of the program.
    const { openProject } = await import('../app/openProject.ts');
    const opened = await openProject({
      root,
      trusted,
      unlock: await currentUnlock(),
      clock: { now: () => new Date(options.now()) },
      ...(given.stateHome === undefined ? {} : { stateHome: given.stateHome }),
      ...(given.pkcs11Modules === undefined ? {} : { nativeModules: given.pkcs11Modules }),
      ...(given.policies === undefined ? {} : { configuredPolicies: given.policies }),
    });
    for (const problem of opened.policyProblems()) {
      const { what, hint } = describeFailure(problem);
      client.tell('error', `Policies of this machine cannot be had, so no action is taken. ${what} ${hint}`);
    }
    return opened;
  };
  const failed = (root: string, error: unknown): void => {
    const { what, hint } = describeFailure(error);
    client.tell('error', `${root} cannot be opened. ${what} ${hint}`);
  };
  const projects = openProjects({
    documents,
    isNoManifest: (uri) => documents.get(uri) === undefined && texts.version(uri) !== undefined,
    open,
    now: options.now,
    log: client.log,
    failed,
    changed: announce,
  });
  const texts = openTexts(projects, {
    log: client.log,
    told: client.refreshLenses,
    now: () => new Date(options.now()),
  });
  projects.setFolders(
    params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri === null ? [] : [params.rootUri]),
  );
  const restart = async (): Promise<void> => {
    await Promise.allSettled(actions);
    plans.clear();
    await projects.restart();
    // Begun and not waited for: a large folder shows rows while it is read.
    void projects.all();
  };

  return {
    client,
    documents,
    texts,
    projects,
    sealing: openSealing(),
    readings: openReadings(),
    blockList: given.blockList,
    plans,
    refusedLogins: new Set(),
    running,
    now: () => new Date(options.now()),
    trusted: () => trusted,
    async grantTrust() {
      if (trusted) return;
      trusted = true;
      await restart();
    },
    settings: () => settings,
    configure(changed) {
      settings = changed;
      for (const listener of configured) listener();
    },
    onConfigured(listener) {
      configured.add(listener);
      return () => void configured.delete(listener);
    },
    async unlock(offered, signal) {
      const { sealedStoreFolder, unlockStore } = await import('../app/unlockStore.ts');
      const answer = await unlockStore(
        sealedStoreFolder(given.stateHome),
        offered,
        await currentUnlock(),
        signal,
      );
      if (answer.ok) {
        unlock = offered;
        await restart();
      }
      return answer;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce,
    track(action) {
      actions.add(action);
      const done = (): void => void actions.delete(action);
      action.then(done, done);
      return action;
    },
    async close() {
      for (const controller of running.values()) controller.abort();
      await Promise.allSettled(actions);
      await projects.restart();
    },
  };
}

interface InitializationOptions {
  readonly trusted?: boolean;
  readonly stateHome?: string;
  readonly settings?: unknown;
  /** Only here, and not among the settings: those may come from a folder, and a module is code that runs. */
  readonly pkcs11Modules?: Readonly<Record<string, unknown>>;
  /** Likewise: they hold whatever folder is open. */
  readonly policies?: unknown;
  /** Likewise: it names a file of the user. */
  readonly blockList?: string;
}

function initializationOptions(given: unknown): InitializationOptions {
  if (typeof given !== 'object' || given === null) return {};
  const { trusted, stateHome, settings, pkcs11Modules, policies, blockList } = given as Readonly<
    Record<string, unknown>
  >;
  return {
    ...(typeof trusted === 'boolean' ? { trusted } : {}),
    ...(typeof stateHome === 'string' && stateHome !== '' ? { stateHome } : {}),
    ...(settings === undefined ? {} : { settings }),
    ...(policies === undefined ? {} : { policies }),
    ...(typeof blockList === 'string' && blockList !== '' ? { blockList } : {}),
    ...(typeof pkcs11Modules === 'object' && pkcs11Modules !== null && !Array.isArray(pkcs11Modules)
      ? { pkcs11Modules: pkcs11Modules as Readonly<Record<string, unknown>> }
      : {}),
  };
}
