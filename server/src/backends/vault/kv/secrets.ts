import { BackendError } from '../../errors.ts';
import { isRecord } from '../../jsonFile.ts';
import { checkPath } from '../../secretPath.ts';
import type { Need } from '../capabilities.ts';
import { garbage } from '../client.ts';
import { isTaken } from '../ledger/shelf.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';

export interface KvPlace {
  readonly mount: string;
  /** In front of all paths. */
  readonly folder: string | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Secrets of a kv-v2 mount as the server keeps them: fields, and a version that only grows. */
export interface KvSecrets {
  read(
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly fields: Fields; readonly version: string } | undefined>;
  /** What was written as that version, or why it is gone. */
  readVersion(
    path: string,
    version: string,
    signal: AbortSignal,
  ): Promise<Fields | 'deleted' | 'destroyed' | 'dropped'>;
  /** Check-and-set; null: nothing stands there now. */
  write(
    path: string,
    fields: Fields,
    options: { ifVersion: string | null },
    signal: AbortSignal,
  ): Promise<{ version: string }>;
  /** Every version for good, the newest only if it is that one; the count of versions stays. */
  destroy(path: string, options: { ifVersion: string | undefined }, signal: AbortSignal): Promise<void>;
  list(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  /** What a login needs to deliver there, and to take it away. */
  needs(path: string): Readonly<Record<'deliver' | 'remove', readonly Need[]>>;
  /** Where the values stand, for policies and messages. */
  dataPath(path: string): string;
  /** As a person names it to the server's own program. */
  shownPath(path: string): string;
}

interface Standing {
  readonly fields: Fields | undefined;
  /** 0: nothing was ever written. */
  readonly version: number;
}

export function openKvSecrets(vault: Vault, { mount, folder }: KvPlace): KvSecrets {
  const within = (path: string): readonly string[] => (folder === undefined ? [path] : [folder, path]);
  const at = (what: string, path: string): string => {
    checkPath(path);
    return apiPath(mount, what, ...within(path));
  };

  async function standing(path: string, signal: AbortSignal): Promise<Standing> {
    const place = at('data', path);
    // A version that was deleted is told with status 404 and its metadata.
    const answer = await vault.read(place, signal, { keepMissing: true });
    const metadata = answer?.data['metadata'];
    if (!isRecord(metadata)) {
      if (answer === undefined || answer.status === 404) return { fields: undefined, version: 0 };
      throw garbage(vault.name, place);
    }
    const { version } = metadata;
    const fields = answer?.data['data'];
    if (typeof version !== 'number') throw garbage(vault.name, place);
    return { fields: isRecord(fields) ? fields : undefined, version };
  }

  const versionOf = ({ fields, version }: Standing): string | null =>
    fields === undefined ? null : String(version);

  return {
    dataPath: (path) => at('data', path),
    needs: (path) => ({
      deliver: [{ path: at('data', path), capabilities: ['create', 'read', 'update'] }],
      remove: [
        { path: at('data', path), capabilities: ['read'] },
        { path: at('destroy', path), capabilities: ['update'] },
      ],
    }),
    shownPath: (path) => [mount, ...within(path)].join('/'),
    async read(path, signal) {
      const { fields, version } = await standing(path, signal);
      return fields === undefined ? undefined : { fields, version: String(version) };
    },
    async readVersion(path, version, signal) {
      const place = `${at('data', path)}?version=${versionNumber(version)}`;
      const answer = await vault.read(place, signal, { keepMissing: true });
      const { data: fields, metadata } = answer?.data ?? {};
      if (isRecord(fields)) return fields;
      if (!isRecord(metadata)) return 'dropped';
      return metadata['destroyed'] === true ? 'destroyed' : 'deleted';
    },
    async write(path, fields, { ifVersion }, signal) {
      const place = at('data', path);
      const put = async (cas: number): Promise<{ version: string }> => {
        const answer = await vault.write(place, { options: { cas }, data: fields }, signal);
        const version = answer?.data['version'];
        if (typeof version !== 'number') throw garbage(vault.name, place, true);
        return { version: String(version) };
      };
      try {
        return await put(ifVersion === null ? 0 : versionNumber(ifVersion));
      } catch (error) {
        // A policy that lets secrets be made and not changed refuses before it looks at the version.
        const denied = ifVersion === null && error instanceof BackendError && error.kind === 'forbidden';
        if (!isTaken(error) && !denied) throw error;
        const now = await standing(path, signal);
        if (ifVersion !== null || now.fields !== undefined) throw changed(path, versionOf(now));
        // One that was deleted counts on from its last version.
        if (now.version === 0) throw error;
        return await put(now.version).catch(async (again: unknown) => {
          throw isTaken(again) ? changed(path, versionOf(await standing(path, signal))) : again;
        });
      }
    },
    async destroy(path, { ifVersion }, signal) {
      const before = await standing(path, signal);
      if (before.version === 0) return;
      if (before.fields !== undefined && ifVersion !== undefined && String(before.version) !== ifVersion)
        throw changed(path, versionOf(before));
      // Up to the one that was seen: what somebody writes meanwhile is theirs.
      const versions = Array.from({ length: before.version }, (_, index) => index + 1);
      await vault.write(at('destroy', path), { versions }, signal, { repeatable: true });
    },
    async list(wanted, signal) {
      const found: string[] = [];
      const visit = async (path: string): Promise<void> => {
        const keys = await vault.list(apiPath(mount, 'metadata', ...within(path)), signal);
        const below = keys.map((key) => (path === '' ? key : `${path}/${key}`));
        const leaves = await mapLimited(
          below.filter((each) => !each.endsWith('/')),
          async (each) => ((await standing(each, signal)).fields === undefined ? [] : [each]),
        );
        found.push(...leaves.flat());
        for (const each of below) if (each.endsWith('/')) await visit(each.slice(0, -1));
      };
      await visit(wanted.replace(/\/$/, ''));
      return found.sort();
    },
  };
}

/** A version that no secret has, for text that is no number. */
function versionNumber(text: string | null): number {
  return text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 2_147_483_647;
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
