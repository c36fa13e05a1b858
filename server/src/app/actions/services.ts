import type { Backend, ProjectFiles, SealedStore } from '../../backends/contract.ts';
import type { IdSource } from '../../core/lifecycle/sortableId.ts';
import type { StateStore } from '../../core/lifecycle/stateStore.ts';
import type { Clock, Hasher, SignatureVerifier } from '../../core/ports.ts';
import type { Git } from '../../platform/git/git.ts';
import type { EndpointAnswer } from '../../platform/probe/probeEndpoint.ts';
import type { ReloadCommands } from '../../platform/reload/reloadCommands.ts';
import type { PasswordNotes } from './passwordNotes.ts';

/** Opens backends by the name of their manifest, each once; BackendError when it may not or cannot be opened. */
export interface BackendPool {
  open(name: string, signal: AbortSignal): Promise<Backend>;
  /** Where its manifest points to now; nothing is contacted. BackendError when that cannot be told. */
  address(name: string): Promise<string>;
  /** Whoever opens it next logs in anew; what uses it now goes on as it began. */
  release(name: string): void;
  close(): Promise<void>;
}

export type EndpointProbe = (endpoint: string, signal: AbortSignal) => Promise<readonly EndpointAnswer[]>;

/** Everything that actions need of the outside. */
export interface Services {
  readonly root: string;
  readonly backends: BackendPool;
  readonly store: StateStore;
  readonly sealed: () => Promise<SealedStore>;
  readonly files: ProjectFiles;
  readonly passwords: PasswordNotes;
  readonly reloads: ReloadCommands;
  readonly git: Git | undefined;
  readonly probe: EndpointProbe;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  readonly newId: IdSource;
  readonly actor: { readonly name: string; readonly tool: string };
}
