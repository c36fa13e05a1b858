import { toHex } from '../../core/credential/octets.ts';
import type { BackendContext, SecretStore } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';
import { checkPath } from '../secretPath.ts';

/** Which version of a secret counts. It stays when the secret is destroyed, so that no version number comes twice. */
interface Pointer {
  readonly path: string;
  readonly version: number;
  readonly destroyed: boolean;
}

export interface LocalSecretStore extends SecretStore {
  /** Destroys it if it still has that version; what is gone already is no error. */
  remove(path: string, options: { ifVersion: string }, signal: AbortSignal): Promise<void>;
}

/**
 * Secrets with a version that only grows. A new value is sealed under its own version first, then the pointer moves,
 * then the old value is erased: at every moment the pointer names a value that is whole. Former values are not kept.
 */
export function localSecretStore(context: BackendContext): LocalSecretStore {
  const { state, hasher } = context;
  const sealed = context.sealed.scope('secrets');
  const entryOf = (path: string): string =>
    toHex(hasher.hash('sha256', new TextEncoder().encode(path))).slice(0, 40);
  const pointerOf = (path: string): Promise<Pointer | undefined> =>
    readJson(state, fileOf(entryOf(path)), parsePointer);

  /** All sealed versions but one: what a killed run may have left, too. */
  async function eraseOthers(entry: string, keep: number | undefined): Promise<void> {
    for (const name of await sealed.list(entry)) if (name !== `${entry}/${keep}`) await sealed.remove(name);
  }

  return {
    read: looking('read the secret', async (path) => {
      checkPath(path);
      for (;;) {
        const pointer = await pointerOf(path);
        if (pointer === undefined || pointer.destroyed) return undefined;
        const value = await sealed.get(`${entryOf(path)}/${pointer.version}`);
        if (value !== undefined) return { value, version: String(pointer.version) };
        // Somebody wrote between the two reads; a pointer that stands still has lost its value.
        if ((await pointerOf(path))?.version === pointer.version) throw lost(path);
      }
    }),
    write: acting('write the secret', (path, value, { ifVersion }, signal) => {
      checkPath(path);
      return state.locked(
        'secrets',
        async () => {
          const pointer = await pointerOf(path);
          const standing = pointer === undefined || pointer.destroyed ? null : String(pointer.version);
          if (standing !== ifVersion) throw changed(path, standing);
          signal.throwIfAborted();
          const entry = entryOf(path);
          const version = (pointer?.version ?? 0) + 1;
          await sealed.put(`${entry}/${version}`, value);
          await writePointer({ path, version, destroyed: false });
          await eraseOthers(entry, version);
          return { version: String(version) };
        },
        signal,
      );
    }),
    destroy: acting('destroy the secret', (path, signal) => erase(path, undefined, signal)),
    remove: acting('remove the secret', (path, { ifVersion }, signal) => erase(path, ifVersion, signal)),
    list: looking('list the secrets', async (folder) => {
      const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
      const paths: string[] = [];
      for (const file of await state.list('secrets')) {
        const pointer = await readJson(state, file, parsePointer);
        if (pointer !== undefined && !pointer.destroyed && pointer.path.startsWith(prefix))
          paths.push(pointer.path);
      }
      return paths.sort();
    }),
  };

  /** The pointer first: from then on nobody reads it, whatever is left to erase. */
  async function erase(path: string, ifVersion: string | undefined, signal: AbortSignal): Promise<void> {
    checkPath(path);
    await state.locked(
      'secrets',
      async () => {
        const pointer = await pointerOf(path);
        if (pointer !== undefined && !pointer.destroyed) {
          const standing = String(pointer.version);
          if (ifVersion !== undefined && ifVersion !== standing) throw changed(path, standing);
          await writePointer({ ...pointer, destroyed: true });
        }
        await eraseOthers(entryOf(path), undefined);
      },
      signal,
    );
  }

  async function writePointer(pointer: Pointer): Promise<void> {
    await writeJson(state, fileOf(entryOf(pointer.path)), { schemaVersion: 1, ...pointer });
  }
}

function fileOf(entry: string): string {
  return `secrets/${entry}.json`;
}

function parsePointer(value: unknown): Pointer | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { path, version, destroyed } = value;
  return typeof path === 'string' && typeof version === 'number' && typeof destroyed === 'boolean'
    ? { path, version, destroyed }
    : undefined;
}

function changed(path: string, standing: string | null): BackendError {
  return new BackendError({
    kind: 'conflict',
    what:
      standing === null
        ? `the secret ${path} is not there any more`
        : `the secret ${path} has version ${standing} now, so it was changed by somebody else`,
    hint: 'plan the action again: it will start from what stands there now',
  });
}

function lost(path: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `the value of the secret ${path} is not in the sealed store any more`,
    hint: 'restore the sealed store from a backup, or destroy the secret and deliver it again',
  });
}
