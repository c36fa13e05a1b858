import type { StateFolder } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import type { Need } from '../capabilities.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';

export type Entry = Readonly<Record<string, unknown>>;

/**
 * Where the ledger stands: small entries that are made once and never changed. Names have forward slashes.
 */
export interface Shelf {
  get(name: string, signal: AbortSignal): Promise<Entry | undefined>;
  /** Durable when it returns. False: there is one of that name already, which stays as it is. */
  create(name: string, entry: Entry, signal: AbortSignal): Promise<boolean>;
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** Names behind `folder/`, of the entries right in it. */
  list(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  /** What a login needs there to make and read an entry; absent where no login is needed. */
  needs?(name: string): readonly Need[];
}

/** In the user's state folder: known to this user account alone. */
export function stateShelf(state: StateFolder, folder: string): Shelf {
  const file = (name: string): string => `${folder}/${name}.json`;
  return {
    get: (name) => readJson(state, file(name), (value) => (isRecord(value) ? value : undefined)),
    create: async (name, entry) => {
      if ((await state.read(file(name))) !== undefined) return false;
      await writeJson(state, file(name), entry);
      return true;
    },
    remove: (name) => state.remove(file(name)),
    list: async (within) => {
      const prefix = `${folder}/${within}/`;
      return (await state.list(`${folder}/${within}`)).map((name) =>
        name.slice(prefix.length, -'.json'.length),
      );
    },
  };
}

/** In a kv-v2 mount of the server: known to the whole team; check-and-set keeps two from making one entry. */
export function kvShelf(
  vault: Vault,
  { mount, folder }: { readonly mount: string; readonly folder: string },
): Shelf {
  const data = (name: string): string => apiPath(mount, 'data', folder, name);
  return {
    needs: (name) => [{ path: data(name), capabilities: ['create', 'read'] }],
    async get(name, signal) {
      const answer = await vault.read(data(name), signal);
      const entry = answer?.data['data'];
      return isRecord(entry) ? entry : undefined;
    },
    async create(name, entry, signal) {
      try {
        await vault.write(data(name), { options: { cas: 0 }, data: entry }, signal, { repeatable: false });
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        // A policy that lets entries be made and not changed refuses before it looks at the version.
        const denied = error instanceof BackendError && error.kind === 'forbidden';
        if (denied && (await vault.read(data(name), signal)) !== undefined) return false;
        throw error;
      }
    },
    async remove(name, signal) {
      await vault.remove(apiPath(mount, 'metadata', folder, name), signal);
    },
    list: (within, signal) => vault.list(apiPath(mount, 'metadata', folder, within), signal),
  };
}

/** kv-v2 answers 400 with these words when a check-and-set finds another version. */
export function isTaken(error: unknown): boolean {
  return error instanceof BackendError && error.what.includes('check-and-set parameter did not match');
}
