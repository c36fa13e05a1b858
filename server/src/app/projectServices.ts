/** What a project's use cases need of the outside, opened and not yet asked for anything. */
import { userInfo } from 'node:os';
import path from 'node:path';
import type { SealedStore } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import { createIdSource } from '../core/lifecycle/sortableId.ts';
import type { Clock } from '../core/ports.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import { nodeRandom } from '../platform/crypto/randomSource.ts';
import { nodeSignatureVerifier } from '../platform/crypto/signatureVerifier.ts';
import { openProjectFiles } from '../platform/disk/projectFiles.ts';
import { openStateFolder } from '../platform/disk/stateFolder.ts';
import type { Git } from '../platform/git/git.ts';
import { openNativeModules } from '../platform/modules/nativeModules.ts';
import { probeEndpoint } from '../platform/probe/probeEndpoint.ts';
import { openReloadCommands, type ReloadCommands } from '../platform/reload/reloadCommands.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import { openSealedStore } from '../platform/seal/sealedStore.ts';
import { openPasswordNotes } from './actions/passwordNotes.ts';
import type { Services } from './actions/services.ts';
import type { Unlock } from './api.ts';
import { openBackendPool } from './backendPool.ts';
import { type Bindings, openBindings } from './bindings.ts';
import { type LoginStore, openLoginStore } from './loginStore.ts';
import { type Looks, openLooks } from './looks.ts';
import { openRecords } from './openRecords.ts';
import { sealedStoreFolder } from './unlockStore.ts';
import { TOOL_NAME } from './version.ts';
import type { Workspace } from './workspace.ts';

export interface ProjectServicesOptions {
  readonly root: string;
  /** False: no git, no backend, no sealed store. */
  readonly trusted: boolean;
  readonly unlock: Unlock;
  readonly workspace: Workspace;
  readonly git: Git | undefined;
  readonly clock: Clock;
  /** Of this user, for all projects. */
  readonly stateHome: string;
  /** Of this project in it. */
  readonly stateFolder: string;
  readonly actor: string | undefined;
  readonly nativeModules: Readonly<Record<string, unknown>> | undefined;
  readonly answerMilliseconds: number | undefined;
}

export interface ProjectServices {
  readonly services: Services;
  /** The same as that of `services`, with what only its owner may ask of it. */
  readonly sealed: () => Promise<OpenSealedStore>;
  readonly bindings: Bindings;
  readonly loginStore: LoginStore;
  readonly looks: Looks;
}

/** An untrusted workspace runs nothing, whatever this machine allows. */
const NO_COMMANDS: ReloadCommands = {
  find: async () => undefined,
  howToAllow: () => 'Trust the workspace first, if you know where it comes from.',
};

export async function openProjectServices(options: ProjectServicesOptions): Promise<ProjectServices> {
  const { root, trusted, workspace, git, clock, stateHome, stateFolder } = options;
  const projectState = openStateFolder(stateFolder);
  let sealedStore: Promise<OpenSealedStore> | undefined;
  const sealed = (): Promise<OpenSealedStore> => {
    if (!trusted) return Promise.reject(untrusted());
    sealedStore ??= openSealedStore(sealedStoreFolder(stateHome), options.unlock, nodeRandom);
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
  return { services, sealed, bindings, loginStore, looks };
}

/** The last line of defence: whoever asks in an untrusted workspace was to be refused long before. */
function untrusted(): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: 'This workspace is not trusted, so no backend is contacted and no key is opened.',
    hint: 'Trust the workspace first, if you know where it comes from.',
  });
}

/** Who acts, as git or the system names them; never an address. */
async function actorName(git: Git | undefined): Promise<string> {
  const fromGit = await git?.user(new AbortController().signal);
  if (fromGit !== undefined) return fromGit;
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return 'unknown';
  }
}
