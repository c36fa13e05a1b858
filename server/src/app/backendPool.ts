import path from 'node:path';
import type { Backend, KeyStore, NativeModules, ProjectFiles, SealedStore } from '../backends/contract.ts';
import { PRIVATE_ADDRESS } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import { BACKENDS } from '../backends/generated/registry.ts';
import { encodeUtf8 } from '../core/credential/charset.ts';
import { toHex } from '../core/credential/octets.ts';
import type { BackendResource } from '../core/manifest/resource.ts';
import type { Clock, Hasher, RandomSource } from '../core/ports.ts';
import { canonicalJson } from '../core/text/canonicalJson.ts';
import { openStateFolder } from '../platform/disk/stateFolder.ts';
import type { BackendPool } from './actions/services.ts';
import type { Binding, Bindings } from './bindings.ts';
import type { LoginStore } from './loginStore.ts';
import type { Looks } from './looks.ts';

export interface BackendPoolOptions {
  readonly manifestOf: (name: string) => BackendResource | undefined;
  readonly bindings: Bindings;
  readonly stateHome: string;
  readonly projectState: string;
  readonly sealed: () => Promise<SealedStore>;
  readonly logins: LoginStore;
  readonly files: ProjectFiles;
  readonly modules: NativeModules;
  /** Told of each backend that was opened, and of each that refused its login. */
  readonly looks: Pick<Looks, 'afterOpening' | 'refused'>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly hasher: Hasher;
  readonly answerMilliseconds: number | undefined;
}

/** A backend's manifest as it must be before the backend is opened. */
export function usableManifest(name: string, manifest: BackendResource | undefined): BackendResource {
  if (manifest?.usable) return manifest;
  throw new BackendError({
    kind: 'not-found',
    what:
      manifest === undefined
        ? `No manifest declares a backend ${name}.`
        : `The manifest of backend ${name} (${manifest.file}) has errors.`,
    hint: manifest === undefined ? 'Declare it, or correct the name that refers to it.' : 'Correct it first.',
  });
}

/** What is left of `spec` for the backend type itself. */
export function configOf({ spec }: BackendResource): Readonly<Record<string, unknown>> {
  const { type: _type, owner: _owner, ...config } = spec;
  return config;
}

export async function backendTypeOf(manifest: BackendResource) {
  const registered = BACKENDS.find(({ type }) => type === manifest.spec.type);
  if (registered !== undefined) return registered.load();
  throw new BackendError({
    kind: 'unsupported',
    what: `Backend ${manifest.name} is of type ${manifest.spec.type}, which this version does not know.`,
    hint: `Known types: ${BACKENDS.map(({ type }) => type).join(', ')}.`,
  });
}

/** What a backend's manifest points to now, and whom it trusts there. Nothing is contacted. */
export async function pointsTo(
  manifest: BackendResource,
  { files, hasher }: { readonly files: ProjectFiles; readonly hasher: Hasher },
): Promise<Binding> {
  const type = await backendTypeOf(manifest);
  const config = configOf(manifest) as never;
  const binding = { backend: manifest.name, type: type.type, address: type.address(config) };
  const trusted = type.trustedFiles?.(config) ?? [];
  if (trusted.length === 0) return binding;
  const versions = await Promise.all(
    trusted.map(async (path) => (await files.read(path))?.version ?? 'none'),
  );
  return { ...binding, trust: toHex(hasher.hash('sha256', encodeUtf8(versions.join('\n')))) };
}

/** A folder name for an address: readable, and never the same for two addresses. */
function folderName(address: string, hasher: Hasher): string {
  const readable = address
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${readable}-${toHex(hasher.hash('sha256', encodeUtf8(address))).slice(0, 12)}`;
}

export function openBackendPool(options: BackendPoolOptions): BackendPool {
  /** An action may still use them, so they are closed with the project. */
  const released: Promise<Backend>[] = [];
  const opened = new Map<string, { readonly config: string; readonly backend: Promise<Backend> }>();

  async function open(manifest: BackendResource, signal: AbortSignal): Promise<Backend> {
    const type = await backendTypeOf(manifest);
    const config = configOf(manifest);
    const binding = await pointsTo(manifest, options);
    const { address } = binding;
    await options.bindings.require(binding);
    const { stateHome, projectState, files, modules, clock, random, hasher, answerMilliseconds } = options;
    // What belongs to this root alone lies with it; what has an address of its own lies with that address.
    const isPrivate = address === PRIVATE_ADDRESS;
    const place = isPrivate ? manifest.name : folderName(address, hasher);
    const state = isPrivate
      ? path.join(projectState, 'backends', place)
      : path.join(stateHome, 'backends', type.type, place);
    const compartment = isPrivate
      ? `projects/${path.basename(projectState)}/${place}`
      : `backends/${type.type}/${place}`;
    const opening = type.open(
      config as never,
      {
        name: manifest.name,
        clock,
        random,
        hasher,
        files,
        modules,
        state: openStateFolder(state, { locksOften: 'use the state of this backend' }),
        sealed: (await options.sealed()).scope(compartment),
        login: () => options.logins.of(binding),
        keyStore: (name, signal) => keysOf(manifest.name, name, signal),
        ...(answerMilliseconds === undefined ? {} : { answerMilliseconds }),
      },
      signal,
    );
    try {
      const backend = await opening;
      options.looks.afterOpening(binding, backend);
      return backend;
    } catch (error) {
      if (error instanceof BackendError && error.kind === 'unauthenticated')
        await options.looks.refused(binding).catch(() => undefined);
      throw error;
    }
  }

  async function keysOf(by: string, name: string, signal: AbortSignal): Promise<KeyStore> {
    const { keys } = await pool.open(name, signal);
    if (keys !== undefined) return keys;
    throw new BackendError({
      kind: 'unsupported',
      what: `Backend ${by} is to keep its keys in ${name}, which is no key store.`,
      hint: `Name a backend that keeps keys in the manifest of ${by}.`,
    });
  }

  const pool: BackendPool = {
    open(name, signal) {
      const kept = opened.get(name);
      let manifest: BackendResource;
      try {
        manifest = usableManifest(name, options.manifestOf(name));
      } catch (error) {
        return Promise.reject(error);
      }
      const config = canonicalJson(manifest.spec);
      if (kept?.config === config) return kept.backend;
      const backend = open(manifest, signal);
      opened.set(name, { config, backend });
      // A failed opening is tried again next time.
      backend.catch(() => {
        if (opened.get(name)?.backend === backend) opened.delete(name);
      });
      return backend;
    },
    address: async (name) =>
      (await pointsTo(usableManifest(name, options.manifestOf(name)), options)).address,
    release(name) {
      const kept = opened.get(name);
      if (kept !== undefined) released.push(kept.backend);
      opened.delete(name);
    },
    async close() {
      for (const backend of [...[...opened.values()].map((each) => each.backend), ...released.splice(0)])
        await backend.then((each) => each.close()).catch(() => undefined);
      opened.clear();
    },
  };
  return pool;
}
